"""Known truths of waste: how points fill, and the bound of perfect information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.lang import Text
from twin.oracle import Oracle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GRONINGEN = "published law of deposits in Groningen: triangular 10, 30, 60 L; closed form"
_ARCHETTI = "conventions of Archetti et al. 2007, Transp. Sci. 41; worked by hand"
_ONE_CUSTOMER = "2 2 10 1\n0 0 0 10 0 0.5\n1 6 8 4 8 0 4 1\n"
"""One supplier at (0, 0) with 10 in stock, one customer at (6, 8): 8 of room, 4 used a period."""

_DAYS, _POINTS, _DAILY_L = 365, 60, 100.0


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of waste."""
    return (*_filling(), *_routing())


def _filling() -> tuple[Oracle, ...]:
    # A day is a compound Poisson sum: number 3 of volumes of mean 100/3 L.
    second = 105.0 + 5.0 / 9.0 + (100.0 / 3.0) ** 2
    variance = _DAILY_L / (100.0 / 3.0) * second
    sample = _DAYS * _POINTS
    return (
        Oracle(
            "waste.volume.mean", Text("volume moyen d'un dépôt", "mean volume of a deposit"),
            _GRONINGEN, "L", 100.0 / 3.0, 1e-9, lambda: _volume()[0],
        ),
        Oracle(
            "waste.volume.variance", Text("sa variance", "its variance"),
            _GRONINGEN, "L²", 105.0 + 5.0 / 9.0, 1e-9, lambda: _volume()[1],
        ),
        Oracle(
            "waste.weibull", Text("coefficient de variation d'une Weibull de forme 2,05",
                                  "coefficient of variation of a Weibull of shape 2.05"),
            "closed form with gamma functions", "1", 0.511, 5e-4, _weibull_cv,
        ),
        Oracle(
            "waste.day.mean",
            Text("litres d'un jour, 100 attendus, à trois erreurs types",
                 "litres of a day, 100 expected, within three standard errors"),
            "compound Poisson, closed form", "L", _DAILY_L, 3.0 * (variance / sample) ** 0.5,
            lambda: float(_totals().mean()),
        ),
        Oracle(
            "waste.day.empty",
            Text("jours sans aucun dépôt, à trois erreurs types",
                 "days without any deposit, within three standard errors"),
            "compound Poisson: exp(-3)", "1", 0.049787, 3.0 * (0.0498 * 0.9502 / sample) ** 0.5,
            lambda: float((_totals() == 0.0).mean()),
        ),
    )  # fmt: skip


def _routing() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "waste.inventory.routing", Text("un client, deux périodes : tournées",
                                            "one customer, two periods: routing"),
            _ARCHETTI, "1", 20.0, 1e-6, lambda: _exact()[0],
        ),
        Oracle(
            "waste.inventory.holding", Text("un client, deux périodes : stockage",
                                            "one customer, two periods: holding"),
            _ARCHETTI, "1", 8.0, 1e-6, lambda: _exact()[1],
        ),
    )  # fmt: skip


def _volume() -> tuple[float, float]:
    from models.waste.filling.law import Volume

    return float(Volume().mean_l), float(Volume().variance_l2)


def _weibull_cv() -> float:
    from models.waste.filling.daily import weibull_cv

    return float(weibull_cv(2.05))


def _totals() -> NDArray[np.float64]:
    """Return daily totals of points that receive deposits, shape (days, points)."""
    import datetime as dt

    import numpy as np

    from models.waste.filling.draw import hourly_l
    from models.waste.filling.factors import PLAIN
    from models.waste.filling.law import Kind, Law
    from models.waste.filling.places import Places
    from twin.clock import Calendar
    from twin.streams import Streams

    law = Law(np.full(_POINTS, _DAILY_L), Kind.DEPOSITS, factors=PLAIN)
    names = tuple(f"p{number}" for number in range(_POINTS))
    places = Places(names, np.arange(_POINTS, dtype=np.float64) * 1e4, np.zeros(_POINTS))
    calendar = Calendar(dt.datetime(2027, 1, 1))  # noqa: DTZ001 - local by contract
    hours = hourly_l(law, places, Streams(36, 0), calendar, dt.date(2027, 1, 1), _DAYS)
    return np.asarray(hours.reshape(_DAYS, 24, _POINTS).sum(axis=1))


def _exact() -> tuple[float, float]:
    """Return the costs of routing and of holding of the best plan."""
    import tempfile
    from pathlib import Path

    from models.waste.inventory.archetti import read_instance
    from models.waste.inventory.exact import solve_exact

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "instance.dat"
        file.write_text(_ONE_CUSTOMER, encoding="utf-8")
        cost = solve_exact(read_instance(file)).cost
    return float(cost.routing), float(cost.holding)
