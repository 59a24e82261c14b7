"""The pages of an original as pictures, drawn in a watched process and kept for a while."""

from __future__ import annotations

import logging
from typing import Final

import streamlit as st

from gdcore import guard
from gdcore.document import Format
from gdcore.errors import OverLimit
from gdcore.readers import drawing
from gdcore.readers.drawing import KINDS as SHOWN
from gdcore.readers.drawing import Box

__all__ = ["NOT_DRAWN", "SHOWN", "Box", "count", "page", "put"]

log = logging.getLogger(__name__)

NOT_DRAWN: Final = "这份原件不能显示成页面，请下载原件查看。"
_KEPT = 32


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def count(digest: str, kind: Format, _original: bytes) -> int:
    """How many pages there are to be seen; 0 where none can be drawn. `digest` stands for the bytes."""
    try:
        return guard.run(drawing.count, kind, _original)
    except (OverLimit, guard.Died, guard.Failed) as error:
        log.error("an original cannot be drawn: %s", error)
        return 0


@st.cache_data(max_entries=_KEPT, show_spinner="正在读取…")
def page(
    digest: str,
    kind: Format,
    _original: bytes,
    number: int,
    boxes: tuple[Box, ...],
    clip: Box | None = None,
    hidden: tuple[Box, ...] = (),
) -> bytes | None:
    """One page as `drawing.page` draws it; None where it cannot be drawn."""
    try:
        return guard.run(drawing.page, kind, _original, number, boxes, clip, hidden)
    except (OverLimit, guard.Died, guard.Failed) as error:
        log.error("page %s of an original cannot be drawn: %s", number, error)
        return None


def put(image: bytes | None, number: int) -> None:
    """Show a page, or say that it cannot be shown."""
    if image is None:
        st.write(NOT_DRAWN)
    else:
        st.image(image, width="stretch", alt=f"原件第 {number} 页")
