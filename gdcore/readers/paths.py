"""Where the objects of an OFD page stand: numbers, matrices, distances between characters, paths to strokes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gdcore.readers.layout import Box
from gdcore.readers.sight import THICK

MAX_REPEAT: Final = 30_000  # distances that one list may stand for
POINTS: Final = 72 / 25.4  # a millimetre in points

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_TOKEN = re.compile(rf"[A-Za-z](?![-+.\d])|[gSMLQBAC]|{_NUMBER.pattern}")
_FARTHEST = 1e5  # millimetres
# How many numbers follow each command of a path; the last two are the point that it leads to.
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}

Point = tuple[float, float]


def numbers(text: str | None) -> list[float]:
    """The numbers in an attribute; what is out of any page's reach counts as 0."""
    found = (float(number) for number in _NUMBER.findall(text or ""))
    return [number if math.isfinite(number) and abs(number) < _FARTHEST else 0.0 for number in found]


def rectangle(text: str | None) -> Box | None:
    """An attribute "x y width height" as x0, top, x1, bottom in millimetres; None if it is none."""
    found = numbers(text)
    if len(found) != 4:
        return None
    x, y, width, height = found
    return x, y, x + width, y + height


def distances(text: str | None, count: int) -> list[float]:
    """DeltaX or DeltaY: `count` distances from one character to the next; "g 3 2.5" stands for 2.5 2.5 2.5."""
    words, found = (text or "").split(), list[float]()
    at = 0
    while at < len(words) and len(found) < min(count, MAX_REPEAT):
        if words[at] == "g" and at + 2 < len(words):
            times = words[at + 1]
            repeat = int(times) if times.isdecimal() and len(times) < 6 else 0
            found += numbers(words[at + 2])[:1] * min(repeat, count)
            at += 3
        else:
            found += numbers(words[at])[:1]
            at += 1
    return found[:count]


@dataclass(frozen=True, slots=True)
class Matrix:
    """From an object's own coordinates to those of the page, both in millimetres, downwards."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def point(self, x: float, y: float) -> Point:
        """Where (x, y) comes to stand on the page, in points."""
        return (
            (self.a * x + self.c * y + self.e) * POINTS,
            (self.b * x + self.d * y + self.f) * POINTS,
        )


def placing(transformation: str | None, boundary: Box) -> Matrix:
    """The matrix of an object: its CTM, then its Boundary's upper left corner."""
    own = numbers(transformation)
    a, b, c, d, e, f = own if len(own) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return Matrix(a, b, c, d, e + boundary[0], f + boundary[1])


def strokes(data: str, matrix: Matrix, stroked: bool) -> Iterator[Box]:
    """The box of each straight stroke of a path; an area is one where it is thin, else its outline where painted."""
    for corners, straight in _subpaths(data, matrix):
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        box = (min(xs), min(ys), max(xs), max(ys))
        if min(box[2] - box[0], box[3] - box[1]) <= THICK and all(straight):
            yield box
        elif stroked:
            for ((ax, ay), (bx, by)), plain in zip(pairwise(corners), straight, strict=True):
                if plain:
                    yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _subpaths(data: str, matrix: Matrix) -> Iterator[tuple[list[Point], list[bool]]]:
    """The corners of each part of a path, and whether a straight line leads from each to the next."""
    corners: list[Point] = []
    straight: list[bool] = []
    for command, operands in _commands(data):
        if command in "SM":
            if len(corners) > 1:
                yield corners, straight
            corners, straight = [matrix.point(*operands)], []
        elif corners and command == "C":
            corners.append(corners[0])
            straight.append(True)
        elif corners:
            corners.append(matrix.point(*operands[-2:]))
            straight.append(command == "L")
    if len(corners) > 1:
        yield corners, straight


def _commands(data: str) -> Iterator[tuple[str, Sequence[float]]]:
    """Each command with its numbers; what is incomplete or unknown is left out."""
    tokens = _TOKEN.findall(data)
    at = 0
    while at < len(tokens):
        command, count = tokens[at], _OPERANDS.get(tokens[at], 0)
        operands = tokens[at + 1 : at + 1 + count]
        at += 1
        if command == "C":
            yield command, ()
        elif count and len(operands) == count and all(_NUMBER.fullmatch(word) for word in operands):
            yield command, [number for word in operands for number in numbers(word)]
            at += count
