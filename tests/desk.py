"""What tests of the store share: reports as bytes, a desk in a temporary folder, and processing without processes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gdcore import intake, processing, samples, settings
from gdcore.finding import Finding
from gdcore.judging import Judged
from gdcore.peers import Writing
from gdcore.report import Report
from gdcore.serial import Judgement, pack_judgement, pack_report, pack_writing
from gdcore.settings import Settings
from gdcore.store import Store, open_store
from gdcore.store.rows import BatchView
from gdcore.summary import card_of
from gdcore.verdict import Outcome

EAST = "云泽县东关街道办事处"
BAY = "云泽县白鹭湾镇人民政府"


def report(
    name: str = EAST, year: int = 2023, fmt: str = "txt", kind: str = "subdistrict", seed: int = 0, **change: Any
) -> bytes:
    """A clean report with one change to it: set={address: raw}, drop=[section], replace={old: new}.

    Reports of one seed may be written alike, of two agencies too.
    """
    return samples.write(samples.apply(samples.clean(kind, year, name=name, seed=seed), change), fmt)


def unbalanced(name: str = EAST, year: int = 2023, **change: Any) -> bytes:
    """A report whose table 三 does not add up and whose section 六 is missing."""
    return report(name, year, set={"t3.carried_out.natural_person": "77"}, drop=["s6"], **change)


def settings_in(folder: Path, originals: str = "") -> Settings:
    """Settings of a desk of its own; on the server that GDCORE_DATABASE_URL names, if one is set for the whole run."""
    server = {name: value for name, value in os.environ.items() if name == "GDCORE_DATABASE_URL"}
    return settings.load({"GDCORE_DATA": str(folder), "GDCORE_WORKERS": "1", "GDCORE_ORIGINALS": originals, **server})


def open_desk(folder: Path, originals: str = "") -> Store:
    """An empty store; its originals at this address, if any."""
    return open_store(settings_in(folder, originals))


AtOnce = processing.Here


def judged(
    store: Store, given: Report, findings: Sequence[Finding], outcomes: Mapping[str, Outcome] | None = None
) -> Judged:
    """A report as though it had been judged, with findings made by hand."""
    card = card_of(given, findings, {}, store.scheme)
    judgement = pack_judgement(Judgement(outcomes or {}, {}, card.score))
    return Judged(
        digest=given.digest,
        format=given.format.value,
        report=pack_report(given),
        numbers=pack_report(given.without_places()),
        as_read=None,
        findings=tuple(findings),
        judgement=judgement,
        card=card,
        writing=pack_writing(Writing.of(given)),
        beside="",
        near=(),
        engine="test",
    )


def take(store: Store, *files: tuple[str, bytes], **words: Any) -> BatchView:
    """Files taken in as one batch, to the end."""
    batch_id = intake.submit(store, files, **words)
    view = intake.run_batch(store, batch_id, make=AtOnce)
    assert view is not None
    return view
