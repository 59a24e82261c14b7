"""Word documents from templates that an office can edit: found, filled in, and what is wrong with one said clearly.

What is filled in is data: nothing in it is ever run, and every character that can stand in a document arrives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl.template import DocxTemplate
from jinja2 import StrictUndefined, Template, meta
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from gdcore.errors import ConfigurationError
from gdcore.exports.charts import Bars, drawing
from gdcore.settings import Settings, shipped

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNFILLED = "×××"  # what the shipped templates hold where an office writes its own name, person and telephone
FOLDER = "templates"

Context = Mapping[str, Any]  # texts, truths, Bars, and lists and mappings of these

# What no XML may hold, and what turns the order of the letters around on screen.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
# Templates reach nothing but their fields; what is filled in is escaped; a field that does not exist is a fault.
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
# What a file raises that is no Word document, and what an expression raises that makes no sense.
_UNREADABLE = (BadZipFile, PackageNotFoundError, KeyError, ValueError, AttributeError, etree.LxmlError)
_INCALCULABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)
_UNDEFINED = re.compile(r"'([^']+)' is undefined|has no (?:attribute|element) '?([^']+)'?$")
_TAG = re.compile(r"unknown tag '([^']+)'")
_QUOTED = 40  # characters of a template that are quoted where it is wrong
_STRICT = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """A document: its template's name, what it is called, its fields, and those without which it would say nothing."""

    name: str
    title: str
    fields: tuple[str, ...]
    needed: tuple[str, ...]


# --- templates --------------------------------------------------------------------------------------------------------


class Form:
    """A template, opened once and filled in as often as wanted. Every fault of it is a ConfigurationError."""

    def __init__(self, kind: Kind, data: bytes, where: str) -> None:
        self.kind, self._where = kind, where
        self._word: Any = _Word(BytesIO(data))
        try:
            self._word.init_docx()
        except _UNREADABLE as error:
            raise self._fault("它不是 Word 文档（.docx），或已损坏") from error
        self._require()

    @property
    def unfilled(self) -> bool:
        """Whether places are left that the office is to fill in: its name, a person, a telephone number."""
        return UNFILLED in "".join(self._word.get_docx().element.body.itertext())

    def filled(self, context: Context) -> bytes:
        """The document with these values in its fields."""
        try:
            self._word.render({name: _fit(value, self._word) for name, value in context.items()}, _ENVIRONMENT)
        except TemplateSyntaxError as error:
            raise self._fault(_syntax(error)) from error
        except UndefinedError as error:
            raise self._fault(_undefined(str(error))) from error
        except SecurityError as error:
            raise self._fault("其中有不允许的写法，花括号中只能写字段、if 和 for") from error
        except etree.XMLSyntaxError as error:
            raise self._fault("控制语句（for、if 及其结束语句）拆断了段落或表格，每条应各占一段") from error
        except (TemplateError, *_INCALCULABLE) as error:
            raise self._fault(f"花括号中有不能计算的内容（{type(error).__name__}）") from error
        properties, buffer = self._word.docx.core_properties, BytesIO()
        properties.created = properties.modified = datetime.now(UTC)
        self._word.docx.save(buffer)
        return buffer.getvalue()

    def _require(self) -> None:
        """A letter whose template lost the faults, or the name of the agency, would be sent without them."""
        try:
            used = meta.find_undeclared_variables(_parsed(self._word.patch_xml(self._word.get_xml())))
        except TemplateSyntaxError as error:
            raise self._fault(_syntax(error)) from error
        if missing := [f"“{name}”" for name in self.kind.needed if name not in used]:
            raise self._fault(f"其中没有写{'、'.join(missing)}，生成的文书会缺少这些内容")

    def _fault(self, what: str) -> ConfigurationError:
        return ConfigurationError(
            f"“{self.kind.title}”的模板 {self._where} 不能使用：{what}。",
            f"请改正后再试，或换回随附的模板。可用的字段：{'、'.join(self.kind.fields)}。",
        )


def path(kind: Kind, settings: Settings) -> Path:
    """The template in force: the office's own, else the shipped one."""
    found = shipped(settings, FOLDER, kind.name, ".docx")
    if found is None:
        where = settings.data / FOLDER
        raise ConfigurationError(f"找不到“{kind.title}”的模板 {kind.name}.docx。", f"请把它放到 {where}。")
    return found


def opened(kind: Kind, settings: Settings) -> Form:
    """The template in force, ready to be filled in. Raises ConfigurationError with its path and what is wrong."""
    where = path(kind, settings)
    try:
        return Form(kind, where.read_bytes(), str(where))
    except OSError as error:
        raise ConfigurationError(f"无法打开模板 {where}（{error.strerror}）。", "请核对文件权限。") from error


class _Word(DocxTemplate):
    """A template whose output is taken as it is."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """As the library does it, but without rewriting `{_{` to `{{` in what was filled in, and compiled once.

        Raises etree.XMLSyntaxError where the template's control words tear paragraphs or tables apart.
        """
        self.current_rendering_part = part
        made: str = cast(Any, self).resolve_listing(_compiled(src_xml).render(context).replace("\n<w:p", "<w:p"))
        etree.fromstring(made.encode(), _STRICT)
        return made

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """A file's author, title and the like hold no fields."""


@lru_cache(maxsize=32)
def _compiled(xml: str) -> Template:
    _parsed(xml)
    return _ENVIRONMENT.from_string(_by_lines(xml))


def _parsed(xml: str) -> Any:
    """The template's syntax tree; of a fault in it, the text around it is kept as the error's `name`."""
    lines = _by_lines(xml)
    try:
        return _ENVIRONMENT.parse(lines)
    except TemplateSyntaxError as error:
        error.name = re.sub(r"<[^>]+>", "", lines.split("\n")[error.lineno - 1]).strip()
        raise


def _by_lines(xml: str) -> str:
    """One paragraph a line, so that a fault has a line of its own."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)


def _syntax(error: TemplateSyntaxError) -> str:
    message, tag = error.message or "", _TAG.search(error.message or "")
    if "end of template" in message:
        return "有 for 或 if 没有对应的 endfor 或 endif"
    near = f"：{error.name[:_QUOTED]}" if error.name else ""
    return (f"有多余或写错的控制语句“{tag[1]}”" if tag else "花括号中的写法有误") + near


def _undefined(message: str) -> str:
    name = _UNDEFINED.search(message)
    return f"其中写了“{name[1] or name[2]}”，没有这个字段" if name else "其中写了没有的字段"


# --- what is filled in ------------------------------------------------------------------------------------------------


class _Chart:
    """A chart in the place of its field: it ends the run of the field and opens another behind itself."""

    def __init__(self, bars: Bars, word: Any) -> None:
        self.bars, self.word = bars, word

    def __html__(self) -> str:
        shown = drawing(self.bars, self.word.current_rendering_part)
        return f'</w:t></w:r><w:r>{shown}</w:r><w:r><w:t xml:space="preserve">'


def _fit(value: Any, word: Any) -> Any:
    """A value as the template gets it: texts without what no document may hold, charts bound to their document."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Bars):
        bars = tuple((plain(name), number) for name, number in value.bars)
        return _Chart(Bars(plain(value.title), plain(value.unit), bars, value.lying), word)
    if isinstance(value, list):
        return [_fit(item, word) for item in value]
    if isinstance(value, dict):
        return {name: _fit(item, word) for name, item in value.items()}
    return value


def plain(words: str) -> str:
    """`words` without characters that no document may hold; line breaks and tabs stay."""
    return _UNFIT.sub("", words.replace("\r\n", "\n"))
