"""What multiplies the mean of a stream's points: season, markets and events of the scenario."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from models.waste.filling.factors import Event, Factors, Harmonic, Market
from models.waste.settings import FillingSection
from twin.errors import Fault, ScenarioError
from twin.lang import Text


@dataclass(frozen=True)
class Named:
    """Points a market or an event names, and where the scenario says so."""

    key: str
    points: tuple[str, ...]


def factors_of(filling: FillingSection, ids: Collection[str]) -> Factors:
    """Return the factors of the points called `ids`; of what names none of them, nothing."""
    season = Harmonic(amplitude=filling.season) if filling.season > 0.0 else None
    markets, events = [], []
    for market in filling.markets:
        own = _own(market.points, ids)
        if own is not None:
            markets.append(Market(market.weekday, market.factor, own, market.keep_mean))
    for event in filling.events:
        own = _own(event.points, ids)
        if own is not None:
            events.append(Event(event.first, event.last, event.factor, own))
    return Factors(season=season, markets=tuple(markets), events=tuple(events))


def common_factors(filling: FillingSection) -> Factors:
    """Return what holds for every point: no secret to a planner."""
    return factors_of(filling, ())


def check_names(filling: FillingSection, ids: Collection[str]) -> None:
    """Refuse markets and events of points that are nowhere.

    Raises
    ------
    ScenarioError
        Naming the section and the first unknown point of each.
    """
    named = [Named(f"waste.filling.markets[{k}]", one.points)
             for k, one in enumerate(filling.markets)]  # fmt: skip
    named += [Named(f"waste.filling.events[{k}]", one.points)
              for k, one in enumerate(filling.events)]  # fmt: skip
    known = set(ids)
    faults = [
        Fault(
            key=f"{each.key}.points",
            value=next(point for point in each.points if point not in known),
            expected=Text(
                "un point de l'étude, écrit flux/point", "a point of the study, stream/id"
            ),
            remedy=Text("voir la table points.csv d'une étude", "see points.csv of a study"),
        )
        for each in named
        if not known.issuperset(each.points)
    ]
    if faults:
        raise ScenarioError(*faults)


def _own(points: tuple[str, ...], ids: Collection[str]) -> tuple[str, ...] | None:
    """Return the points among `ids`; nothing for all of them; None where none is theirs."""
    if not points:
        return ()
    own = tuple(point for point in points if point in ids)
    return own or None
