"""What was not found in an image is for a person to look at, never a certain fault."""

from dataclasses import replace

from gdcore import profile, settings
from gdcore.checking import Facts, check
from gdcore.document import Document, Paragraph
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.samples import apply, clean, write
from gdcore.verdict import Outcome

NATIONAL = profile.load("national", settings.load({}))


def _seen(document: Document) -> Document:
    """The document as if its prose had been recognised in a picture."""
    blocks = (replace(b, confidence=0.9) if isinstance(b, Paragraph) else b for b in document.blocks)
    return replace(document, blocks=tuple(blocks))


def test_absence_in_an_image_is_doubt_and_a_wrong_sum_is_not() -> None:
    sample = apply(clean("dept", 2023, True), {"drop": ["s6"], "set": {"t4.review.total": "7"}})
    document = read(write(sample, "html"))
    for seen, outcome in ((document, Outcome.FAIL), (_seen(document), Outcome.REVIEW)):
        findings = {f.rule: f.outcome for f in check(Facts(recognise(seen), NATIONAL)).findings}
        assert findings["STR-06"] is outcome
        assert findings["SUM-04"] is Outcome.FAIL
