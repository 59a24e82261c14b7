"""The questions that pages, exports and verbs ask of the store, and the commands that change decisions: one door.

Every function takes a `Store` first (`gdcore.store.open_store(settings)`); the types of the answers are in
`gdcore.store.rows`. What needs checking again is in `gdcore.intake`, since the store knows no rules: `submit`,
`confirm_identity(store, intake_id, agency, year, agency_type)` and
`correct_identity(store, report_id, agency, year, agency_type)`.
"""

from gdcore.store.agency_lists import (
    agency_count,
    agency_page,
    filing_counts,
    find_agencies,
    first_filed,
    gaps,
    matrix_page,
    names_of,
    shared_area,
)
from gdcore.store.comparison_rows import alike, version_marks
from gdcore.store.decisions import amend, annotate, decide, decide_each, end_waivers, history, origins, return_reports
from gdcore.store.finding_rows import findings, iter_findings
from gdcore.store.intake_rows import batch, dismiss_files, latest_batch, refused, waiting
from gdcore.store.ledger_rows import iter_ledger, ledger, lines
from gdcore.store.progress import filing, filing_history, filing_origins, filings, move_each, move_filings
from gdcore.store.publication_rows import looks as publication_looks
from gdcore.store.publication_rows import publications
from gdcore.store.publication_rows import register as register_publications
from gdcore.store.report_rows import original, report_view
from gdcore.store.roster import agency_names, find_agency, listed_count, names_stamp, scopes
from gdcore.store.roster import listing as roster
from gdcore.store.samples import clear_samples, has_samples
from gdcore.store.total_rows import tally_of, total_choices, total_scope, totals
from gdcore.store.year_rows import agencies, frequent_faults, is_empty, matrix, overview, rule_counts, trend, years

__all__ = [
    "agencies",
    "agency_count",
    "agency_names",
    "agency_page",
    "alike",
    "amend",
    "annotate",
    "batch",
    "clear_samples",
    "decide",
    "decide_each",
    "dismiss_files",
    "end_waivers",
    "filing",
    "filing_counts",
    "filing_history",
    "filing_origins",
    "filings",
    "find_agencies",
    "find_agency",
    "findings",
    "first_filed",
    "frequent_faults",
    "gaps",
    "has_samples",
    "history",
    "is_empty",
    "iter_findings",
    "iter_ledger",
    "latest_batch",
    "ledger",
    "lines",
    "listed_count",
    "matrix",
    "matrix_page",
    "move_each",
    "move_filings",
    "names_of",
    "names_stamp",
    "original",
    "origins",
    "overview",
    "publication_looks",
    "publications",
    "refused",
    "register_publications",
    "report_view",
    "return_reports",
    "roster",
    "rule_counts",
    "scopes",
    "shared_area",
    "tally_of",
    "total_choices",
    "total_scope",
    "totals",
    "trend",
    "version_marks",
    "waiting",
    "years",
]
