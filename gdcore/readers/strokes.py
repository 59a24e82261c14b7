"""A single stroke in a scanned cell, told by its shape: “/” is read as 1 and “—” as 一 or = by those who know letters only."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from gdcore.readers.raster import SCALE, Mask, PixelBox

FLAT: Final = 1.35  # times its height, from which a stroke's width makes it a dash
LOW: Final = 2.6 * SCALE  # pixels of height up to which it is one: focus and grain make it thicker
LONG: Final = 6.0 * SCALE  # pixels of width from which it is a long one
THIN: Final = 0.7  # of the box's width that a slanted stroke takes in any row; the foot and head of a digit take more
SLANTED: Final = 0.25  # to the right for each row upwards, from which a stroke is a slash; no digit 1 leans as much
LEANING: Final = 0.15  # from which it may be one
ROWS: Final = 6  # pixels of height below which nothing is told


def stroke(ink: Mask, box: PixelBox) -> str:
    """“-”, “—” or “/” if the ink in the box is that and no more; “1/” if it may be a slash or a digit; else ""."""
    line = _largest(ink[max(0, box[1]) : box[3], max(0, box[0]) : box[2]])
    if line is None:
        return ""
    height, width = line.shape
    if width >= FLAT * height and height <= LOW:
        return "—" if width >= LONG else "-"
    if height < ROWS:
        return ""
    columns = [np.flatnonzero(row) for row in line]
    spans = np.array([found[-1] - found[0] + 1 for found in columns])
    middles = np.array([(found[0] + found[-1]) / 2 for found in columns])
    lean = -float(np.polyfit(np.arange(height), middles, 1)[0])
    thin = np.quantile(spans, 0.95) <= max(THIN * width, 3)
    return "/" if lean >= SLANTED and thin else "1/" if lean >= LEANING else ""


def _largest(ink: Mask) -> Mask | None:
    """The only piece of ink cut out, without the dust around it; None where there is none or a second of its size."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    areas = sorted(((int(stats[n][4]), n) for n in range(1, count)), reverse=True)
    if not areas or (len(areas) > 1 and areas[1][0] > areas[0][0] // 4):
        return None
    x, y, width, height = (int(v) for v in stats[areas[0][1]][:4])
    return np.asarray(labels[y : y + height, x : x + width] == areas[0][1], dtype=np.uint8)
