"""Small faults put into a module's functions, one at a time: what a careless edit might do to a rule."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
}
_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min", "failed": "passed", "passed": "failed"}
_CALLS |= {"doubtful": "failed", "not_evaluated": "passed", "not_applicable": "passed"}

Change = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed function: its line, what was changed into what, and the code that takes the old one's place."""

    function: str
    line: int
    what: str
    code: CodeType


def mutants(source: str, file_name: str) -> Iterator[Mutant]:
    """Every mutant of every function (methods and nested functions included) of a module."""
    tree = ast.parse(source)
    for position, node in enumerate(ast.walk(tree)):
        for what, change in _changes(node):
            changed = copy.deepcopy(tree)
            victim = _at(changed, position)
            _replace(changed, victim, change(victim))
            ast.fix_missing_locations(changed)
            line = getattr(node, "lineno", 0)
            owner = _owner(tree, line)
            code = owner and _code(compile(changed, file_name, "exec"), owner)
            if owner and code:
                yield Mutant(owner, line, what, code)


def _at(tree: ast.AST, position: int) -> ast.AST:
    return next(node for i, node in enumerate(ast.walk(tree)) if i == position)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
            other = _COMPARISONS[type(op)]
            yield f"{type(op).__name__} → {other.__name__}", _set("ops", [other()])
        case ast.BoolOp(op=op):
            swapped = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{type(op).__name__} → {type(swapped).__name__}", _set("op", swapped)
        case ast.UnaryOp(op=ast.Not()):
            yield "not removed", lambda n: n.operand  # type: ignore[attr-defined]
        case ast.BinOp(op=op) if type(op) in _OPERATORS and not _texts(node):
            yield f"{type(op).__name__} → {_OPERATORS[type(op)].__name__}", _set("op", _OPERATORS[type(op)]())
        case ast.Constant(value=bool(value)):
            yield f"{value} → {not value}", _set("value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value} → {value + 1}", _set("value", value + 1)
        case ast.If() | ast.IfExp():
            yield "condition → False", _set("test", ast.Constant(False))
        case ast.Continue():
            yield "continue → break", lambda n: ast.copy_location(ast.Break(), n)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield f"{name} → {_CALLS[name]}", _set("func", ast.Name(_CALLS[name], ast.Load()))


def _texts(node: ast.BinOp) -> bool:
    """Whether strings are put together: what a message says is not what a rule decides."""
    sides = (node.left, node.right)
    return any(
        isinstance(s, ast.JoinedStr) or (isinstance(s, ast.Constant) and isinstance(s.value, str)) for s in sides
    )


def _set(field: str, value: object) -> Change:
    def change(node: ast.AST) -> ast.AST:
        setattr(node, field, value)
        return node

    return change


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    if old is new:
        return
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(item is old for item in value):
                value[:] = [new if item is old else item for item in value]


def _owner(tree: ast.Module, line: int) -> str | None:
    """The outermost function, as `name` or `Class.name`, whose body has the line."""
    for top in tree.body:
        inside = top.body if isinstance(top, ast.ClassDef) else [top]
        prefix = f"{top.name}." if isinstance(top, ast.ClassDef) else ""
        for node in inside:
            if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= (node.end_lineno or 0):
                return prefix + node.name
    return None


def _code(module: CodeType, owner: str) -> CodeType | None:
    code: CodeType | None = module
    for name in owner.split("."):
        inner = (c for c in (code.co_consts if code else ()) if isinstance(c, CodeType))
        code = next((c for c in inner if c.co_name == name), None)
    return code
