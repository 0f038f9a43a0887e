"""The leaks of a world: what moves them and what does not, how many, where and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from models.water.leaks.dice import LEAD_DAYS, draw_every_leak, draw_leaks
from models.water.leaks.events import INITIAL_SHARE, LeakEvents, LeakKind, by_node, coefficients_at
from models.water.leaks.figures import LARGEST_M3H, LeakFigures
from models.water.leaks.laws import favad_exponent, favad_m3s
from models.water.leaks.run_time import YEAR_DAYS, hidden_survival, mean_hidden_days
from models.water.zone import Material, Zone
from twin.errors import InputError
from twin.streams import Streams

MakeZone = Callable[..., Zone]
NEW_YEAR = dt.date(2026, 1, 1)
FIGURES = LeakFigures()
MANY = LeakFigures(frequency_factor=40.0)


def same(a: LeakEvents, b: LeakEvents, *, zone: bool = True) -> bool:
    """Return whether two sets of leaks are the same bits."""
    return all(
        np.array_equal(getattr(a, each.name), getattr(b, each.name))
        for each in fields(a)
        if zone or each.name != "zone"
    )


def test_neither_end_nor_lead_moves_a_leak(make_zone: MakeZone) -> None:
    """A longer horizon or lead adds leaks and moves none, bit for bit."""
    zones, dice = (make_zone("a"), make_zone("b", pipes=30)), Streams(1, 0)
    long = draw_leaks(zones, MANY, dice, 500, NEW_YEAR, 1200)
    short = draw_leaks(zones, MANY, dice, 120, NEW_YEAR, 400)
    within = (long.start_s < 120 * 86400.0) & (long.start_s >= -400 * 86400.0)
    assert len(short) > 50
    assert same(short, long.take(within))


def test_no_zone_moves_anothers_leaks(make_zone: MakeZone) -> None:
    """Zones before and after leave a zone's leaks as they were, bit for bit."""
    middle, dice = make_zone("b", pipe_m=123.4), Streams(1, 0)
    zones = (make_zone("a", pipes=77, pipe_m=0.1), middle, make_zone("c"))
    among = draw_leaks(zones, MANY, dice, 200, NEW_YEAR)
    alone = draw_leaks((middle,), MANY, dice, 200, NEW_YEAR)
    assert same(alone, among.take(among.zone == 1), zone=False)


def test_worlds_differ(make_zone: MakeZone) -> None:
    """Another replication has other leaks."""
    zones = (make_zone("a"),)
    first, second = (draw_leaks(zones, MANY, Streams(1, n), 90, NEW_YEAR) for n in (0, 1))
    assert not np.array_equal(first.start_s[:20], second.start_s[:20])


def test_numbers_follow_the_rates(make_zone: MakeZone) -> None:
    """Without season nor weather leaks of each kind come at their yearly rate, within 4 sigma."""
    figures = replace(MANY, season_strength=0.0, weather_cv=0.0)
    zone = make_zone("a", materials={Material.PVC: 0.5, Material.CAST_IRON: 0.5})
    days = 5 * 365
    found = draw_every_leak((zone,), figures, Streams(2, 0), days, NEW_YEAR, 0)
    years = days / YEAR_DAYS
    per_km = sum(figures.mains_per_km_year(m, 40.0) for m in (Material.PVC, Material.CAST_IRON)) / 2
    mains = per_km * zone.network.length_km * years
    connections = 40.0 * 3.0 * zone.connections.sum() / 1000.0 * years
    expected = np.array([mains * 0.95, mains * 0.05, connections * 0.75, connections * 0.25])
    counts = np.bincount(found.kind, minlength=4)
    assert np.all(np.abs(counts - expected) < 4.0 * np.sqrt(expected))


def test_old_iron_breaks_more_than_young_plastic(make_zone: MakeZone) -> None:
    """Leaks choose pipes by material: 0.43 against 0.13 a km, and the tank's end never leaks."""
    zone = make_zone("a", materials={Material.CAST_IRON: 0.5, Material.PVC: 0.5})
    found = draw_every_leak((zone,), MANY, Streams(3, 0), 3650, NEW_YEAR, 0)
    mains = found.take(~found.on_connection)
    iron = float(np.mean(zone.material[mains.link] == Material.CAST_IRON))
    assert iron == pytest.approx(0.43 / 0.56, abs=0.03)
    assert found.node.min() >= 1
    near = np.where(mains.place < 0.5, mains.link, mains.link + 1)
    assert np.array_equal(mains.node, np.maximum(near, 1))


def test_connections_leak_where_they_are(make_zone: MakeZone) -> None:
    """A connection's leak is at a node that has connections, on a pipe that touches it."""
    zone = make_zone("a")
    found = draw_every_leak((zone,), MANY, Streams(4, 0), 365, NEW_YEAR, 0)
    leaks = found.take(found.on_connection)
    assert np.all(zone.connections[leaks.node] > 0)
    ends = np.stack([zone.network.links.start[leaks.link], zone.network.links.end[leaks.link]])
    at = np.where(leaks.place < 0.5, ends[0], ends[1])
    assert np.array_equal(at, leaks.node)


def test_sizes_and_exponents(make_zone: MakeZone) -> None:
    """Flows at 50 m have the means asked for; iron stays at N1 0.5, plastic between its bounds."""
    zone = make_zone("a", materials={Material.CAST_IRON: 0.5, Material.PVC: 0.5})
    found = draw_every_leak((zone,), MANY, Streams(5, 0), 36_500, NEW_YEAR, 0)
    flow_m3h = favad_m3s(found.half, found.three_halves, 50.0) * 3600.0
    n1 = favad_exponent(found.half, found.three_halves, 50.0)
    for kind, mean in zip(LeakKind, (11.9, 2.2, 1.6, 2.2), strict=True):
        assert flow_m3h[found.kind == kind].mean() == pytest.approx(mean, rel=0.10)
    assert flow_m3h.max() <= LARGEST_M3H * (1 + 1e-12)
    iron = ~found.on_connection & (zone.material[found.link] == Material.CAST_IRON)
    assert np.all(found.three_halves[iron] == 0.0)
    assert 0.6 <= n1[~iron].min() <= n1[~iron].max() <= 1.4
    assert n1[~iron].mean() == pytest.approx(1.0, abs=0.02)


def test_iron_breaks_in_winter(make_zone: MakeZone) -> None:
    """Iron breaks twice as often in January as in June; a year without season has no winter."""
    zone = make_zone("a", materials={Material.CAST_IRON: 1.0}, connections=0)
    figures = replace(MANY, weather_cv=0.0)
    found = draw_every_leak((zone,), figures, Streams(6, 0), 10 * 365, NEW_YEAR, 0)
    month = ((found.start_s / 86400.0 % YEAR_DAYS) * 12 / YEAR_DAYS).astype(int)
    counts = np.bincount(month, minlength=12)
    assert counts[0] / counts[5] == pytest.approx(1.45 / 0.75, rel=0.15)
    # The year of a horizon that opens in July has its winter in the middle.
    july = draw_every_leak((zone,), figures, Streams(6, 0), 365, dt.date(2026, 7, 2), 0)
    middle = np.abs(july.start_s / 86400.0 - 198) < 30
    assert middle.mean() > 60 / 365 * 1.2


def test_the_stock_of_the_first_day(make_zone: MakeZone) -> None:
    """Hidden leaks nobody knows of on the first day are rate times mean life, with their ages."""
    figures = replace(MANY, weather_cv=0.0, season_strength=0.0, survey_years=2.0)
    zones = tuple(make_zone(f"z{number}", pipes=20) for number in range(60))
    found = draw_leaks(zones, figures, Streams(7, 0), 0, NEW_YEAR)
    unknown = found.take(found.hidden & (found.surfaces_s > 0.0))
    per_year = sum(
        figures.mains_per_km_year(Material(kind), 40.0) * 0.33 * 0.05
        for zone in zones for kind in zone.material.tolist()
    ) + 40.0 * 0.75e-3 * sum(int(zone.connections.sum()) for zone in zones)  # fmt: skip
    expected = per_year * mean_hidden_days(figures) / YEAR_DAYS
    assert len(unknown) == pytest.approx(expected, abs=4.0 * np.sqrt(expected))
    older = hidden_survival(np.linspace(0, LEAD_DAYS, 5000), figures)
    mean_age = float((older * np.linspace(0, LEAD_DAYS, 5000)).sum() / older.sum())
    assert -unknown.start_s.mean() / 86400.0 == pytest.approx(mean_age, rel=0.12)


def test_nothing_repaired_before_is_kept(make_zone: MakeZone) -> None:
    """Known and repaired before the first day: gone. Only known: still there."""
    zones, dice = (make_zone("a"),), Streams(8, 0)
    every = draw_every_leak(zones, MANY, dice, 30, NEW_YEAR, LEAD_DAYS)
    kept = draw_leaks(zones, MANY, dice, 30, NEW_YEAR)
    assert len(kept) < len(every)
    assert np.all(kept.surfaces_s > -200 * 86400.0)
    assert np.any((kept.surfaces_s < 0.0) & (kept.start_s < 0.0))
    assert np.all(kept.surfaces_s >= kept.start_s)


def test_a_perfect_survey_leaves_nothing_older_than_its_period(make_zone: MakeZone) -> None:
    """Heard at every pass, no hidden leak is older than the years between surveys, or unheard."""
    figures = replace(MANY, hear_share=1.0, survey_years=1.0, surfacing_years=1e4)
    found = draw_leaks((make_zone("a"),), figures, Streams(9, 0), 0, NEW_YEAR)
    unknown = found.hidden & (found.surfaces_s > 0.0)
    assert np.all(found.start_s[unknown] > -YEAR_DAYS * 86400.0)
    deaf = replace(figures, hear_share=0.0)
    unheard = draw_leaks((make_zone("a"),), deaf, Streams(9, 0), 0, NEW_YEAR)
    assert np.count_nonzero(unheard.hidden) > 3 * np.count_nonzero(unknown)


def test_coefficients_grow_and_end(make_zone: MakeZone) -> None:
    """A leak is nothing before its start, then a tenth, then whole, and nothing once repaired."""
    found = draw_leaks((make_zone("a"),), MANY, Streams(10, 0), 365, NEW_YEAR)
    row = int(np.flatnonzero(found.hidden & (found.start_s > 0.0))[0])
    start, growth = found.start_s[row], found.growth_s[row]
    everywhere = np.ones(len(found), dtype=np.bool_)
    times = np.array([[start - 1.0], [start], [start + growth / 2], [start + growth * 1.01]])
    half, three_halves = coefficients_at(found, everywhere, times)
    shares = half[:, row] / found.half[row]
    assert shares == pytest.approx([0.0, INITIAL_SHARE, (1 + INITIAL_SHARE) / 2, 1.0])
    assert three_halves[:, row] == pytest.approx(shares * found.three_halves[row])
    everywhere[row] = False
    assert coefficients_at(found, everywhere, start + growth)[0][row] == 0.0


def test_sums_by_node(make_zone: MakeZone) -> None:
    """The sum over a zone's nodes is the sum over its leaks."""
    zones = (make_zone("a"), make_zone("b", pipes=10))
    found = draw_leaks(zones, MANY, Streams(11, 0), 365, NEW_YEAR)
    sums = by_node(found, found.half, 1, 11)
    assert sums.shape == (11,)
    assert sums.sum() == pytest.approx(found.half[found.zone == 1].sum())
    with pytest.raises(ValueError, match="read-only"):
        found.half[0] = 1.0


def test_bad_worlds_are_refused(make_zone: MakeZone) -> None:
    """Two zones of one id, a negative horizon and figures out of bounds are named."""
    with pytest.raises(InputError) as caught:
        draw_leaks((make_zone("a"), make_zone("a")), FIGURES, Streams(1, 0), -1, NEW_YEAR)
    assert [fault.key for fault in caught.value.faults] == ["days", "zone"]
    with pytest.raises(InputError) as caught:
        LeakFigures(hear_share=1.2, plastic_n1_low=1.4, plastic_n1_high=0.7)
    assert [fault.key for fault in caught.value.faults] == ["hear_share", "plastic_n1_low"]


def test_empty_worlds(make_zone: MakeZone) -> None:
    """No zone, no pipe rate and no horizon give no leak, not an error."""
    assert len(draw_leaks((), FIGURES, Streams(1, 0), 365, NEW_YEAR)) == 0
    still = replace(FIGURES, frequency_factor=0.0)
    assert len(draw_leaks((make_zone("a"),), still, Streams(1, 0), 365, NEW_YEAR)) == 0
    assert len(draw_leaks((make_zone("a"),), FIGURES, Streams(1, 0), 0, NEW_YEAR, 0)) == 0
