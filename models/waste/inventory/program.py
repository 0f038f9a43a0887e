"""A mixed-integer programme built row by row and solved by HiGHS to proven optimality.

HiGHS: Huangfu & Hall, Math. Prog. Comp. 10 (2018) 119-142, 10.1007/s12532-017-0130-5. One thread
and a fixed seed: the same programme gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import RunError

_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-7,
}


@dataclass(frozen=True, eq=False)
class Optimum:
    """A proven optimum: values of the columns, shape (columns,), and the objective."""

    values: NDArray[np.float64]
    objective: float


@dataclass(eq=False)
class Program:
    """Minimise cost over columns between their bounds, rows between theirs."""

    _cost: list[float] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _integer: list[bool] = field(default_factory=list)
    _start: list[int] = field(default_factory=lambda: [0])
    _index: list[int] = field(default_factory=list)
    _value: list[float] = field(default_factory=list)
    _row_lower: list[float] = field(default_factory=list)
    _row_upper: list[float] = field(default_factory=list)

    def columns(
        self, cost: ArrayLike, upper: float = np.inf, *, integer: bool = False
    ) -> NDArray[np.int64]:
        """Add one column per cost, each in [0, upper]; return their numbers, in the same shape."""
        costs = np.asarray(cost, dtype=np.float64)
        first = len(self._cost)
        self._cost.extend(costs.ravel().tolist())
        self._upper.extend([upper] * costs.size)
        self._integer.extend([integer] * costs.size)
        return np.arange(first, first + costs.size, dtype=np.int64).reshape(costs.shape)

    def row(self, lower: float, upper: float, *terms: tuple[ArrayLike, ArrayLike]) -> None:
        """Add lower <= sum of coefficient x column <= upper; a term is (columns, coefficients)."""
        for columns, coefficients in terms:
            numbers = np.asarray(columns, dtype=np.int64).ravel()
            self._index.extend(numbers.tolist())
            values = np.asarray(coefficients, dtype=np.float64).ravel()
            self._value.extend(np.broadcast_to(values, numbers.shape).tolist())
        self._start.append(len(self._index))
        self._row_lower.append(lower)
        self._row_upper.append(upper)

    def minimise(self) -> Optimum | None:
        """Return a proven optimum, or None where no point meets every row.

        Raises
        ------
        RunError
            HiGHS ended without an answer.
        """
        import highspy

        highspy.Highs.resetGlobalScheduler(True)  # noqa: FBT003 - positional in highspy
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in _OPTIONS.items():
            highs.setOptionValue(name, value)
        if highs.passModel(self._model()) == highspy.HighsStatus.kError:
            raise RunError("HiGHS refused the programme")
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise RunError(f"HiGHS ended with: {highs.modelStatusToString(status)}")
        return Optimum(
            np.asarray(highs.getSolution().col_value, dtype=np.float64),
            float(highs.getInfo().objective_function_value),
        )

    def _model(self) -> Any:
        import highspy

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._cost), len(self._row_lower)
        model.col_cost_ = np.array(self._cost)
        model.col_lower_, model.col_upper_ = np.zeros(len(self._cost)), np.array(self._upper)
        model.row_lower_ = np.array(self._row_lower)
        model.row_upper_ = np.array(self._row_upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self._start, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self._index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self._value)
        if any(self._integer):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[int(flag)] for flag in self._integer]
        return model
