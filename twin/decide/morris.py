"""Which unknowns can be forgotten: Morris's elementary effects, a few runs for each figure.

`mu_star` is the mean size of the effect of a step of one figure, `sigma` how much that effect
depends on where the others stand. Design and estimators are SALib's (Morris 1991, Technometrics 33;
Campolongo et al. 2007 for mu*). All runs of a trajectory throw the same dice, so an effect is the
figure's alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.intervals import Interval, Kind
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams

LEVELS = 4


@dataclass(frozen=True)
class Effect:
    """One figure's effects, in the outcome's unit for the whole range of the figure."""

    name: str
    mu_star: Interval
    mu: float
    sigma: float


def morris_design(names: Sequence[str], trajectories: int, seed: int) -> NDArray[np.float64]:
    """Return shares in [0, 1], shape (trajectories (d + 1), d), trajectory by trajectory."""
    from_salib = _salib("sample")
    number = int(Streams(seed, 0).generator("morris", "design").integers(2**31))
    rows = from_salib.sample(_problem(names), trajectories, num_levels=LEVELS, seed=number)
    return np.asarray(rows, dtype=np.float64)


def morris(
    names: Sequence[str], design: ArrayLike, outcome: ArrayLike, *, level: float = 0.95
) -> tuple[Effect, ...]:
    """Return each figure's effects, in the order of `names`.

    Raises
    ------
    ValueError
        As many outcomes as rows are needed, all finite: SALib knows no failed run.
    """
    rows = np.asarray(design, dtype=np.float64)
    told = np.asarray(outcome, dtype=np.float64)
    if told.shape != (len(rows),) or not np.isfinite(told).all():
        raise ValueError("a run of the design failed or is missing: every effect would be wrong")
    found = _salib("analyze").analyze(
        _problem(names), rows, told, conf_level=level, num_levels=LEVELS, seed=1
    )
    trajectories = len(rows) // (len(names) + 1)
    return tuple(
        Effect(
            name,
            Interval(
                float(star), float(star - half), float(star + half), level, trajectories,
                Kind.STATISTIC,
            ),
            float(mu),
            float(sigma),
        )
        for name, star, half, mu, sigma in zip(
            names, found["mu_star"], found["mu_star_conf"], found["mu"], found["sigma"], strict=True
        )
    )  # fmt: skip


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _salib(part: str) -> Any:
    """Return SALib's Morris sampler or analyser.

    Raises
    ------
    InputError
        SALib is not installed.
    """
    from importlib import import_module

    try:
        return import_module(f"SALib.{part}.morris")
    except ModuleNotFoundError as error:
        raise InputError(
            Fault(
                Text("le paquet SALib", "the package SALib"),
                Text(
                    "l'installer : make sensitivity (ou demander --method sobol)",
                    "install it: make sensitivity (or ask for --method sobol)",
                ),
                key="--method",
                value="morris",
            )
        ) from error
