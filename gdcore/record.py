"""Frozen dataclasses that are quick to make, and enumerations whose members are quick to reach.

Mypy keeps records from being changed; the interpreter is not asked to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["at_hand", "record"]

E = TypeVar("E", bound=type[Enum])

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Any:
        """`dataclass(frozen=True, slots=True)` for what is made by the thousand: guarded assignment takes four times as long.

        For verdicts, figures, places and the like; what is made a few times stays a dataclass.
        """
        return dataclass(slots=slots, unsafe_hash=frozen)


def at_hand(kind: E) -> E:
    """Make the members of an enumeration plain attributes of it, as they are from Python 3.12 on.

    In 3.11 each `Outcome.PASS` runs code of the enum module, twenty times as long as an attribute takes.
    """
    for name, member in kind.__members__.items():
        type.__setattr__(kind, name, member)
    return kind
