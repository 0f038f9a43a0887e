"""The fit of one waste stream: rates, law, effects, pooled rates, and what cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.fit.effects import Effect, fit_effect, month_shares, weekday_shares
from models.waste.filling.fit.laws import Candidate
from models.waste.filling.fit.levels import pieces_of_levels
from models.waste.filling.fit.pieces import AT_LEAST, AT_MOST, EXACT, Pieces
from models.waste.filling.fit.rates import Rates, fit_rates, naive_rates
from models.waste.filling.fit.readings import Measured, Readings
from models.waste.filling.fit.shrinkage import Shrunk, shrink
from models.waste.filling.fit.weighings import pieces_of_weighings
from twin.errors import DataError, Fault
from twin.lang import Text

Floats = NDArray[np.float64]

_FEWEST_FOR_LAG = 20
_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Fit:
    """What the measurements of one stream say.

    Attributes
    ----------
    stream, unit
        The waste stream; what amounts are in: kg, l (litres) or %.
    pieces
        What was measured, cleaned.
    rates
        The best law's fit; every law's in `candidates`.
    shrunk
        The pooled rates, in `unit` a day once exponentiated.
    weekday, season
        Factors of mean 1, None where they cannot be told.
    naive_per_day
        What came in over the time it took, as if full containers held all, shape (points,).
    lag_1
        Correlation of successive pieces of a point; None under twenty pairs.
    """

    stream: str
    unit: str
    measured: Measured
    pieces: Pieces
    rates: Rates
    candidates: tuple[Rates, ...]
    shrunk: Shrunk
    weekday: Effect | None
    season: Effect | None
    naive_per_day: Floats
    lag_1: float | None
    notices: tuple[Text, ...]

    @property
    def parameters(self) -> int:
        """How many parameters every candidate has: rates, cv, effects."""
        effects = 6 * (self.weekday is not None) + 11 * (self.season is not None)
        return int(self.rates.seen.sum()) + 1 + effects

    def aic(self, rates: Rates) -> float:
        """Return Akaike's criterion of a candidate."""
        return 2.0 * self.parameters - 2.0 * rates.log_likelihood

    @property
    def dispersion(self) -> float:
        """Variance over mean of a day's amount at the median point, in `unit`.

        For deposits it is E[V²] / E[V], the size of one deposit as far as chance goes.
        """
        median = float(np.median(np.exp(self.rates.log_rate[self.rates.seen])))
        return self.rates.cv**2 * median


def fit_readings(readings: Readings, density_kg_m3: float | None = None) -> tuple[Fit, ...]:
    """Return the fit of each stream of the readings, in order of appearance.

    Raises
    ------
    DataError
        A stream where no point has two pieces, at least one of them exact.
    """
    return tuple(
        fit_stream(readings.of(stream), density_kg_m3) for stream in dict.fromkeys(readings.stream)
    )


def fit_stream(readings: Readings, density_kg_m3: float | None = None) -> Fit:
    """Return the fit of readings of one stream; see :func:`fit_readings`."""
    weighed = readings.measured is Measured.WEIGHINGS
    pieces = pieces_of_weighings(readings, density_kg_m3) if weighed else pieces_of_levels(readings)
    exact = np.bincount(pieces.point[pieces.known == EXACT], minlength=len(pieces.ids))
    if not len(pieces) or not (exact > 1).any():
        raise DataError(_few_fault(readings, pieces))
    weekday, season, factor = _effects(pieces)
    candidates = tuple(fit_rates(pieces, law, factor) for law in Candidate)
    best = max(candidates, key=lambda rates: rates.log_likelihood)
    return Fit(
        stream=readings.stream[0],
        unit=pieces.unit,
        measured=readings.measured,
        pieces=pieces,
        rates=best,
        candidates=candidates,
        shrunk=shrink(pieces, best, factor),
        weekday=weekday,
        season=season,
        naive_per_day=naive_rates(pieces),
        lag_1=_lag_1(pieces, best, factor),
        notices=_notices(readings, pieces, density_kg_m3, weekday, season),
    )


def _effects(pieces: Pieces) -> tuple[Effect | None, Effect | None, Floats]:
    """Return weekday, season and what they multiply each piece's mean by; each given the other."""
    week, year = weekday_shares(pieces), month_shares(pieces)
    ones = np.ones(len(pieces))
    by_week, by_year = ones, ones
    weekday: Effect | None = None
    season: Effect | None = None
    for turn in range(_ROUNDS):
        rates = fit_rates(pieces, Candidate.GAMMA, by_week * by_year)
        weekday = fit_effect(pieces, week, by_year, rates)
        by_week = ones if weekday is None else week @ weekday.factors
        season = fit_effect(pieces, year, by_week, rates)
        by_year = ones if season is None else year @ season.factors
        # One alone needs no second look, but for rates fitted without it.
        if (weekday is None or season is None) and (turn or weekday is season):
            break
    return weekday, season, by_week * by_year


def _lag_1(pieces: Pieces, rates: Rates, factor: Floats) -> float | None:
    """Return the correlation of successive exact pieces of a point, rates and effects removed."""
    mean = np.exp(rates.log_rate[pieces.point]) * pieces.days * factor
    rest = (pieces.amount / mean - 1.0) * np.sqrt(pieces.days)
    pair = (
        (np.diff(pieces.point) == 0)
        & (np.abs(pieces.start[1:] - pieces.end[:-1]) < 1e-6)  # noqa: PLR2004
        & (pieces.known[1:] == EXACT)
        & (pieces.known[:-1] == EXACT)
        & rates.seen[pieces.point[1:]]
    )
    if pair.sum() < _FEWEST_FOR_LAG:
        return None
    return float(np.corrcoef(rest[:-1][pair], rest[1:][pair])[0, 1])


def _notices(
    readings: Readings,
    pieces: Pieces,
    density_kg_m3: float | None,
    weekday: Effect | None,
    season: Effect | None,
) -> tuple[Text, ...]:
    """Return what the measurements cannot tell."""
    notices = [
        Text(
            "Non séparables : saturation, report sur les points voisins, relevés manquants et "
            "collecte sélective ; un débit mesuré est celui des jours où l'on pouvait déposer.",
            "Not separable: saturation, diversion to neighbouring points, missed records and "
            "selective collection; a measured rate is that of days when one could deposit.",
        ),
        Text(
            "La loi retenue est la moins mauvaise des quatre, non une loi prouvée ; les jours sont "
            "supposés indépendants (le CV d'une durée de n jours est CV / √n).",
            "The law kept is the least bad of four, not a proven one; days are taken as "
            "independent (the CV of n days is CV / √n).",
        ),
    ]
    weighed = readings.measured is Measured.WEIGHINGS
    if weighed and (density_kg_m3 is None or np.isnan(readings.capacity_l).any()):
        notices.append(
            Text(
                "Sans capacité ni masse volumique pour chaque point, les conteneurs pleins ne se "
                "voient pas : les débits sont sous-estimés s'il y en a.",
                "Without every point's capacity and a density, full containers do not show: rates "
                "are too low if there are any.",
            )
        )
    if (pieces.known == AT_LEAST).any() and not weighed:
        notices.append(
            Text(
                "Si les vidages ont été décidés d'après le niveau, un débit se lit un peu haut.",
                "Where emptyings were decided on the level, rates read a little high.",
            )
        )
    for found, name in (
        (weekday, Text("jour de la semaine", "weekday")),
        (season, Text("saison", "season")),
    ):
        if found is None:
            notices.append(
                Text(
                    f"Effet non identifiable ici : {name.fr} (intervalles trop longs, trop peu "
                    "nombreux ou moins d'un an).",
                    f"Not identifiable here: {name.en} (intervals too long, too few, or under a "
                    "year).",
                )
            )
    return tuple(notices)


def _few_fault(readings: Readings, pieces: Pieces) -> Fault:
    counts = np.bincount(pieces.point, minlength=max(1, len(pieces.ids)))
    found = {
        "exact": int((pieces.known == EXACT).sum()),
        "full": int((pieces.known == AT_LEAST).sum()),
        "none": int((pieces.known == AT_MOST).sum()),
    }
    return Fault(
        file=readings.file,
        key=f"{readings.place[0]}, col. point ({readings.point[0]})",
        value=f"n = {len(readings)}, max {int(counts.max())} / point; "
        + ", ".join(f"{name} {count}" for name, count in found.items()),
        expected=Text(
            "un point où deux intervalles au moins se mesurent (trois relevés, jamais pleins)",
            "a point where at least two intervals are measured (three readings, not full)",
        ),
        remedy=Text(
            "ajoutez des relevés de ce point, ou resserrez-les avant que les conteneurs soient "
            "pleins",
            "add readings of this point, or take them before containers are full",
        ),
    )
