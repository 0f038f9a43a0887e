"""One run of HiGHS below a cutoff, on one thread, repeatable unless a time limit binds.

HiGHS (Huangfu & Hall, Math. Prog. Comp. 10 (2018) 119-142, 10.1007/s12532-017-0130-5) takes the
cutoff through its option `objective_bound`, the value its own sub-problems are cut off with. A run
that ends by itself without a choice at or below the cutoff proves that there is none.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.model import Program
from twin.errors import RunError

_NO_HEURISTICS = {
    # The searches of this package find the choices; HiGHS spends its time on the bound alone.
    # Strong branching (mip_pscost_minreliable) took 4/5 of the LP iterations and proved less.
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_pscost_minreliable": 0,
    "mip_allow_restart": False,
}


@dataclass(frozen=True, eq=False)
class MilpRun:
    """What one run ended with.

    Parameters
    ----------
    values
        Variables of the best point at or below the cutoff, or None.
    bound
        No point has an objective below min(bound, cutoff).
    complete
        Whether the search below the cutoff is exhausted.
    timed_out
        Whether the CPU limit ended the run.
    nodes
        Branch-and-bound nodes visited.
    """

    values: NDArray[np.float64] | None
    bound: float
    complete: bool
    timed_out: bool
    nodes: int


def _solver(program: Program, integer: bool) -> Any:
    import highspy

    highspy.Highs.resetGlobalScheduler(True)  # noqa: FBT003 - positional in highspy
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
    }
    for name, value in {**options, **_NO_HEURISTICS}.items():
        _accept(highs.setOptionValue(name, value), name)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = program.n_variables, program.n_rows
    model.col_cost_ = program.objective
    model.col_lower_ = np.zeros(program.n_variables)
    model.col_upper_ = np.ones(program.n_variables)
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = program.indptr
    model.a_matrix_.index_ = program.indices
    model.a_matrix_.value_ = program.values
    if integer:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in program.is_integer]
    _accept(highs.passModel(model), "passModel")
    return highs


def _accept(status: Any, what: str) -> None:
    import highspy

    if status == highspy.HighsStatus.kError:
        raise RunError(f"HiGHS refused {what}")


def relaxation_bound(program: Program) -> float:
    """Return the optimum of the linear relaxation; infinite when it has no point.

    Raises
    ------
    RunError
        If HiGHS ends without an answer.
    """
    import highspy

    highs = _solver(program, integer=False)
    _accept(highs.run(), "run")
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return float("inf")
    if status != highspy.HighsModelStatus.kOptimal:
        raise RunError(f"HiGHS ended the relaxation with: {highs.modelStatusToString(status)}")
    return float(highs.getInfo().objective_function_value)


def run_below(
    program: Program, cutoff: float, nodes: int, cpu_limit_s: float | None = None
) -> MilpRun:
    """Search for the least objective not above `cutoff`.

    Parameters
    ----------
    program
        What to minimise.
    cutoff
        Highest objective worth finding.
    nodes
        Limit on branch-and-bound nodes: a count, so the run is repeatable.
    cpu_limit_s
        Limit on CPU seconds of the process; None for none.

    Raises
    ------
    RunError
        If HiGHS fails.
    """
    import highspy

    highs = _solver(program, integer=True)
    margin = 0.01 * program.step if program.step > 0.0 else 1e-9 * max(1.0, abs(cutoff))
    _accept(highs.setOptionValue("objective_bound", cutoff + margin), "objective_bound")
    _accept(highs.setOptionValue("mip_max_nodes", max(nodes, 1)), "mip_max_nodes")
    expired = [False]
    if cpu_limit_s is not None:
        end_s = time.process_time() + cpu_limit_s

        def watch(event: Any) -> None:
            if time.process_time() >= end_s:
                expired[0] = True
                event.interrupt()

        highs.cbMipInterrupt.subscribe(watch)
        highs.cbSimplexInterrupt.subscribe(watch)
    _accept(highs.run(), "run")
    status, info = highs.getModelStatus(), highs.getInfo()
    statuses = highspy.HighsModelStatus
    ended = {statuses.kOptimal, statuses.kInfeasible, statuses.kObjectiveBound}
    stopped = {statuses.kInterrupt, statuses.kSolutionLimit, statuses.kIterationLimit}
    if status not in ended | stopped:
        raise RunError(f"HiGHS ended with: {highs.modelStatusToString(status)}")
    values = None
    found = float(info.objective_function_value)
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible and (
        found <= cutoff + margin
    ):
        values = np.asarray(highs.getSolution().col_value)
    complete = status in ended
    bound = float(info.mip_dual_bound)
    if complete:
        bound = np.inf if values is None else found
    return MilpRun(values, bound, complete, expired[0], int(max(info.mip_node_count, 0)))
