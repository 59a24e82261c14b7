"""Reports that this process read lately and that are still to be judged: whoever has them here need not unpack them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from gdcore.report import Report
from gdcore.serial import unpack_report

MOST: Final = 32  # of those that are soon judged some twenty wait; governments wait for the end of a batch
_kept: OrderedDict[bytes, Report] = OrderedDict()


def keep(packed: bytes, report: Report) -> None:
    """Keep a report that was packed as these bytes until it is taken, or until as many as MOST came after it."""
    _kept[packed] = report
    if len(_kept) > MOST:
        _kept.popitem(last=False)


def take(packed: bytes) -> Report:
    """The report of these bytes: the one that is kept, which goes with this, else unpacked."""
    return _kept.pop(packed, None) or unpack_report(packed)
