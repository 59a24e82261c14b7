"""What a poor scanner sees of drawn pages: 150 dpi, skewed, soft, grainy, in JPEG; as a PDF of pictures and as pictures."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

DPI = 150
SKEW = 1.5  # degrees to either side, at most
NOISE = (6.0, 12.0)  # of 255, standard deviation
QUALITY = (60, 75)  # of JPEG


def scanned(pdf: bytes, ending: str, seed: int, clockwise: int = 0) -> bytes:
    """The pages as pictures in a PDF, or the first of them as a PNG or JPEG; turned by so many right angles."""
    dice = random.Random(seed)
    with pypdfium2.PdfDocument(pdf) as file:  # type: ignore[no-untyped-call]
        pages = [degraded(page.render(scale=DPI / 72).to_pil(), dice) for page in file]
    pages = [page.rotate(-90 * clockwise, expand=True) for page in pages]
    return _saved(pages, ending, dice)


def degraded(page: Image.Image, dice: random.Random) -> Image.Image:
    """A page laid down askew, out of focus, under dust."""
    skewed = page.convert("L").rotate(dice.uniform(-SKEW, SKEW), resample=Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(skewed.filter(ImageFilter.GaussianBlur(dice.uniform(0.2, 0.6))), dtype=float)
    grain = np.random.default_rng(dice.randrange(1 << 30)).normal(0, dice.uniform(*NOISE), soft.shape)
    return Image.fromarray(np.clip(soft * dice.uniform(0.9, 1.0) + grain, 0, 255).astype(np.uint8))


def _saved(pages: Sequence[Image.Image], ending: str, dice: random.Random) -> bytes:
    rough = [Image.open(io.BytesIO(_jpeg(page, dice.randint(*QUALITY)))) for page in pages]
    out = io.BytesIO()
    if ending == "pdf":
        rough[0].save(out, "PDF", save_all=True, append_images=rough[1:], resolution=DPI)
    elif ending == "png":
        rough[0].save(out, "PNG")
    else:
        out.write(_jpeg(pages[0], dice.randint(*QUALITY)))
    return out.getvalue()


def _jpeg(page: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality)
    return out.getvalue()
