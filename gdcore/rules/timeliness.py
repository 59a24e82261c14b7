"""TIM-01…04, 07, 11: on the year that is due, and submitted, signed and published in time."""

from __future__ import annotations

from datetime import date

from gdcore import text
from gdcore.agency import Agency, own_deadline
from gdcore.basis import CONSISTENCY, LOCAL_DEADLINE, LOGIC, REGULATION
from gdcore.catalogue import Verdicts, rule
from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.task import Task
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

ARTICLE_49 = REGULATION.article("第四十九条")

# Fields that name the day of publication; those of 成文, 生成 and the like name another day.
_PUBLICATION = frozenset(["公开日期", "发布日期", "发布时间", "PubDate", "publishdate"])
# A page dated so many days after its deadline may have been put up anew, as sites do when they move.
MOVED_DAYS = 180
# From this month on a report can have been put up before its year was over; an earlier date is a slip of the page.
_EARLIEST_MONTH = 10
# The regulation in force up to the report on this year (第三十一条 of 2007) asked everyone to publish by 31 March.
_OLD_REGULATION, _OLD_DEADLINE = 2018, (3, 31)

_NO_YEAR = "没有识别出报告年度"


def wrong_year(report: Report, task: Task) -> bool:
    """Whether the report is on another year than the one that is due (TIM-04)."""
    return None not in (task.year, report.identity.year) and task.year != report.identity.year


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def published_on(report: Report) -> date | None:
    """The day on which the report was certainly put before the public."""
    source = report.identity.sources.get("published")
    return report.identity.published if source in _PUBLICATION else None


def _unknown(report: Report, year: int | None) -> Verdict | None:
    """Why the day of publication cannot be judged."""
    if year is None:
        return not_evaluated(_NO_YEAR)
    if published_on(report) is None:
        return not_evaluated("文件中没有发布日期（成文日期、采集时间、打印日期不算），不作判断")
    return None


def _kind(report: Report, agency: Agency | None) -> AgencyType | None:
    return (agency.agency_type if agency else None) or report.identity.agency_type


def publish_by(kind: AgencyType, year: int, profile: Profile, agency: Agency | None) -> date:
    """The day by which an agency is to publish its report on `year`: its own, else that of its type."""
    if own := own_deadline(agency.publish_by if agency else None, year):
        return own
    return date(year + 1, *_OLD_DEADLINE) if year <= _OLD_REGULATION else profile.publish_by(kind, year)


def _late(report: Report, due: date, severity: Severity) -> Verdict:
    day = published_on(report)
    if day is None or day <= due:
        return passed("report")
    days = (day - due).days
    message = f"{report.identity.sources['published']}为 {day}，公开期限为 {due}，晚 {days} 天。"
    words = {"deadline": _in_words(due), "d": _in_words(day)}
    tell = failed
    if days > MOVED_DAYS:
        tell, message = doubtful, message + "相差较大，可能是网站迁移后重新发布，请核实首次公开的日期。"
    return tell(message, "report", expected=f"不晚于 {due}", found=str(day), severity=severity, values=words)


@rule(
    "TIM-01",
    Severity.ERROR,
    basis=ARTICLE_49,
    name="部门年报逾期公开",
    short="逾期公开",
    suggestion="应于{deadline}前向社会公开，实际公开日期{d}。",
)
def agencies_publish_in_time(report: Report, task: Task, profile: Profile, agency: Agency | None = None) -> Verdicts:
    """部门、乡镇街道等单位的年度报告在期限内公开，一般为次年 1 月 31 日前。

    只以网页上的公开、发布日期为准，成文日期、系统时钟、采集时间和打印日期都不算；没有发布日期的不作判断。第四十九条没有点名乡镇、
    街道，适用方案没有为其规定期限的作警告。晚于期限半年以上的，可能是网站迁移后重新发布，列为待核。2018 年度及以前为 3 月 31 日。
    """
    kind, year = _kind(report, agency), report.reporting_year(task.year)
    if kind is AgencyType.GOVERNMENT:
        yield not_applicable("政府的年度报告由 TIM-02 判断")
    elif reason := _unknown(report, year):
        yield reason
    elif kind is None or year is None:
        yield not_evaluated("没有识别出机关类型，不知道适用哪个期限")
    else:
        own = own_deadline(agency.publish_by if agency else None, year) is not None
        named = own or kind not in (AgencyType.TOWNSHIP, AgencyType.SUBDISTRICT) or kind.value in profile.publish
        yield _late(report, publish_by(kind, year, profile, agency), Severity.ERROR if named else Severity.WARNING)


@rule(
    "TIM-02",
    Severity.ERROR,
    basis=ARTICLE_49,
    name="政府年报逾期公开",
    short="政府逾期",
    suggestion="应于{deadline}前向社会公开，实际公开日期{d}。",
)
def governments_publish_in_time(report: Report, task: Task, profile: Profile, agency: Agency | None = None) -> Verdicts:
    """县级以上人民政府的年度报告在期限内公开，一般为次年 3 月 31 日前。

    只以网页上的公开、发布日期为准；没有发布日期的不作判断。晚于期限半年以上的，可能是网站迁移后重新发布，列为待核。
    """
    kind, year = _kind(report, agency), report.reporting_year(task.year)
    if kind is not AgencyType.GOVERNMENT:
        name = AGENCY_TYPE_NAMES[kind] if kind else "机关类型未识别的"
        yield not_applicable(f"{name}年度报告由 TIM-01 判断")
    elif reason := _unknown(report, year):
        yield reason
    elif year is not None:
        yield _late(report, publish_by(kind, year, profile, agency), Severity.ERROR)


@rule(
    "TIM-03",
    Severity.WARNING,
    basis=LOCAL_DEADLINE,
    name="逾期报送主管部门",
    short="逾期报送",
    suggestion="请按主管部门规定时间报送。",
)
def reports_are_submitted_in_time(
    report: Report, task: Task, profile: Profile, agency: Agency | None = None
) -> Verdicts:
    """年度报告在主管部门规定的时间内报送。

    名录为单位写明报送截止日期的从其规定；适用方案和名录都没有规定报送时限的不适用。报送日期是首次收到的日期；成批导入往年报告时没有报送日期，不作判断。
    """
    year = report.reporting_year(task.year)
    own = own_deadline(agency.submit_by if agency else None, year) if year is not None else None
    due = own or (profile.submit_by(year) if year is not None else None)
    if own is None and profile.submit is None:
        yield not_applicable(f"“{profile.title}”方案没有规定报送时限")
    elif due is None:
        yield not_evaluated(_NO_YEAR)
    elif task.submitted is None:
        yield not_evaluated("没有这份报告的报送日期")
    elif task.submitted <= due:
        yield passed("report")
    else:
        days = (task.submitted - due).days
        message = f"{task.submitted} 收到，报送时限为 {due}，晚 {days} 天。"
        yield failed(message, "report", expected=f"不晚于 {due}", found=str(task.submitted))


@rule(
    "TIM-04",
    Severity.ERROR,
    basis=CONSISTENCY,
    name="报告年度与应报年度不符",
    short="年度不符",
    suggestion="标题年度为{a}，应为{b}年。",
)
def year_is_the_one_due(report: Report, task: Task) -> Verdicts:
    """报告的年度是应当报送的年度。

    没有指定应报年度的不适用；年度不是从标题中识别出来的列为待核。不符时，其他规则按应报年度检查。
    """
    identity = report.identity
    evidence = [identity.title] if identity.title else []
    if task.year is None:
        yield not_applicable("没有指定应报年度")
    elif identity.year is None:
        yield not_evaluated(_NO_YEAR)
    elif not wrong_year(report, task):
        yield passed("title", *evidence)
    else:
        source = identity.sources.get("year", "标题")
        tell = failed if source in ("标题", "网页标题") else doubtful
        message = f"报告年度为 {identity.year} 年（{source}），应报 {task.year} 年。"
        words = {"a": f"{identity.year}年", "b": str(task.year)}
        yield tell(message, "title", *evidence, expected=str(task.year), found=str(identity.year), values=words)


@rule(
    "TIM-07",
    Severity.WARNING,
    basis=LOGIC,
    name="统计期未结束即发布",
    short="提前发布",
    suggestion="发布日期早于统计截止日，数据可能不完整，请核实更新。",
)
def year_is_over_when_published(report: Report, task: Task) -> Verdicts:
    """年度报告在统计年度结束之后发布。

    只以网页上的公开、发布日期为准。早于当年 10 月的多为网页信息有误，列为待核。
    """
    year, day = report.reporting_year(task.year), published_on(report)
    if reason := _unknown(report, year):
        yield reason
    elif wrong_year(report, task):
        yield not_applicable("报告年度与应报年度不符，已另行指出")
    elif day is not None and year is not None:
        end = date(year, 12, 31)
        if day > end:
            yield passed("report")
            return
        tell = failed if (day.year, day.month) >= (year, _EARLIEST_MONTH) else doubtful
        message = f"{report.identity.sources['published']}为 {day}，统计期到 {end} 才结束。"
        yield tell(message, "report", expected=f"晚于 {end}", found=str(day))


def _signed(report: Report) -> date | None:
    """The date of the sign-off; a bare `2024-01-17` at the end may be the page's own."""
    days = [day for p in report.signoff if "年" in p.text for day in text.dates(p.text)]
    return days[-1] if days else None


@rule(
    "TIM-11",
    Severity.INFO,
    basis=CONSISTENCY,
    name="落款日期与公开日期矛盾",
    short="落款日期错",
    suggestion="落款日期与公开日期矛盾，请核对。",
)
def sign_off_precedes_publication(report: Report, task: Task) -> Verdicts:
    """落款日期在次年，且不晚于公开日期。

    没有落款日期的不适用，没有发布日期的只核对年份。
    """
    day, year, published = _signed(report), report.reporting_year(task.year), published_on(report)
    if day is None:
        yield not_applicable("文末没有落款日期", "signoff")
    elif wrong_year(report, task):
        yield not_applicable("报告年度与应报年度不符，已另行指出", "signoff")
    elif year is None:
        yield not_evaluated(_NO_YEAR, "signoff")
    elif day.year != year + 1:
        message = f"落款日期为 {day}，{year} 年度的报告应在 {year + 1} 年落款。"
        yield failed(message, "signoff", *report.signoff, expected=f"{year + 1}年", found=str(day))
    elif published and day > published:
        message = f"落款日期为 {day}，晚于公开日期 {published}。"
        yield failed(message, "signoff", *report.signoff, expected=f"不晚于 {published}", found=str(day))
    else:
        yield passed("signoff", *report.signoff)
