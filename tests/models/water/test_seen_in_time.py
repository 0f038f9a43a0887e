"""The leak said to be seen within three nights is seen: played, not computed."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from small_water import SmallYear, ideal, small_year

import models.water.year as year_module
from models.water.leaks.events import LeakEvents, LeakKind
from models.water.policies.alarm import Kind
from models.water.seen import CHANCE, NIGHTS, seen_within
from models.water.watch_keeping import WatchKeeping
from models.water.world_leaks import WorldLeaks, world_leaks

BEGINS_DAY = 48
WORLDS = 60


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallYear:
    """Return the small territory."""
    return small_year(tmp_path_factory.mktemp("seen"))


def _only(events: LeakEvents, zone: int, node: int, m3h: float, pressure_m: float) -> LeakEvents:
    """Return one leak that begins at once on an evening, and no other."""
    columns = {each.name: getattr(events, each.name)[:1].copy() for each in fields(LeakEvents)}
    one = LeakEvents(**columns)
    given = {
        "zone": zone, "link": -1, "node": node, "start_s": BEGINS_DAY * 86_400.0 - 3600.0,
        "half": m3h / 3600.0 / np.sqrt(pressure_m), "three_halves": 0.0, "growth_s": 0.0,
        "kind": LeakKind.HIDDEN_MAIN, "surfaces_s": np.inf,
    }  # fmt: skip
    return replace(
        one, **{name: np.array([value], dtype=columns[name].dtype) for name, value in given.items()}
    )


@pytest.mark.slow
def test_nine_in_ten_are_seen_within_three_nights(
    small: SmallYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaks of the size computed from each district's own nights raise an alarm in time."""
    quiet: dict[str, object] = {}

    def silent(*arguments: object) -> WorldLeaks:
        world = world_leaks(*arguments)  # type: ignore[arg-type]
        events = quiet.get("events")
        none = np.zeros(len(world.events), dtype=np.bool_)
        return replace(world, events=events(world) if events else world.events.take(none))  # type: ignore[operator]

    monkeypatch.setattr(year_module, "world_leaks", silent)
    seen, asked = 0, 0
    raised: list[tuple[str, float]] = []
    monkeypatch.setattr(
        WatchKeeping,
        "_raise",
        lambda _, alarm: (
            raised.append((alarm.district, alarm.raised_s)) if alarm.kind is Kind.NIGHT else None
        ),
    )
    for replication in range(WORLDS):
        quiet.clear()
        calm = small.live(6, ideal, replication, failures_per_year=0.0)
        sizes = seen_within(calm)
        row = replication % len(sizes.km)
        zone = int(sizes.zone[row])
        name = calm.desk.districts[len(small.stage.zones) + row].id
        if any(other == name for other, _ in raised):
            raised.clear()
            continue
        sectors = calm.plan.zones[zone].sectors
        number = len(small.stage.zones) + row - calm.plan.zones[zone].first_row
        people = small.stage.zones[zone].gravity.zone.people
        node = int(np.argmax(np.where(sectors.district == number, people, -1.0)))
        pressure = calm.mains.today[zone].heads_m[node, 3]
        pressure -= small.stage.zones[zone].gravity.zone.network.nodes.elevation_m[node]
        size = float(sizes.smallest_m3h[row])
        quiet["events"] = lambda world, z=zone, n=node, q=size, p=float(pressure): _only(
            world.events, z, n, q, p
        )
        raised.clear()
        small.live(6, ideal, replication, failures_per_year=0.0)
        asked += 1
        in_time = (BEGINS_DAY + NIGHTS) * 86_400.0
        seen += any(who == name and when < in_time for who, when in raised)
        raised.clear()
    assert asked >= 40
    error = np.sqrt(CHANCE * (1.0 - CHANCE) / asked)
    assert seen / asked >= CHANCE - 2.0 * error, (seen, asked)
