"""Known truths of the intervals, the comparisons and the choices."""

from __future__ import annotations

from collections.abc import Sequence

from twin.lang import Text
from twin.oracle import Oracle

_LAW = (1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09)
_SMALL = (126.97, 124.31, 126.68, 122.66, 127.23)
_LARGE = (118.21, 120.22, 122.45, 122.68, 119.40)
_ISHIGAMI_ROWS = 4096


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of statistics."""
    return (*_intervals(), *_comparisons(), *_choices(), *_sensitivities())


def _intervals() -> tuple[Oracle, ...]:
    law = "Law & Kelton, Simulation Modeling and Analysis, ch. 4"
    wilson = "Wilson 1927, J. Am. Stat. Assoc. 22; closed form"
    return (
        Oracle(
            "statistics.student.mean",
            Text("moyenne de dix attentes", "mean of ten waits"),
            law, "1", 1.34, 0.005, lambda: _interval(_LAW, 0.90)[0],
        ),
        Oracle(
            "statistics.student.half_width",
            Text("demi-largeur à 90 % de Student", "half-width at 90 %, Student"),
            law, "1", 0.24, 0.005, lambda: _interval(_LAW, 0.90)[1],
        ),
        Oracle(
            "statistics.wilson.low",
            Text("Wilson à 95 %, 2 succès sur 4, borne basse", "Wilson 95 %, 2 of 4, low"),
            wilson, "1", 0.15004, 5e-6, lambda: _wilson(2, 4),
        ),
        Oracle(
            "statistics.wilson.none",
            Text("Wilson à 95 %, 0 succès sur 10, borne haute", "Wilson 95 %, 0 of 10, high"),
            wilson, "1", 0.277533, 5e-7, lambda: _wilson_high(0, 10),
        ),
    )  # fmt: skip


def _comparisons() -> tuple[Oracle, ...]:
    source = "Law & Kelton, Simulation Modeling and Analysis, ch. 10"
    return (
        Oracle(
            "statistics.paired.difference",
            Text("écart apparié de deux stocks (s, S)", "paired difference, two (s, S) policies"),
            source, "1", 4.98, 0.005, lambda: _paired()[0],
        ),
        Oracle(
            "statistics.paired.half_width",
            Text("sa demi-largeur à 90 %", "its half-width at 90 %"),
            source, "1", 3.33, 0.005, lambda: _paired()[1],
        ),
        Oracle(
            "statistics.holm",
            Text("correction de Holm de 0,01 parmi trois", "Holm's correction of 0.01 among three"),
            "Holm 1979, Scand. J. Stat. 6; closed form", "1", 0.03, 1e-12, _holm,
        ),
    )  # fmt: skip


def _choices() -> tuple[Oracle, ...]:
    paper = "Kim & Nelson 2001, ACM TOMACS 11(3); closed form"
    return (
        Oracle(
            "statistics.kim_nelson.eta",
            Text("constante êta, 5 systèmes, n0 = 10", "constant eta, 5 systems, n0 = 10"),
            paper, "1", 0.634967, 5e-7, lambda: _kn(0),
        ),
        Oracle(
            "statistics.kim_nelson.h2",
            Text("constante h², 5 systèmes, n0 = 10", "constant h², 5 systems, n0 = 10"),
            paper, "1", 11.429411, 5e-7, lambda: _kn(1),
        ),
        Oracle(
            "statistics.ocba",
            Text("part OCBA du meilleur, écarts 1 et 2", "OCBA share of the best, gaps 1 and 2"),
            "Chen et al. 2000, DEDS 10; closed form: sqrt(17/16)/(sqrt(17/16) + 5/4)", "1",
            0.451941, 5e-7, _ocba,
        ),
        Oracle(
            "statistics.regret",
            Text("plus grand regret du choix minimax", "largest regret of the minimax choice"),
            "Savage 1951; table worked by hand", "1", 15.0, 0.0, _regret,
        ),
        Oracle(
            "statistics.hypervolume",
            Text("aire dominée par trois points", "area that three points dominate"),
            "Zitzler & Thiele 1998; rectangles counted by hand", "1", 6.0, 0.0, _hypervolume,
        ),
    )  # fmt: skip


def _sensitivities() -> tuple[Oracle, ...]:
    known = {
        "first": (0.313905, 0.442411, 0.0),
        "total": (0.557589, 0.442411, 0.243684),
    }
    words = {
        "first": Text("indice de Sobol du premier ordre", "first-order Sobol index"),
        "total": Text("indice de Sobol total", "total Sobol index"),
    }
    return tuple(
        Oracle(
            f"statistics.sobol.{order}.x{number + 1}",
            Text(f"{words[order].fr}, Ishigami x{number + 1}, N = {_ISHIGAMI_ROWS}",
                 f"{words[order].en}, Ishigami x{number + 1}, N = {_ISHIGAMI_ROWS}"),
            "Ishigami & Homma 1990; analytic, a = 7, b = 0.1", "1", value, 0.02,
            lambda order=order, number=number: _ishigami(order, number),  # type: ignore[misc]
        )
        for order, values in known.items()
        for number, value in enumerate(values)
    )  # fmt: skip


def _interval(values: Sequence[float], level: float) -> tuple[float, float]:
    from twin.decide.intervals import mean_interval

    found = mean_interval(values, level)
    return found.mean, found.half_width


def _wilson(successes: int, trials: int) -> float:
    from twin.decide.intervals import wilson_interval

    return wilson_interval(successes, trials).low


def _wilson_high(successes: int, trials: int) -> float:
    from twin.decide.intervals import wilson_interval

    return wilson_interval(successes, trials).high


def _paired() -> tuple[float, float]:
    from twin.decide.compare import compare_paired

    found = compare_paired(_SMALL, _LARGE, level=0.90).difference
    return found.mean, found.half_width


def _holm() -> float:
    from twin.decide.compare import holm

    return holm([0.01, 0.04, 0.03])[0]


def _kn(which: int) -> float:
    from twin.decide.select import kn_constants

    return kn_constants(5, 10, 0.05)[which]


def _ocba() -> float:
    from twin.decide.allocate import ocba_shares

    return float(ocba_shares([1.0, 2.0, 3.0], [2.0, 2.0, 2.0])[0])


def _regret() -> float:
    from twin.decide.robust import minimax, regrets

    return minimax(regrets({"a": [10, 50, 30], "b": [20, 20, 40], "c": [35, 25, 25]})).worst


def _hypervolume() -> float:
    from twin.decide.pareto import hypervolume
    from twin.recorder import Direction

    return hypervolume([[1, 3], [2, 2], [3, 1]], [4, 4], (Direction.MIN, Direction.MIN))


def _ishigami(order: str, number: int) -> float:
    import numpy as np

    from twin.decide.sobol import sobol, sobol_design

    def outcome(shares: np.ndarray) -> np.ndarray:
        x1, x2, x3 = np.pi * (2.0 * shares.T - 1.0)
        return np.asarray(np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))

    names = ("x1", "x2", "x3")
    design = sobol_design(names, _ISHIGAMI_ROWS, 36)
    mixed = [outcome(design.mixed(column)) for column in range(3)]
    found = sobol(names, outcome(design.a), outcome(design.b), mixed, resamples=2)[number]
    return found.first.mean if order == "first" else found.total.mean
