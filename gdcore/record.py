"""Frozen dataclasses that are quick to make: mypy keeps them from being changed, the interpreter is not asked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Any:
        """`dataclass(frozen=True, slots=True)` for what is made by the thousand: guarded assignment takes four times as long.

        For verdicts, figures, places and the like; what is made a few times stays a dataclass.
        """
        return dataclass(slots=slots, unsafe_hash=frozen)
