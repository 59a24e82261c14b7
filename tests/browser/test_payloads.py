"""Texts that came from files or people stay texts: on every page, in every workbook, table and letter."""

import csv
import io
import re
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, urlparse

import docx
import openpyxl
import pytest
from app_server import ROOT, chromium, served, settled

from gdcore.exports import csv as findings_csv
from gdcore.exports import ledger as ledger_xlsx
from gdcore.exports import letters
from gdcore.exports import xlsx as findings_xlsx
from gdcore.store import queries
from gdcore.store.rows import FindingFilter, LedgerFilter
from gdcore.ui.shell import ENTRIES

sys.path.insert(0, str(ROOT / "tests" / "trust"))
sys.path.insert(0, str(ROOT / "tests"))
import desk
import payloads

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

# What no text may have become: elements and attributes that act, links that leave, and pictures from elsewhere.
ACTING = """() => [...document.querySelectorAll(
    'iframe[srcdoc], object, embed, base, marquee, math, meta[http-equiv=refresh], form[action], ' +
    '[onerror], [onload], [onclick], [onmouseover], [onfocus], [ontoggle], [onstart], [onbegin], ' +
    '[href^="javascript:"], [href^="http://evil.invalid"], [href^="//evil.invalid"], ' +
    '[src*="evil.invalid"], [style*="evil.invalid"]'
)].map(e => e.outerHTML.slice(0, 200))"""
CRASHES = "() => [...document.querySelectorAll('[data-testid=stException]')].map(e => e.innerText.slice(0, 300))"


@dataclass
class Seen:
    """What a browser noticed while pages were looked at."""

    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    folder = tmp_path_factory.mktemp("payloads")
    store = desk.open_desk(folder)
    holders = payloads.full(store)
    yield folder, store, holders
    store.close()


@pytest.fixture(scope="module")
def address(full):
    with served(full[0]) as started:
        yield started


@pytest.fixture(scope="module")
def opened(address):
    seen = Seen()
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        context.set_default_timeout(60_000)
        context.expose_function("pwned", lambda *_: seen.ran.append("pwned"))
        page = context.new_page()
        page.on("dialog", lambda dialog: (seen.ran.append(dialog.message), dialog.dismiss()))
        context.on("request", lambda r: _outside(r.url) and seen.asked.append(r.url))
        yield page, seen
        browser.close()


def _outside(url):
    return url.startswith("http") and urlparse(url).hostname != "127.0.0.1"


def _looked_at(opened, where):
    """The text of a page that was opened; it must not have done anything."""
    page, seen = opened
    page.goto(where)
    settled(page)
    assert seen.ran == []
    assert seen.asked == []
    assert page.evaluate(CRASHES) == []
    assert page.evaluate(ACTING) == []
    said = page.locator("body").inner_text()
    assert not [result for result in payloads.EVALUATED if result in said]
    return said


def test_a_script_that_runs_would_be_noticed(opened):
    page, seen = opened
    page.set_content("<img src=x onerror=pwned()><img src=http://evil.invalid/a.png><a href=javascript:pwned()>点</a>")
    page.wait_for_timeout(1000)
    assert seen.ran
    assert "http://evil.invalid/a.png" in seen.asked
    assert len(page.evaluate(ACTING)) == 3
    seen.ran.clear(), seen.asked.clear()


@pytest.mark.parametrize("entry", [entry.key for entry in ENTRIES])
def test_a_page_shows_texts_as_texts(entry, opened, address):
    assert _looked_at(opened, f"{address}/{entry}?year={payloads.YEAR}")


def test_every_report_shows_its_texts_as_they_are_written(opened, address, full):
    shown = ""
    for key in full[2]:
        shown += _looked_at(opened, f"{address}/report?year={payloads.YEAR}&agency={quote(key, safe='')}&view=all")
    shown = re.sub(r"\s+", "", shown)
    printed = [p for p in payloads.PAYLOADS if p.isprintable() and len(p) < 100]
    missing = [p for p in printed if re.sub(r"\s+", "", p) not in shown]
    assert len(printed) > 150
    assert missing == []


def test_no_cell_of_a_table_for_excel_is_a_formula(full):
    _, store, _ = full
    found = list(queries.iter_findings(store, FindingFilter(year=payloads.YEAR)))
    rows = list(csv.reader(io.StringIO(b"".join(findings_csv.of_store(found)).decode("utf-8-sig"))))
    assert len(rows) == len(found) + 1
    assert not [cell for row in rows for cell in row if _is_formula(cell)]


def _is_formula(cell):
    return cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"[-+]?[\d.]+", cell)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(full):
    _, store, _ = full
    found = list(queries.iter_findings(store, FindingFilter(year=payloads.YEAR)))
    lines = list(queries.iter_ledger(store, LedgerFilter(payloads.YEAR, date(2024, 2, 1), date(2024, 2, 8))))
    assert len(lines) >= len(payloads.PAYLOADS) / 2
    for made in (findings_xlsx.of_store(found), ledger_xlsx.pieces(lines, payloads.YEAR, {})):
        data = b"".join(made)
        cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet for cell in row]
        assert len(cells) > 100
        assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
        assert _targets_outside(data) == []


def _targets_outside(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        relations = [package.read(name).decode() for name in package.namelist() if name.endswith(".rels")]
    return [text for text in relations if 'TargetMode="External"' in text]


def test_letters_say_texts_as_they_are_and_lie_in_plain_files(full):
    _, store, holders = full
    terms = letters.Terms(payloads.YEAR, date(2024, 3, 1), date(2024, 2, 1))
    made = list(letters.return_notices(store, terms))
    packed = io.BytesIO()
    letters.pack(made, packed)
    assert len(made) > len(holders) / 2
    for name in zipfile.ZipFile(packed).namelist():
        assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', name), name
        assert not name.startswith((".", "-", "~", "=")), name
    for letter in made:
        assert _targets_outside(letter.data) == []
        words = _words(docx.Document(io.BytesIO(letter.data)))
        assert not [result for result in payloads.EVALUATED if result in words]
    assert any("<script>pwned()</script>" in _words(docx.Document(io.BytesIO(letter.data))) for letter in made)


def _words(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_log_of_the_server_holds_nothing_of_what_reports_say(full, address):
    assert "pwned" not in (full[0] / "server.log").read_text(errors="replace")
