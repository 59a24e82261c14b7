"""Which mistakes explain the sums of table 三 that do not hold: a small search over its identities.

The identities are linear equations over cells. Rows (SUM-03) and columns (SUM-01, SUM-02) cross in one cell, so a single
wrong cell breaks its row and its columns by the same amount, and only that cell mends all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from gdcore import wording
from gdcore.verdict import Outcome, Verdict

Verdicts = Mapping[str, tuple[Verdict, ...]]
Key = tuple[str, str]

ROWS, DETAILS, FLOWS, EXCEEDING = "SUM-03", "SUM-02", "SUM-01", "SUM-07"
COLUMNS = (DETAILS, FLOWS, "SUM-08")
# With more wrong rows than this each row is explained for itself: the search is 8 to the power of the rows.
ROWS_TOGETHER = 4


@dataclass(frozen=True)
class Causes:
    """What to tell instead of every broken identity: (code, address) that are told elsewhere, and notes to add."""

    folded: frozenset[Key] = frozenset()
    notes: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Equation:
    """An identity of which every cell is known. `told` is the verdict that speaks of it, `residual` what it is off by."""

    code: str
    address: str
    told: Key
    signs: Mapping[str, int]
    values: Mapping[str, Decimal]

    @property
    def residual(self) -> Decimal:
        return sum((sign * self.values[cell] for cell, sign in self.signs.items()), Decimal(0))

    @property
    def column(self) -> str:
        return self.address.rpartition(".")[2]


Assignment = Mapping[str, str]  # row equation's address → the cell that is taken for wrong


def causes(verdicts: Verdicts) -> Causes:
    """The findings of SUM-01, SUM-02, SUM-03, SUM-07 and SUM-08 that one of the others tells already."""
    if not any(v.outcome is Outcome.FAIL for code in (ROWS, *COLUMNS, EXCEEDING) for v in verdicts.get(code, ())):
        return Causes()
    search = _Search(list(_equations(verdicts)))
    search.explain_rows()
    search.explain_result_totals()
    search.explain_total_column()
    search.explain_misfiled()
    told = search.notes
    return Causes(frozenset(search.folded - set(told)), {key: "；".join(notes) for key, notes in told.items()})


def _equations(verdicts: Verdicts) -> Iterator[_Equation]:
    exceeding = {
        v.address.rpartition(".")[2]: v.address for v in verdicts.get(EXCEEDING, ()) if v.outcome is Outcome.FAIL
    }
    for code in (ROWS, *COLUMNS):
        for verdict in verdicts.get(code, ()):
            signs: dict[str, int] = {}
            values: dict[str, Decimal] = {}
            for sign, figure in verdict.terms:
                if figure.value is not None and figure.address:
                    signs[figure.address], values[figure.address] = sign, figure.value
            if not signs or len(signs) < len(verdict.terms):
                continue
            column = verdict.address.rpartition(".")[2]
            clearer = code == FLOWS and column in exceeding
            told = (EXCEEDING, exceeding[column]) if clearer else (code, verdict.address)
            yield _Equation(code, verdict.address, told, signs, values)


class _Search:
    """The broken identities and, step by step, which of them are explained. Each step works on what is left over."""

    def __init__(self, equations: list[_Equation]) -> None:
        self.rows = {e.address: e for e in equations if e.code == ROWS}
        self.columns = [e for e in equations if e.code != ROWS]
        self.open = [e for e in equations if e.residual != 0]
        self.settled: set[int] = set()
        self.folded: set[Key] = set()
        self.notes: dict[Key, list[str]] = defaultdict(list)
        self._through: dict[str, list[_Equation]] = defaultdict(list)
        for equation in self.columns:
            for cell in equation.signs:
                self._through[cell].append(equation)

    def _find(self, code: str, column: str) -> _Equation | None:
        return next((e for e in self.columns if e.code == code and e.column == column), None)

    def _is_open(self, equation: _Equation | None) -> bool:
        return equation is not None and any(equation is e for e in self.open)

    def _close(self, equations: Iterable[_Equation]) -> None:
        closed = {id(e) for e in equations}
        self.open = [e for e in self.open if id(e) not in closed]

    # --- one wrong cell in a row ------------------------------------------------------------------------------------

    def explain_rows(self) -> None:
        """Give each broken row the one cell that mends it together with the columns it runs through."""
        rows = [e for e in self.open if e.code == ROWS]
        if len(rows) <= ROWS_TOGETHER:
            self._explain(rows)
        else:
            for row in rows:
                self._explain([row])

    def _explain(self, rows: list[_Equation]) -> None:
        scored = [(a, mended) for a in self._assignments(rows) if (mended := self._mended(a, rows)) is not None]
        most = max((len(mended) for _, mended in scored), default=0)
        best = [(a, mended) for a, mended in scored if len(mended) == most and a]
        if not best:
            return
        certain = set.intersection(*(set(mended) for _, mended in best))
        for row in rows:
            cells = {a[row.address] for a, _ in best if row.address in a}
            if not cells or not all(self._broken_through(cell) <= certain for cell in cells):
                continue
            named = [f"{wording.describe(c)} 应为 {row.values[c] + _change(row, c):f}" for c in row.signs if c in cells]
            self.notes[row.told].append("可能为同一处笔误：" + "，或 ".join(named))
            broken = [e for cell in cells for e in self._through[cell] if e.residual != 0]
            self.folded |= {e.told for e in broken}
            self.settled |= {id(e) for e in broken}
            self._close([row, *broken])

    def _assignments(self, rows: list[_Equation]) -> Iterator[Assignment]:
        """Every choice of at most one wrong cell in each row, out of the cells that a broken column runs through."""
        choices = [[None, *(c for c in r.signs if self._broken_through(c) and _possible(r, c))] for r in rows]
        for chosen in product(*choices):
            yield {row.address: cell for row, cell in zip(rows, chosen, strict=True) if cell is not None}

    def _broken_through(self, cell: str) -> set[int]:
        return {id(e) for e in self._through[cell] if e.residual != 0}

    def _mended(self, assignment: Assignment, rows: list[_Equation]) -> set[int] | None:
        """The identities that hold once the chosen cells are put right; None if a column through them then does not."""
        changes = {cell: _change(row, cell) for row in rows if (cell := assignment.get(row.address)) is not None}
        mended = {id(row) for row in rows if row.address in assignment}
        for equation in {id(e): e for cell in changes for e in self._through[cell]}.values():
            after = equation.residual + sum(equation.signs[c] * d for c, d in changes.items() if c in equation.signs)
            if after != 0:
                return None
            if equation.residual != 0:
                mended.add(id(equation))
        return mended

    # --- what is left in the columns --------------------------------------------------------------------------------

    def explain_result_totals(self) -> None:
        """（七）总计 of one column off against the details and against the flows by the same amount: one wrong total."""
        for details in [e for e in self.open if e.code == DETAILS]:
            flows, cell = self._find(FLOWS, details.column), details.address
            if flows is None or not self._is_open(flows) or flows.residual != details.residual:
                continue
            right = details.values[cell] - details.residual
            if right >= 0 and details.column != "total":
                also = "，该行总计随之改正" if self._total_agrees(cell) else ""
                self.notes[details.told].append(f"可能为同一处笔误：{wording.describe(cell)} 应为 {right:f}{also}")
            self.folded.add(flows.told)
            self._close([flows])

    def _total_agrees(self, cell: str) -> bool:
        row = next((r for r in self.rows.values() if cell in r.signs), None)
        return row is not None and row.residual == 0

    def explain_total_column(self) -> None:
        """The total column is off because applicant columns or rows are: it is told with them."""
        for code in (DETAILS, FLOWS):
            whole = self._find(code, "total")
            if whole is None or not self._is_open(whole):
                continue
            parts = [e for e in self.columns if e.code == code and e is not whole and e.residual != 0]
            across = [(sign, self.rows[cell]) for cell, sign in whole.signs.items() if cell in self.rows]
            caused = sum((e.residual for e in parts), Decimal(0)) + sum(sign * e.residual for sign, e in across)
            if caused == whole.residual and (parts or any(e.residual for _, e in across)):
                self.folded.add(whole.told)
                self._close([whole])

    def explain_misfiled(self) -> None:
        """Two applicant columns off by opposite amounts while the total column holds: one request under a wrong heading."""
        off: dict[str, list[_Equation]] = defaultdict(list)
        for equation in self.columns:
            if equation.residual != 0 and equation.code in (DETAILS, FLOWS) and id(equation) not in self.settled:
                off[equation.column].append(equation)
        if len(off) != 2 or "total" in off or any(e.code == ROWS for e in self.open):
            return
        (first, ours), (second, theirs) = off.items()
        if {e.code: e.residual for e in ours} != {e.code: -e.residual for e in theirs}:
            return
        carrier = next((e for e in ours if self._is_open(e)), None)
        if carrier is None:
            return
        names = f"{wording.column_word('t3', first)}列与{wording.column_word('t3', second)}列"
        number = f"{abs(carrier.residual):f}"
        note = f"{names}各差 {number} 件、方向相反，可能是 {number} 件申请填错了申请人类别"
        for equation in theirs:
            self.notes.pop(equation.told, None)
            self.folded.add(equation.told)
        self.notes[carrier.told].append(note)
        self._close(theirs)


def _change(row: _Equation, cell: str) -> Decimal:
    """What must be added to a cell so that its row holds."""
    return -row.residual * row.signs[cell]


def _possible(row: _Equation, cell: str) -> bool:
    """Whether the cell's right value would be a count."""
    return row.values[cell] + _change(row, cell) >= 0
