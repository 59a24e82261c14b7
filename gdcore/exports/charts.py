"""Bar charts as Word draws them by itself (DrawingML): the reader's fonts, and numbers that can be edited in Word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

_BAR_COLOUR = "5C7F9F"
_INK = "33414E"
_FONT = "宋体"
_EMU_MM = 36_000
_WIDTH_MM = 150
_COLUMNS_MM = 62  # height of standing bars
_BASE_MM, _BAR_MM = 14, 9  # height of lying bars: the axis, and each of them
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Axes of a chart need numbers that tell them apart.
_CATEGORIES, _VALUES = 1, 2


@dataclass(frozen=True, slots=True)
class Bars:
    """What a bar chart shows: whole numbers with their names, in order. `lying`: from left to right, for long names."""

    title: str
    unit: str
    bars: tuple[tuple[str, int], ...]
    lying: bool = False

    @property
    def told(self) -> str:
        """The chart in words, for those who do not see it."""
        return f"{self.title}：" + "，".join(f"{name} {value} {self.unit}" for name, value in self.bars)

    @property
    def height_mm(self) -> int:
        """How high it is drawn."""
        return _BASE_MM + _BAR_MM * len(self.bars) if self.lying else _COLUMNS_MM


def drawing(chart: Bars, document: Part) -> str:
    """The XML that shows `chart` in a run of `document`, to which its parts are added."""
    package = document.package
    part = Part(package.next_partname("/word/charts/chart%d.xml"), _CHART_TYPE, b"", package)
    book = Part(
        PackURI(f"/word/embeddings/{part.partname.filename.removesuffix('.xml')}.xlsx"),
        _BOOK_TYPE,
        _workbook(chart),
        package,
    )
    part._blob = _chart_xml(chart, part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)).encode()
    return _inline_xml(chart, document.relate_to(part, RELATIONSHIP_TYPE.CHART))


def _workbook(chart: Bars) -> bytes:
    """The numbers behind the chart, which Word opens on “编辑数据”."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["", chart.unit])
        for number, (name, value) in enumerate(chart.bars, 1):
            sheet.write_string(number, 0, name)
            sheet.write_number(number, 1, value)
    return buffer.getvalue()


def _inline_xml(chart: Bars, relation: str) -> str:
    width, height = _WIDTH_MM * _EMU_MM, chart.height_mm * _EMU_MM
    words = f"name={quoteattr(chart.title)} descr={quoteattr(chart.told)}"
    return (
        f'<w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="1" {words}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/chart">'
        f'<c:chart xmlns:c="{_DRAWING}/chart" xmlns:r="{_RELATIONS}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _chart_xml(chart: Bars, book: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main" xmlns:r="{_RELATIONS}">'
        '<c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val={_direction(chart)}/>'
        f'<c:grouping val="clustered"/><c:varyColors val="0"/>{_series(chart)}<c:gapWidth val="60"/>'
        f'<c:axId val="{_CATEGORIES}"/><c:axId val="{_VALUES}"/></c:barChart>{_axes(chart)}</c:plotArea>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_letters()}"
        f'<c:externalData r:id="{book}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _direction(chart: Bars) -> str:
    return '"bar"' if chart.lying else '"col"'


def _series(chart: Bars) -> str:
    last = len(chart.bars) + 1
    names = _points("str", [escape(name) for name, _ in chart.bars])
    values = "<c:formatCode>General</c:formatCode>" + _points("", [str(value) for _, value in chart.bars])
    return (
        '<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>Sheet1!$B$1</c:f><c:strCache>'
        f"{_points('str', [escape(chart.unit)])}</c:strCache></c:strRef></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{_BAR_COLOUR}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f'<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_letters()}<c:dLblPos val="outEnd"/>'
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!$B$2:$B${last}</c:f><c:numCache>{values}</c:numCache></c:numRef></c:val></c:ser>"
    )


def _points(kind: str, values: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{points}'


def _axes(chart: Bars) -> str:
    """The names along one side, the first bar first; the numbers stand at the bars and need no axis of their own."""
    order, side, other = ("maxMin", "l", "t") if chart.lying else ("minMax", "b", "l")
    return (
        f'<c:catAx><c:axId val="{_CATEGORIES}"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{side}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></a:ln></c:spPr>{_letters()}'
        f'<c:crossAx val="{_VALUES}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="{_VALUES}"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{other}"/><c:numFmt formatCode="0" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        f'<c:crossAx val="{_CATEGORIES}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
    )


def _letters() -> str:
    face = f'<a:latin typeface="{_FONT}"/><a:ea typeface="{_FONT}"/>'
    ink = f'<a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill>'
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1050" b="0">{ink}{face}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
