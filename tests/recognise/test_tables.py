"""Tables 二, 三 and 四 in the layouts that real reports show, from one invented set of numbers."""

from decimal import Decimal

import pytest

from gdcore import form
from gdcore.form import Edition
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Match, RemarkKind, Report, StatTable

VALUES = {
    address: str(7 + 13 * n)
    for n, address in enumerate(a for b in (*form.T2_2021, form.T3_2021, form.T4) for a in b.addresses())
}


def _t2(values: dict[str, str]) -> list[list[str]]:
    rows = []
    for block in form.T2_2021:
        rows += [[block.title], ["信息内容", *(c.label for c in block.columns)]]
        rows += [[r.label, *(values[block.address(r.key, c.key)] for c in block.columns)] for r in block.rows]
    return rows


def _t3(values: dict[str, str]) -> list[list[str]]:
    rows = [
        [form.T3_CAPTION, "申请人情况"],
        ["自然人", "法人或其他组织", "总计"],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
    ]
    group = ""
    for row in form.T3_2021.rows:
        cells = [values[form.T3_2021.address(row.key, c.key)] for c in form.APPLICANTS]
        lead = [form.group_label(row)] if row.group != group and row.group else []
        group = row.group or group
        rows.append([*lead, row.label, *cells])
    return rows


OUTCOMES = [c.label for c in form.OUTCOMES]


def _t4(values: dict[str, str]) -> list[list[str]]:
    return [
        ["行政复议", "行政诉讼"],
        [*OUTCOMES, "未经复议直接起诉", "复议后起诉"],
        [*OUTCOMES, *OUTCOMES],
        [values[a] for a in form.T4.addresses()],
    ]


def _lines(rows: list[list[str]], separator: str) -> list[str]:
    return [separator.join(row) for row in rows]


def _text(values: dict[str, str], separator: str = "\t", t4: list[str] | None = None) -> str:
    return "\n".join(
        [
            "甲县教育局2023年政府信息公开工作年度报告",
            "二、主动公开政府信息情况",
            *_lines(_t2(values), separator),
            "",
            "三、收到和处理政府信息公开申请情况",
            *_lines(_t3(values), separator),
            "",
            "四、政府信息公开行政复议、行政诉讼情况",
            *(t4 or _lines(_t4(values), separator)),
        ]
    )


def _report(text: str) -> Report:
    return recognise(read(text.encode(), "report.txt"))


def _check(report: Report, values: dict[str, str]) -> None:
    cells = report.cells()
    assert set(cells) == set(values)
    for address, raw in values.items():
        figure = cells[address]
        assert figure.raw == raw, address
        assert figure.value == (Decimal(raw) if raw.isdigit() else None), address
        assert figure.anchors[0].place.line, address


@pytest.mark.parametrize("separator", ["\t", " | ", "|", "\n"], ids=["tabs", "pipes", "bare pipes", "one cell a line"])
def test_every_cell_in_every_layout(separator: str) -> None:
    _check(_report(_text(VALUES, separator)), VALUES)


@pytest.mark.parametrize("column", range(7))
@pytest.mark.parametrize("sign", ["", "/", "—", "无"])
def test_a_blank_or_a_sign_shifts_nothing(column: int, sign: str) -> None:
    key = form.APPLICANTS[column].key
    values = VALUES | {form.T3_2021.address(r.key, key): sign for r in form.T3_2021.rows}
    _check(_report(_text(values)), values)


def test_full_width_digits_are_read_as_printed() -> None:
    text = _text(VALUES)
    wide = text.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}).replace("２０２３年", "2023年")
    cells = _report(wide).cells()
    assert {a: f.value for a, f in cells.items()} == {a: Decimal(v) for a, v in VALUES.items()}
    assert cells["t3.new_received.total"].raw == "".join(chr(0xFF10 + int(d)) for d in VALUES["t3.new_received.total"])


def test_half_width_brackets_and_a_period_line_change_nothing() -> None:
    text = _text(VALUES).replace("（", "(").replace("）", ")")
    _check(_report(text.replace("情况\n第二十条", "情况\n统计期限：2023年1月1日至12月31日\n第二十条", 1)), VALUES)


def test_table_three_cut_in_two_is_joined_and_told() -> None:
    report = _report(_text(VALUES).replace("（五）不予处理", "\n（五）不予处理"))
    _check(report, VALUES)
    assert [r.address for r in report.remarks_of(RemarkKind.TABLE_SPLIT)] == ["t3"]


def test_table_four_in_two_tables() -> None:
    v = [VALUES[a] for a in form.T4.addresses()]
    rows = [["行政复议"], OUTCOMES, v[:5], [], ["行政诉讼"], ["未经复议直接起诉", "复议后起诉"], OUTCOMES * 2, v[5:]]
    _check(_report(_text(VALUES, t4=_lines(rows, "\t"))), VALUES)


def test_table_four_in_three_labelled_rows() -> None:
    rows = [[r.label, *(VALUES[form.T4.address(r.key, c.key)] for c in form.OUTCOMES)] for r in form.T4.rows]
    _check(_report(_text(VALUES, t4=_lines(rows, "\t"))), VALUES)


def test_the_single_row_of_2019_is_told_from_the_rows() -> None:
    values = {a: v for a, v in VALUES.items() if not a.startswith("t3.other_")}
    values |= {form.T3_2019.address("other_handling", c.key): str(n) for n, c in enumerate(form.APPLICANTS)}
    lines = [line for line in _text(VALUES).splitlines() if "3.其他\t" not in line and "2.申请人逾期未按" not in line]
    index = next(i for i, line in enumerate(lines) if line.startswith("（六）其他处理"))
    lines[index] = "\t".join(["（六）其他处理", *(values[f"t3.other_handling.{c.key}"] for c in form.APPLICANTS)])
    report = _report("\n".join(lines))
    assert report.t3 is not None
    assert report.t3.edition is Edition.FMT2019
    _check(report, values)


def test_a_damaged_label_in_the_only_place_left_is_matched() -> None:
    report = _report(_text(VALUES).replace("2.其他法律行政法规禁止公开", "2.其他法律行政止公开"))
    _check(report, VALUES)
    line = report.t3.grids[0].line("denied_law_prohibited")
    assert line.label.match is Match.TYPO


def test_a_row_with_too_few_values_is_not_read() -> None:
    row = next(line for line in _text(VALUES).splitlines() if line.startswith("二、上年结转"))
    report = _report(_text(VALUES).replace(row, row.rsplit("\t", 1)[0]))
    assert not any(a.startswith("t3.carried_in.") for a in report.cells())
    line = report.t3.grids[0].line("carried_in")
    assert (line.figures, line.printed) == ((), 6)


def test_a_page_that_lost_equal_neighbours_is_not_guessed() -> None:
    lines = _text(dict.fromkeys(VALUES, "0"), "\n").splitlines()
    scraped = [line for above, line in zip(["", *lines], lines, strict=False) if line != above]
    report = _report("\n".join(scraped))
    assert report.cells() == {}
    assert isinstance(report.t3, StatTable)


def test_a_slip_in_a_header_keeps_the_column() -> None:
    report = _report(_text(VALUES).replace("本年废止件数", "本年度止件数"))
    _check(report, VALUES)
    header = report.t2.grids[0].headers[1]
    assert (header.printed.text, header.template, header.match) == ("本年度止件数", "本年废止件数", Match.TYPO)


def test_a_table_printed_twice_is_kept_beside_the_first() -> None:
    text = (
        _text(VALUES)
        + "\n六、其他需要报告的事项\n无。\n附件：统计表\n"
        + "\n".join(_lines(_t3(VALUES | {"t3.new_received.total": "1"}), "\t"))
    )
    report = _report(text)
    assert [t.key for t in report.duplicates] == ["t3"]
    assert report.duplicates[0].cells()["t3.new_received.total"].value == 1
    assert report.cells()["t3.new_received.total"].value == Decimal(VALUES["t3.new_received.total"])


def test_another_table_in_the_overview_is_none_of_the_three() -> None:
    text = "一、总体情况\n新闻发布会\t电视采访\t数字图文\n3次\t2次\t21条\n" + _text(VALUES)
    _check(_report(text), VALUES)


def _padded(values: dict[str, str]) -> list[list[str]]:
    """Table 三 as flat text keeps merged label cells: blanks up to the third column, values behind it."""
    rows = []
    for row in form.T3_2021.rows:
        depth = 0 if not row.group else 1 if row.group == "result" else 2
        lead = [""] * depth + [row.label] + [""] * (2 - depth)
        rows.append([*lead, *(values[form.T3_2021.address(row.key, c.key)] for c in form.APPLICANTS)])
    return rows


def test_a_short_row_behind_padding_is_not_shifted() -> None:
    rows = _padded(VALUES)
    del rows[1][5]
    report = _report("三、收到和处理政府信息公开申请情况\n" + "\n".join(_lines(rows, "\t")))
    expected = {a: v for a, v in VALUES.items() if a.startswith("t3.") and not a.startswith("t3.carried_in.")}
    assert {a: f.raw for a, f in report.cells().items()} == expected
    assert report.t3.grids[0].line("carried_in").figures == ()


def test_an_added_row_has_no_address_of_the_form() -> None:
    extra = "小计\t" + "\t".join("1" * 7)
    report = _report(_text(VALUES).replace("（四）无法提供", extra + "\n（四）无法提供"))
    _check(report, VALUES)
    (line,) = report.t3.grids[0].extra_lines
    assert (line.label.text, line.after) == ("小计", "denied_admin_query")
    assert not any(f.address.startswith("t3.") for f in line.figures)


def test_group_and_row_labels_in_one_cell() -> None:
    lines = _text(VALUES).splitlines()
    for row in form.T3_2021.rows:
        if row.group not in ("", "result"):
            group = form.group_label(row)
            lines = [
                line.replace(f"{group}\t", "").replace(f"{row.label}\t", f"{group}{row.label}\t") for line in lines
            ]
    report = _report("\n".join(lines))
    _check(report, VALUES)
    assert all(line.label.match is Match.EXACT for line in report.t3.grids[0].lines)


def test_a_heading_in_a_row_right_above_its_table_is_found() -> None:
    text = _text(VALUES)
    for title in ("三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"):
        text = text.replace(f"\n{title}\n", f"\n{title}\t\t\n")
    report = _report(text.replace("\n\n", "\n"))
    _check(report, VALUES)
    assert [h.key for h in report.headings] == ["s2_proactive", "s3_requests", "s4_review_lit"]
    assert report.section("s3").found


def test_strokes_in_the_row_that_is_named_like_a_header() -> None:
    values = {a: "/" if ".other_misc." in a else raw for a, raw in VALUES.items()}
    assert {a: f.raw for a, f in _report(_text(values)).cells().items()} == values


def test_a_labelled_row_of_table_four_without_numbers() -> None:
    values = {a: "/" if ".lit_after." in a else raw for a, raw in VALUES.items()}
    rows = [[r.label, *(values[form.T4.address(r.key, c.key)] for c in form.OUTCOMES)] for r in form.T4.rows]
    assert {a: f.raw for a, f in _report(_text(values, t4=_lines(rows, "\t"))).cells().items()} == values


def test_a_blank_row_left_over_from_merged_headers_is_no_row_of_values() -> None:
    rows = [["行政复议", *[""] * 4], OUTCOMES, [""] * 5, [VALUES[a] for a in form.T4.addresses()[:5]]]
    found = _report(_text(VALUES, t4=_lines(rows, "\t"))).cells()
    assert [found[a].raw for a in form.T4.addresses()[:5]] == rows[-1]


def test_a_label_shortened_in_its_middle() -> None:
    text = _text(VALUES).replace(form.T3_2021.rows[21].label, "2.逾期不缴费")
    assert _report(text).cells()["t3.other_unpaid_fee.total"].raw == VALUES["t3.other_unpaid_fee.total"]


def test_spaces_between_all_digits_leave_a_doubt() -> None:
    cell = _report(_text({**VALUES, "t3.new_received.total": "1 2"})).cells()["t3.new_received.total"]
    assert (cell.value, cell.raw) == (Decimal(12), "1 2")
    assert cell.confidence <= 0.6


@pytest.mark.parametrize("mark", ["", " |"])
def test_one_cell_a_line(mark: str) -> None:
    lines = [cell + mark for row in (*_t2(VALUES), *_t3(VALUES), *_t4(VALUES)) for cell in row]
    assert {a: f.raw for a, f in _report("\n".join(lines)).cells().items()} == VALUES


def test_numbers_on_a_line_of_their_own_below_broken_labels() -> None:
    lines: list[str] = []
    for row in (*_t2(VALUES), *_t3(VALUES), *_t4(VALUES)):
        labels = [cell for cell in row if not cell.isdecimal()]
        lines += [part for cell in labels for part in ((cell[:4], cell[4:]) if len(cell) > 9 else (cell,))]
        lines += [" ".join(cell for cell in row if cell.isdecimal())] if len(labels) < len(row) else []
    assert {a: f.raw for a, f in _report("\n".join(lines)).cells().items()} == VALUES
