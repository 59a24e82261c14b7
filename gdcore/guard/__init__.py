"""Work on files of unknown origin, done in watched processes: bounded in time, memory and size, and without a network.

`Pool` is an executor whose tasks run in such processes, `run` does one task for a page or a command. Inside of them a
reader may ask for `more` where a file honestly needs it.
"""

from gdcore.guard.limits import Died, Failed, Limits, lack_of_memory, more
from gdcore.guard.pool import READERS, Pool, run

__all__ = ["READERS", "Died", "Failed", "Limits", "Pool", "lack_of_memory", "more", "run"]
