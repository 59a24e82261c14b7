"""The shipped samples in a desk of their own, some of them decided: what pictures and accessibility are looked at on."""

from datetime import date, timedelta
from pathlib import Path

from app_server import ROOT

from gdcore import intake, settings
from gdcore.store import Store, open_store, queries
from gdcore.store.rows import Duty, FindingFilter

YEAR, ACTOR = 2025, "王审核"
EACH = 3  # findings that reach each stage of the ledger


def load(folder: Path) -> None:
    """The shipped sample reports."""
    store = open_store(settings.load({"GDCORE_DATA": str(folder)}))
    files = sorted(p for p in (ROOT / "data" / "reports").glob("*") if p.suffix != ".json")
    intake.run_batch(store, intake.submit(store, [(p.name, p.read_bytes()) for p in files], sample=True))
    _decide(store)
    store.close()


def _decide(store: Store) -> None:
    """Findings at every stage of the ledger, some of them late, and a report that was returned."""
    found = [row for row in queries.iter_findings(store, FindingFilter(year=YEAR)) if row.standing == "error"]
    kept = [row.finding.fingerprint for row in found][: 5 * EACH]
    late, soon, done = kept[EACH : 2 * EACH], kept[2 * EACH : 3 * EACH], kept[3 * EACH : 4 * EACH]
    queries.decide(store, kept, "confirmed", ACTOR)
    for part, days in ((late, -6), (soon, 2), (done, 9)):
        duty = Duty(due=date.today() + timedelta(days=days), responsible="李经办", demand="请核对后更正。")
        queries.decide(store, part, "issued", ACTOR, duty=duty)
    queries.decide(store, soon[:1], "correcting", ACTOR)
    queries.decide(store, done, "corrected", ACTOR, "单位已书面更正")
    queries.decide(store, done[:1], "closed", "赵复核", "已核对修改稿", duty=Duty(evidence="第 2 版"))
    ends = Duty(waiver_until=date.today() + timedelta(days=60))
    queries.decide(store, late[:1], "waiver_requested", ACTOR, "历史数据无法补录", duty=ends)
    filed = list(queries.filings(store, YEAR))
    queries.move_filings(store, filed[:2], YEAR, "in_review", ACTOR)
