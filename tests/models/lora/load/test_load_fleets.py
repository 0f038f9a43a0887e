"""Fleets: how many devices, where, and who appears as they grow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.lora.load.fleets import FleetPoints, fleet_points
from models.lora.load.settings import FleetSection
from models.lora.meters import INDOOR, OUTDOOR, make_meters
from models.lora.settings import MetersSection
from twin.scenario.schema import TerritorySection
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune, read_communes
from twin.territory.limits import territory_areas

BINS = FleetSection(count=2000, application_bytes=12, period_s=3600.0, place="bin")
METERS = FleetSection(meters=True, application_bytes=20, period_s=86_400.0, place="meter")


@pytest.fixture(scope="module")
def communes(root: Path) -> tuple[Commune, ...]:
    """Return forty communes of the Indre."""
    return read_communes(root / "scenarios/indre/communes.csv", None)[:40]


@pytest.fixture(scope="module")
def areas(communes: tuple[Commune, ...], root: Path) -> CommuneAreas:
    """Return their areas."""
    section = TerritorySection(name="x", communes=root / "scenarios/indre/communes.csv")
    return territory_areas(section, communes)


def _points(
    fleet: FleetSection, communes: tuple[Commune, ...], areas: CommuneAreas, growth: float
) -> FleetPoints:
    return fleet_points("fleet", fleet, MetersSection(), communes, areas, growth)


def test_the_first_year_counts_what_was_asked(
    communes: tuple[Commune, ...], areas: CommuneAreas
) -> None:
    """A fleet of 2,000 has 2,000 devices in the first year, spread by population."""
    points = _points(BINS, communes, areas, 1.5)
    first = points.born <= 1.0
    assert int(first.sum()) == 2000
    population = np.array([each.population for each in communes])
    counts = np.bincount(points.places.commune[first], minlength=len(communes))
    assert np.abs(counts - 2000 * population / population.sum()).max() < 1.0


def test_growth_adds_and_moves_nobody(communes: tuple[Commune, ...], areas: CommuneAreas) -> None:
    """A larger growth keeps every device of a smaller one where it was, under the same name."""
    small, large = (_points(BINS, communes, areas, growth) for growth in (1.2, 1.6))
    known = {
        word: (x, y, born)
        for word, x, y, born in zip(
            large.word.tolist(), large.places.x_m, large.places.y_m, large.born, strict=True
        )
    }
    for word, x, y, born in zip(
        small.word.tolist(), small.places.x_m, small.places.y_m, small.born, strict=True
    ):
        assert known[word] == (x, y, born)
    assert len(set(large.word.tolist())) == len(large)


@pytest.mark.parametrize("growth", [1.1, 1.3, 1.5])
def test_a_fleet_grows_as_told(
    growth: float, communes: tuple[Commune, ...], areas: CommuneAreas
) -> None:
    """At a growth g the fleet has g times its devices, within one a commune."""
    points = _points(BINS, communes, areas, 1.6)
    assert abs(int((points.born <= growth).sum()) - 2000 * growth) <= len(communes)


def test_the_first_meters_are_those_of_the_gateway_question(
    communes: tuple[Commune, ...], areas: CommuneAreas
) -> None:
    """Meters of the first year stand where the gateway question puts them, placed alike."""
    points = _points(METERS, communes, areas, 1.2)
    alone = make_meters(MetersSection(), communes, areas)
    first = points.born <= 1.0
    assert np.array_equal(points.places.x_m[first], alone.x_m)
    assert np.array_equal(points.places.y_m[first], alone.y_m)
    assert np.array_equal(points.places.place[first], alone.place)


def test_places_become_placements(communes: tuple[Commune, ...], areas: CommuneAreas) -> None:
    """Bins stand in the open (their body is counted apart), building sensors indoors."""
    points = _points(BINS, communes, areas, 1.0)
    assert np.all(points.placement(BINS, MetersSection()) == OUTDOOR)
    indoors = BINS.model_copy(update={"place": "indoor"})
    assert np.all(points.placement(indoors, MetersSection()) == INDOOR)
