"""Reports that wait in the process that read them: taken once, and unpacked where they are not there any more."""

from collections import OrderedDict

import desk

from gdcore import kept, processing, serial


def packed(number):
    report = processing.read_report(desk.report(year=2000 + number), "年报.txt")
    return serial.pack_report(report), report


def test_a_report_is_taken_as_it_was_kept_and_then_unpacked():
    data, report = packed(21)
    kept.keep(data, report)
    assert kept.take(data) is report
    again = kept.take(data)
    assert again == report
    assert again is not report


def test_only_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    monkeypatch.setattr(kept, "_kept", OrderedDict())
    three = [packed(number) for number in (21, 22, 23)]
    for data, report in three:
        kept.keep(data, report)
    assert [kept.take(data) is report for data, report in three] == [False, True, True]
