"""What a format's reader hands back: the blocks, and what the file says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gdcore.document import Block


@dataclass(frozen=True, slots=True)
class Content:
    """The part of a Document that depends on the format; the caller adds digest and format."""

    blocks: tuple[Block, ...]
    title: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
