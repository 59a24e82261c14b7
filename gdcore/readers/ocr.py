"""Finding and reading printed lines in an image by rapidocr, whose models come with it. Needs the extra `ocr`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_rec import TextRecInput

from gdcore.readers.raster import Gray, PixelBox, resized

THREADS: Final = 2  # of one process: several files are read at once
FIND_SCALE: Final = 150 / 72  # pixels a point at which lines are looked for; they are read at full size
BAND: Final = 2600  # pixels of height that are searched at once
LOOKED_FOR: Final = 0.45  # score of the detector from which a box is taken

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a printed line says. `confidence` is its mean over all characters, or that of its least certain digit."""

    text: str
    confidence: float


NOTHING: Final = Reading("", 0.0)


@cache
def _engine() -> Any:
    """The engine, made once a process: its models take a second to load."""
    threads = "EngineConfig.onnxruntime"
    return RapidOCR(
        params={
            f"{threads}.intra_op_num_threads": THREADS,
            f"{threads}.inter_op_num_threads": 1,
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": 4000,
            "Global.text_score": 0.0,
            "Det.box_thresh": LOOKED_FOR,
            "Rec.rec_img_shape": [3, 48, 48],  # numbers are short, and padding costs as much as text
        }
    )


def find(gray: Gray, scale: float) -> list[PixelBox]:
    """The boxes of the lines printed on a straight page of `scale` pixels a point."""
    factor = min(1.0, FIND_SCALE / scale)
    small = resized(gray, factor)
    boxes = []
    for top, bottom in _bands(small):
        with _lock:
            result = _engine()(_colour(small[top:bottom]), use_det=True, use_cls=False, use_rec=False)
        if result.boxes is None:
            continue
        for quad in result.boxes:  # its corners go around from the upper left
            x0, x1 = (quad[0][0] + quad[3][0]) / 2, (quad[1][0] + quad[2][0]) / 2
            y0, y1 = (quad[0][1] + quad[1][1]) / 2 + top, (quad[2][1] + quad[3][1]) / 2 + top
            boxes.append((round(x0 / factor), round(y0 / factor), round(x1 / factor), round(y1 / factor)))
    return boxes


def _bands(gray: Gray) -> Iterator[tuple[int, int]]:
    """The page in pieces of bounded height, cut where a row holds the least ink."""
    top, height = 0, gray.shape[0]
    while height - top > BAND:
        rows = gray[top + BAND // 2 : top + BAND].astype(np.float32).mean(axis=1)
        cut = top + BAND // 2 + int(rows.argmax())
        yield top, cut
        top = cut
    yield top, height


def read(crops: Sequence[Gray]) -> list[Reading]:
    """What each crop, holding one line, says."""
    if not crops:
        return []
    with _lock:
        engine = _engine()
        if engine.text_rec is None:  # it is loaded with the first line read
            engine(_colour(crops[0]), use_det=False, use_cls=False, use_rec=True)
        result = engine.text_rec(TextRecInput(img=[_colour(crop) for crop in crops], return_word_box=True))
    return [_reading(text, info.confs) for text, info in zip(result.txts, result.word_results, strict=True)]


def _reading(text: str, scores: Sequence[float]) -> Reading:
    if not text.strip():
        return NOTHING
    digits = [score for char, score in zip(text, scores, strict=True) if char.isdigit()]
    return Reading(text.strip(), float(min([*digits, sum(scores) / len(scores)])))


def _colour(gray: Gray) -> Gray:
    return np.repeat(gray[:, :, np.newaxis], 3, axis=2)
