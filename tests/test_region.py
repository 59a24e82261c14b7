"""What people of one county see: nothing of the other, by whatever question, link, file or page it is asked for."""

import inspect
import io
import zipfile
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import unquote

import counties
import desk
import pytest
from counties import CITY, FOREIGN, OWN, YEAR
from showing import ROOT, alone, words
from streamlit.testing.v1 import AppTest

from gdcore import rounds, settings
from gdcore.exports import letters as files
from gdcore.exports.letters import Terms
from gdcore.roles import Person, Role
from gdcore.store import people, queries
from gdcore.store.agency_lists import AgencyFilter
from gdcore.store.people import NotPresent, Token
from gdcore.store.rows import FindingFilter, LedgerFilter
from gdcore.ui import entry, person, query, shell
from gdcore.ui.today import MATRIX_SHOWS

TODAY = date.today()
LEDGER = LedgerFilter(YEAR, TODAY, TODAY + timedelta(days=9))
# Asked about nothing that belongs to anyone.
NOBODYS = {"due_year", "refresh", "current_profile", "calendar", "scheme", "end_waivers", "within", "words", "store"}
AUTH = {
    "redirect_uri": "https://desk.example/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "desk",
    "client_secret": "secret",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}
CLAIMS = {"is_logged_in": True, "iss": "https://id.example", "sub": "s1", "email": "zl@city.example"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("region")
    opened = counties.filled(folder)
    # two offices of one mind, each in its county: their findings name each other
    for name in (OWN, FOREIGN):
        text = desk.report(
            f"{OWN}司法局", YEAR, kind="dept", seed=5, **({} if name == OWN else {"replace": {OWN: name}})
        )
        desk.take(opened, (f"{name}丁.txt", text))
    yield opened
    opened.close()


@pytest.fixture(params=[query.MANY, 2], ids=["few", "many"])
def store(filled, monkeypatch, request):
    """The counties, in force for pages; once more as if they had so many agencies that lists come in pages."""
    monkeypatch.setenv("GDCORE_DATA", str(filled.settings.data))
    monkeypatch.setattr(query, "MANY", request.param)
    query.refresh_roster()
    yield query.store()
    query.refresh_roster()


@pytest.fixture
def as_one(store):
    """Speaks as someone for a while."""

    @contextmanager
    def speaking(who):
        bound = person._speaking.set(lambda: who)
        try:
            yield
        finally:
            person._speaking.reset(bound)

    return speaking


@pytest.fixture
def seen_by(store, as_one):
    """Asks questions as someone."""

    def asking(who):
        with as_one(who):
            return {name: [ask() for ask in asked] for name, asked in questions(store).items()}

    return asking


def questions(store):
    """Every question of the query layer, asked for everything and for what is foreign."""
    own, foreign = counties.county(store, OWN), counties.county(store, FOREIGN)
    marks = (*foreign.findings, *own.findings)
    look = queries.publication_looks(store, foreign.agencies[2], YEAR)[0]
    batches = [store_batch(store, key) for key in ("L", "Y")]
    scoped = [None, "L", "Q", "Y"]
    return {
        "years": [query.years],
        "is_empty": [query.is_empty],
        "has_samples": [query.has_samples],
        "scopes": [lambda: query.scopes(YEAR)],
        "overview": [lambda s=s: query.overview(YEAR, s) for s in scoped],
        "matrix": [lambda s=s: query.matrix(YEAR, s) for s in scoped],
        "matrix_row": [lambda k=k: query.matrix_row(k, YEAR) for k in foreign.agencies],
        "frequent_faults": [lambda s=s: query.frequent_faults(YEAR, s) for s in scoped],
        "trend": [lambda s=s: query.trend(s) for s in scoped],
        "agencies": [lambda s=s: query.agencies(YEAR, scope=s) for s in scoped] + [lambda: query.agencies(YEAR, q="柳林")],
        "key_of": [lambda n=n: query.key_of(n) for n in (f"{FOREIGN}教育局", f"{OWN}教育局")],
        "agency_names": [lambda s=s: query.agency_names(s) for s in scoped],
        "roster": [query.roster, lambda: query.roster("局", 9), lambda: query.roster(FOREIGN, 9)],
        "roster_counts": [query.roster_counts],
        "many": [lambda s=s: query.many(s) for s in scoped],
        "area": [lambda s=s: query.area(s) for s in scoped],
        "find_agencies": [lambda w=w, s=s: query.find_agencies(w, s) for w in ("局", FOREIGN, CITY) for s in scoped],
        "names_of": [lambda: query.names_of(("Q", "QJ", "L", *foreign.agencies)), lambda: query.names_of(("L0", "Y0"))],
        "first_filed": [lambda s=s: query.first_filed(YEAR, s) for s in scoped],
        "agency_page": [lambda f=f: query.agency_page(f, size=50) for f in pages(scoped)],
        "matrix_page": [lambda w=w, s=s: query.matrix_page(YEAR, w, TODAY, s, 1, 50) for w in MATRIX_SHOWS for s in scoped],
        "gaps": [lambda s=s: query.gaps(YEAR, s) for s in scoped],
        "filings_of": [lambda: query.filings_of(YEAR, (*foreign.agencies, *own.agencies))],
        "filing_counts": [lambda s=s: query.filing_counts(YEAR, s) for s in scoped],
        "report_view": [lambda k=k, v=v, s=s: query.report_view(k, YEAR, v, s) for k in foreign.agencies for v in (None, 1) for s in scoped]
        + [lambda k=k: query.report_view(k, YEAR) for k in own.agencies],
        "version_marks": [lambda k=k: query.version_marks(k, YEAR) for k in foreign.agencies],
        "alike": [lambda s=s: query.alike(YEAR, 0.1, s) for s in scoped],
        "findings": [lambda f=f: query.findings(f) for f in filters(foreign)],
        "every_finding": [lambda f=f: query.every_finding(f) for f in filters(foreign)],
        "iter_findings": [lambda f=f: list(query.iter_findings(f)) for f in filters(foreign)],
        "waiting": [query.waiting],
        "refused": [query.refused] + [lambda b=b: query.refused(b) for b in batches],
        "batch": [lambda: query.batch(None)] + [lambda b=b: query.batch(b) for b in batches],
        "rule_counts": [lambda s=s: query.rule_counts(YEAR, s) for s in scoped],
        "total_choices": [lambda: query.total_choices(YEAR)],
        "total_scope": [lambda k=k: query.total_scope(YEAR, k, "") for k in ("L", "Q", "Y", "")]
        + [lambda: query.total_scope(YEAR, "", FOREIGN)],
        "totals": [lambda: query.totals(YEAR, query.total_scope(YEAR, "Y", ""))],
        "publications": [lambda s=s: query.publications(YEAR, s) for s in scoped] + [lambda: query.publications(YEAR, None, FOREIGN, 9)],
        "publication_looks": [lambda k=k: query.publication_looks(k, YEAR) for k in foreign.agencies],
        "looked_at": [lambda: query.looked_at(look)],
        "pasted": [lambda: query.pasted(f"{FOREIGN[:0]}{name_of(foreign)} http://l.example/")],
        "round_of_looks": [query.round_of_looks],
        "original": [lambda r=r: query.original(r) for r in (foreign.faulty, foreign.clean, foreign.passed)],
        "recipients": [lambda: query.recipients(YEAR, ("confirmed",)), lambda: query.recipients(YEAR, ("confirmed",), foreign.agencies)],
        "undecided": [lambda: query.undecided(YEAR), lambda: query.undecided(YEAR, foreign.agencies)],
        "staff": [query.staff],
        "ledger": [lambda: query.ledger(LEDGER)],
        "every_line": [lambda: query.every_line(LEDGER)],
        "iter_ledger": [lambda: list(query.iter_ledger(LEDGER))],
        "lines": [lambda: query.lines(marks)],
        "origins": [lambda: query.origins(marks)],
        "history": [lambda m=m: query.history(m) for m in foreign.findings],
        "filings": [lambda: query.filings(YEAR)],
        "filing": [lambda k=k: query.filing(k, YEAR) for k in foreign.agencies],
        "filing_origins": [lambda: query.filing_origins(foreign.agencies, YEAR)],
        "filing_history": [lambda k=k: query.filing_history(k, YEAR) for k in foreign.agencies],
    }  # fmt: skip


def pages(scoped):
    some = [{}, {"q": FOREIGN}, {"q": "局"}, {"rules": ("STR-06", "QUA-02")}, {"kinds": ("dept",)}, {"band": 0.0}]
    some += [{"states": ("not_filed", "filed")}, {"states": ("approved",)}]
    return [AgencyFilter(YEAR, scope=s, **filters) for s in scoped for filters in some]


def name_of(county):
    return f"{county.name}教育局"


def store_batch(store, key):
    return queries.latest_batch(store, key).batch_id


def filters(foreign):
    return [
        FindingFilter(),
        FindingFilter(year=YEAR),
        FindingFilter(year=YEAR, scope="L"),
        FindingFilter(year=YEAR, scope="Q"),
        FindingFilter(fingerprints=foreign.findings),
        FindingFilter(report_id=foreign.faulty),
        FindingFilter(agencies=foreign.agencies),
        FindingFilter(agency="柳林"),
        FindingFilter(q="柳林"),
    ]


@pytest.fixture
def foreign_words(store):
    """What would tell of the other county or of the city: names, people, files, fingerprints."""
    foreign = counties.county(store, FOREIGN)
    return (FOREIGN, CITY, *foreign.findings, "l.example")


REVIEWER = Person("周岚", Role.REVIEWER, "Y", 7, "云泽县人民政府")
CHIEF = Person("总管", Role.ADMIN, None, 8)
ADMIN = Person("县管", Role.ADMIN, "Y", 9, "云泽县人民政府")


def test_every_question_is_asked_here(store):
    asked = {
        name
        for name, value in vars(query).items()
        if inspect.isfunction(value) and value.__module__ == query.__name__ and not name.startswith("_")
    }
    assert asked - NOBODYS == set(questions(store))


@pytest.mark.parametrize("who", [REVIEWER, ADMIN], ids=["reviewer", "admin"])
def test_no_answer_tells_of_another_county(seen_by, foreign_words, who):
    everything = repr(seen_by(CHIEF))
    assert all(word in everything for word in foreign_words)  # the questions would tell it
    for name, answers in seen_by(who).items():
        found = [word for word in foreign_words if word in repr(answers).replace(f"“{FOREIGN}教育局”不在名录中", "")]
        assert not found, (name, found)


def test_the_own_county_is_seen_whole(seen_by, store):
    mine = seen_by(REVIEWER)
    whole = seen_by(CHIEF)
    assert {row.agency_key for row in mine["agencies"][0]} == {"Y", "Y0", "Y1", "Y2", "Y3"}
    assert mine["agencies"][0] == whole["agencies"][3]
    assert mine["overview"][0].filed == 4
    assert [row.agency for row in mine["waiting"][0]] == [f"{OWN}粮食局"]
    assert [row.name for row in mine["staff"][0]] == [f"{OWN}人员"]
    assert mine["totals"][0] == whole["totals"][0]
    assert mine["total_scope"][:2] == [None, None]
    assert mine["total_scope"][2] is not None
    assert {row.agency_key for row in mine["publications"][0]} == {"Y2"}
    assert all(answer is None for answer in mine["original"] + mine["looked_at"])


def test_lists_in_pages_are_those_of_the_own_county(seen_by):
    mine, whole = seen_by(REVIEWER), seen_by(CHIEF)
    for name in ("many", "area", "first_filed", "gaps", "filing_counts", "alike", "matrix_page"):
        of_scope = len(mine[name]) // 4
        for number in range(of_scope):
            asked, answered = mine[name][4 * number : 4 * number + 4], whole[name][4 * number + 3]
            assert asked == [answered] * 4, name  # whatever body was asked for
    for number, page in enumerate(mine["agency_page"]):
        filters = len(mine["agency_page"]) // 4
        assert page == whole["agency_page"][3 * filters + number % filters]
    assert sum(page.total for page in mine["agency_page"]) > 20
    assert mine["roster_counts"] == [(5, 5)]
    assert whole["roster_counts"] == [(12, 12)]
    assert mine["names_of"] == [{}, {"Y0": f"{OWN}教育局"}]
    assert mine["key_of"] == ["", "Y0"]
    assert whole["key_of"] == ["L0", "Y0"]
    assert set(mine["filings_of"][0]) == {"Y0", "Y1", "Y2", "Y3"}
    assert [len(found) for found in mine["find_agencies"]] == [4] * 4 + [0] * 8
    assert mine["area"][0] == OWN


def test_whether_there_are_many_is_asked_of_the_own_county(seen_by, monkeypatch):
    monkeypatch.setattr(query, "MANY", 5)  # as many as the county has; the city has more
    assert seen_by(CHIEF)["many"] == [True, False, True, False]
    assert seen_by(REVIEWER)["many"] == [False] * 4


def test_a_count_is_that_of_the_county(seen_by):
    mine, whole = seen_by(REVIEWER), seen_by(CHIEF)
    for name in ("findings", "ledger"):
        assert mine[name][0].total < whole[name][0].total
    assert mine["rule_counts"][0] == whole["rule_counts"][3]
    assert mine["undecided"][1] == type(mine["undecided"][1])(0, 0)


def test_a_rule_that_names_others_names_none_outside(seen_by):
    def about(answers):
        return [
            row.finding
            for row in answers["every_finding"][1]
            if row.finding.rule == "QUA-02" and row.agency_key == "Y3"
        ]

    whole, mine = about(seen_by(CHIEF)), about(seen_by(REVIEWER))
    assert whole
    assert all(f"{FOREIGN}司法局" in finding.message for finding in whole)
    assert all("范围外的单位" in finding.message and FOREIGN not in repr(finding) for finding in mine)
    assert [f.fingerprint for f in mine] == [f.fingerprint for f in whole]


def test_a_name_that_is_not_shown_is_not_found_by_it_either(as_one):
    for who, found in ((CHIEF, True), (REVIEWER, False)):
        with as_one(who):
            for words in (f"{FOREIGN}司法局", FOREIGN):
                rows = query.every_finding(FindingFilter(year=YEAR, agencies=("Y3",), q=words))
                assert bool(rows) is found


def test_answers_that_are_kept_do_not_pass_from_one_person_to_another(seen_by, foreign_words):
    for who in (CHIEF, REVIEWER, CHIEF, REVIEWER):
        answers = repr({k: v for k, v in seen_by(who).items() if k != "pasted"})
        assert (FOREIGN in answers) is (who is CHIEF)


def test_letters_are_written_to_the_own_county(store, monkeypatch):
    bound = person._speaking.set(lambda: REVIEWER)
    try:
        terms = Terms(YEAR, TODAY + timedelta(days=9), TODAY, ("confirmed", "pending"))
        for keys in (None, ["L0", "L3", "Y0", "Y3"]):
            made = list(files.return_notices(store, terms, query.within(keys), shown=query.words()))
            assert made
            assert {letter.file_name[4:7] for letter in made} <= {OWN} or all(OWN in x.file_name for x in made)
            text = "".join(
                zipfile.ZipFile(io.BytesIO(letter.data)).read("word/document.xml").decode() for letter in made
            )
            assert OWN in text
            assert FOREIGN not in text
    finally:
        person._speaking.reset(bound)


def test_a_round_of_looks_is_told_without_what_is_foreign(store, monkeypatch):
    found = rounds.Progress(
        YEAR, 2, 1, None, True, False, "", f"{FOREIGN}教育局", {"same": 1}, (f"{FOREIGN}财政局：打不开",), frozenset({"L0", "Y0"})
    )  # fmt: skip
    monkeypatch.setattr(rounds, "progress", lambda settings: found)
    bound = person._speaking.set(lambda: REVIEWER)
    try:
        told = query.round_of_looks()
        assert told.running
        assert (told.total, told.done, told.current, told.unkept, told.outcomes) == (0, 0, "", (), {})
    finally:
        person._speaking.reset(bound)


# --- pages in office mode ---------------------------------------------------------------------------------------------


@pytest.fixture
def office(store, monkeypatch):
    """Pages as they are in office mode, with someone signed in; `office(role, scope)` invites and signs in."""
    monkeypatch.setenv("GDCORE_MODE", "office")
    monkeypatch.setattr(entry, "_secrets", lambda: AUTH)
    claims = {}
    monkeypatch.setattr(person, "claims", lambda: claims)
    opened = query.store()
    count = len(people.listing(opened))

    def sign_in(role, scope="Y", invited=True, **said):
        number = len(people.listing(opened)) + count
        email = f"p{number}@city.example"
        if invited:
            people.invite(opened, "命令行", f"人{number}", email, role, scope)
        claims.update(CLAIMS, sub=email, email=email, iat=int(people.now().timestamp()), **said)
        return people.by_email(opened, email)

    sign_in.claims = claims
    return sign_in


def everything(app):
    """All that the page holds, grids and link addresses too."""
    grids = "".join(frame.value.to_csv() for frame in app.dataframe)
    links = "".join(unquote(link.proto.query_string) for link in app.get("page_link"))
    boxes = "".join(map(str, (option for box in [*app.selectbox, *app.multiselect] for option in box.options)))
    labels = "".join(button.label for button in app.button) + "".join(radio.label for radio in app.radio)
    return words(app) + grids + links + boxes + labels


@pytest.mark.parametrize("page", [e.key for e in shell.ENTRIES])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_a_page_shows_the_own_county_alone(office, foreign_words, page, role):
    office(role)
    app = alone(page, year=str(YEAR))
    shown = everything(app)
    assert not [word for word in foreign_words if word in shown]
    allowed = role is Role.ADMIN or page not in ("intake", "admin")
    assert ("不能打开这一页" in shown) is not allowed


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("report", {"agency": "L0"}),
        ("report", {"agency": "L0", "version": "1", "view": "all"}),
        ("comparison", {"agency": "L0"}),
        ("comparison", {"mode": "alike"}),
        ("findings", {"agency": "L0", "scope": "L"}),
        ("ledger", {"agency": "L0", "scope": "L"}),
        ("agencies", {"scope": "L", "q": "柳林"}),
        ("aggregation", {"agency": "L"}),
        ("aggregation", {"agency": "all"}),
        ("publication", {"agency": "L2"}),
        ("overview", {"scope": "L"}),
        ("intake", {"batch": "1"}),
        ("intake", {"batch": "2"}),
    ],
)
def test_a_deep_link_to_another_county_leads_to_nothing(office, foreign_words, page, address):
    office(Role.REVIEWER)
    shown = everything(alone(page, year=str(YEAR), **address))
    assert not [word for word in foreign_words if word in shown.replace("柳林", "", address.get("q", "").count("柳林"))]


def test_one_without_an_account_is_told_whom_to_ask(office):
    office(Role.VIEWER, invited=False)
    app = alone("overview")
    assert "还没有登记。请联系本单位的系统管理员" in words(app)
    assert OWN not in everything(app)
    assert [button.label for button in app.button] == ["换一个账号"]


def test_one_who_has_not_signed_in_sees_one_button(office):
    app = alone("report", agency="Y0", year=str(YEAR))
    assert [button.label for button in app.button] == ["登录"]
    assert OWN not in everything(app)


def test_an_address_that_the_provider_does_not_vouch_for_is_none(office):
    office(Role.ADMIN, email_verified=False)
    assert "还没有登记" in words(alone("overview"))


def test_a_role_taken_away_closes_the_page(office, store):
    row = office(Role.ADMIN)
    assert "人员" in words(alone("admin"))
    people.change(query.store(), "命令行", row.number, role=Role.VIEWER)
    assert "不能打开这一页" in words(alone("admin"))
    people.change(query.store(), "命令行", row.number, disabled=True)
    app = alone("overview")
    assert "已经停用" in words(app)
    assert OWN not in everything(app)


def test_a_sign_in_that_ended_shows_why_and_the_way_back(office):
    office(Role.VIEWER)
    alone("overview")
    office.claims["iat"] -= 9 * 3600
    app = alone("overview")
    assert "登录已满 8 小时。请重新登录。" in words(app)
    assert [button.label for button in app.button] == ["登录"]


def test_the_sidebar_says_who_is_signed_in(office):
    row = office(Role.REVIEWER)
    app = alone("overview", year=str(YEAR))
    shown = words(app)
    assert f"<b>{row.name}</b> · 初审" in shown
    assert "范围：云泽县人民政府" in shown
    assert "退出" in [button.label for button in app.button]
    assert "管理" not in [link.proto.label for link in app.sidebar.get("page_link")]


def test_a_viewer_is_offered_no_step(office):
    office(Role.VIEWER)
    offered = {button.key for button in alone("report", agency="Y0", year=str(YEAR)).main.button}
    assert not [key for key in offered if key and not key.startswith(("report_p", "report_next"))], offered
    office(Role.REVIEWER)
    offered = {button.key for button in alone("report", agency="Y0", year=str(YEAR)).main.button}
    assert {"report_mend", "report_correct", "report_notice"} <= offered


def test_a_download_asks_again_who_presses_it(office, store, monkeypatch):
    kept = []
    monkeypatch.setattr(person, "kept", kept, raising=False)
    row = office(Role.VIEWER)
    alone("overview")
    app = AppTest.from_function(_keeping, default_timeout=30)
    app.run()
    assert not app.exception
    make = kept.pop()
    assert make() == b"Y,Y0,Y1,Y2,Y3"
    people.change(query.store(), "命令行", row.number, scope="Y1")
    assert make() == b"Y1"
    people.change(query.store(), "命令行", row.number, disabled=True)
    with pytest.raises(NotPresent):
        make()


def _keeping():
    from gdcore.ui import person, query

    person.kept.append(person.later(lambda: ",".join(sorted(query.agency_names())).encode()))


# --- how it is set up -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"client_secret": ""}, "缺少 client_secret"),
        ({"cookie_secret": "kurz"}, "cookie_secret 太短"),
        ({"redirect_uri": "https://desk.example/"}, "redirect_uri 应为本站网址"),
        ({"redirect_uri": "http://desk.example/oauth2callback"}, "https://"),
    ],
)
def test_what_is_missing_for_signing_in_is_told(change, told):
    assert told in entry.unready(AUTH | change, {}, True)


def test_an_office_that_is_set_up_is_ready():
    assert entry.unready(AUTH, {}, True) == ""
    assert entry.unready(AUTH | {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"}, {}, True) == ""
    assert "disclosure-desk[office]" in entry.unready(AUTH, {}, False)
    assert "trustedUserHeaders" in entry.unready(AUTH, {"X-User": "email"}, True)
    assert "[auth] 缺少 redirect_uri" in entry.unready({}, {}, True)


def test_a_page_of_an_office_without_secrets_says_what_to_do(office, monkeypatch):
    monkeypatch.setattr(entry, "_secrets", lambda: {})
    app = AppTest.from_file(str(ROOT / "pages" / "overview.py"), default_timeout=30).run()
    assert "缺少 redirect\\_uri" in app.error[0].value
    assert OWN not in words(app)


@pytest.mark.parametrize(
    ("address", "ip", "headers", "told"),
    [
        ("127.0.0.1", None, {"Host": "127.0.0.1:8501"}, ""),
        ("localhost", None, {"Host": "localhost:8501"}, ""),
        ("::1", None, {"Host": "[::1]:8501"}, ""),
        ("127.0.0.1", "127.0.0.1", {"Host": "127.0.0.1", "X-Forwarded-For": "127.0.0.1"}, ""),
        (None, None, {"Host": "127.0.0.1:8501"}, "监听在所有网络地址"),
        ("0.0.0.0", None, {"Host": "127.0.0.1:8501"}, "监听在 0.0.0.0"),
        ("192.168.1.5", None, {}, "监听在 192.168.1.5"),
        ("127.0.0.1", "10.0.0.7", {"Host": "127.0.0.1:8501"}, "来自 10.0.0.7"),
        ("127.0.0.1", None, {"Host": "rebound.example:8501"}, "用的是 rebound.example"),
        ("127.0.0.1", None, {"Host": "127.0.0.1.rebound.example"}, "用的是 127.0.0.1.rebound.example"),
        ("127.0.0.1", None, {"Host": "localhost", "X-Forwarded-For": "127.0.0.1, 10.0.0.7"}, "从 10.0.0.7 转来"),
        ("127.0.0.1", None, {"Host": "localhost", "X-Real-Ip": "10.0.0.7"}, "从 10.0.0.7 转来"),
        ("127.0.0.1", None, {"Host": "localhost", "X-Forwarded-Host": "desk.example"}, "从 desk.example 转来"),
        ("127.0.0.1", None, {"Host": "localhost", "Forwarded": "for=10.0.0.7"}, "代理"),
    ],
)  # fmt: skip
def test_a_local_desk_opens_on_its_machine_alone(address, ip, headers, told):
    found = entry.exposed(address, ip, headers)
    assert told in found
    assert bool(found) is bool(told)


def test_a_desk_that_listens_everywhere_does_not_open(store, monkeypatch):
    known = entry.config.get_option
    listening = {"server.address": "0.0.0.0"}
    monkeypatch.setattr(entry.config, "get_option", lambda name: listening.get(name) or known(name))
    app = AppTest.from_file(str(ROOT / "pages" / "overview.py"), default_timeout=30).run()
    assert "其他机器也能打开" in app.error[0].value
    assert "GDCORE\\_MODE" in app.error[0].value
    assert OWN not in everything(app)


def test_settings_of_the_test_are_those_in_force(office):
    assert settings.load().mode is settings.Mode.OFFICE


def test_a_token_that_says_too_little_is_none(office):
    office(Role.VIEWER)
    for name in ("iss", "sub", "iat"):
        kept = office.claims.pop(name)
        assert "还没有登录" in words(alone("overview"))
        office.claims[name] = kept
    assert isinstance(person._token(), Token)
