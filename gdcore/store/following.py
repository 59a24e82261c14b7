"""What a further version does to findings that were decided: gone ones are proposed for 销号, closed ones reappear."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from gdcore.judging import Judged
from gdcore.lifecycle import ON_GONE, ON_RETURN, PROGRAM
from gdcore.serial import unpack_judgement
from gdcore.store import states
from gdcore.store.states import Move
from gdcore.store.tables import FINDING_STATE
from gdcore.verdict import Outcome

# A rule that came to one of these looked at the new version; any other says nothing about a fault being mended.
_LOOKED = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.REVIEW})


def follow(connection: Connection, agency_key: str, year: int, version: int, judged: Judged) -> None:
    """Move the decided findings of an agency's year by a new version, as it was judged.

    Only what a rule looked at again counts as gone: what could not be read in the new version stays open.
    """
    lines = connection.execute(
        select(FINDING_STATE).where(FINDING_STATE.c.agency_key == agency_key, FINDING_STATE.c.year == year)
    ).all()
    if lines:
        found = {finding.fingerprint for finding in judged.findings}
        outcomes = unpack_judgement(judged.judgement).outcomes
        states.write(connection, list(_moves(lines, version, found, outcomes)), PROGRAM)


def _moves(
    lines: Collection[Any], version: int, found: Collection[str], outcomes: Mapping[str, Outcome]
) -> Iterator[Move]:
    for line in lines:
        if line.fingerprint in found:
            if line.state in ON_RETURN:
                again = {"finished_at": None, "verified_by": None, "evidence": None}
                target = ON_RETURN[line.state]
                yield Move(line.fingerprint, line.state, target, f"第 {version} 版中仍有或重现", values=again)
        elif line.state in ON_GONE and outcomes.get(line.rule) in _LOOKED:
            shown = {"evidence": f"第 {version} 版"}
            yield Move(line.fingerprint, line.state, ON_GONE[line.state], f"第 {version} 版中已消失", values=shown)
