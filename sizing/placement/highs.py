"""Linear and integer programs by HiGHS: one thread, no clock, so that equal programs agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from highspy import HighsLp

MOST_NODES = 1_000  # of one branch-and-bound tree, instead of a clock. Source: sizing-decisions.
RELATIVE_GAP = 1e-7  # between incumbent and bound: far below a cent. Source: sizing-decisions.


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """lower <= sum of coefficient x variable, over the variables named."""

    coefficients: dict[int, float]
    lower: float


@dataclass(slots=True, kw_only=True)
class Program:
    """Minimise costs over variables from 0 to their upper bound."""

    costs: list[float]
    upper: list[float]
    whole: bool
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The best point found.

    Attributes:
        values: of the variables; empty where the tree was left before any point was found.
        bound: no point costs less; below `cost` where the tree was left unfinished.
        effort: nodes of the tree that were looked at.
    """

    values: tuple[float, ...]
    cost: float
    bound: float
    effort: int


def minimise(program: Program) -> Answer | None:
    """Return the cheapest point, None where it is proven that there is none."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", RELATIVE_GAP),
        ("mip_max_nodes", MOST_NODES),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(_model(program))
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    information = solver.getInfo()
    feasible = information.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    cost = information.objective_function_value if feasible else inf
    return Answer(
        values=tuple(solver.getSolution().col_value) if feasible else (),
        cost=cost,
        bound=min(cost, information.mip_dual_bound) if program.whole else cost,
        effort=max(0, information.mip_node_count),
    )


def _model(program: Program) -> HighsLp:
    import highspy

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.costs), len(program.rows)
    model.col_cost_ = program.costs
    model.col_lower_ = [0.0] * len(program.costs)
    model.col_upper_ = program.upper
    model.row_lower_ = [row.lower for row in program.rows]
    model.row_upper_ = [inf] * len(program.rows)
    if program.whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(program.costs)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_, matrix.index_, matrix.value_ = _sparse(program.rows)
    return model


def _sparse(rows: Sequence[Row]) -> tuple[list[int], list[int], list[float]]:
    """Return rows as HiGHS stores them: where each starts, then places and values in one run."""
    starts, places, values = [0], list[int](), list[float]()
    for row in rows:
        for place in sorted(row.coefficients):
            places.append(place)
            values.append(row.coefficients[place])
        starts.append(len(places))
    return starts, places, values
