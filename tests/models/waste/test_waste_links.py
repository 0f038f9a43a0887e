"""What a link is worth to waste collection has an exact floor and an exact ceiling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.none import NoLink
from models.waste.bins import Bins
from models.waste.policies.desk import FILL, Desk
from models.waste.policies.fixed import Schedule
from models.waste.stage import WasteStage
from tests.bench.drop_off_326 import (
    Lived,
    drop_off_stage,
    live,
    schedule,
    settings,
    usual_world,
)
from twin.clock import Clock
from twin.ports import Link
from twin.signals import DeliveredBatch, Fleet
from twin.streams import Streams

POINTS, DAYS, SETTLING_DAYS = 32, 35, 14
FAULTLESS = {"share": 1.0, "noise": 0.0, "fitting": 0.0, "odd_share": 0.0, "fail": False}
OF_SENSORS = {
    "sensors", "repairs", "sensor_eur", "total_eur", "read_share", "sensor_other_eur",
}  # fmt: skip
KINDS = ("current", "calendar", "threshold", "predictive", "prize", "overflow")


@pytest.fixture(scope="module")
def stage() -> WasteStage:
    """Return the first points of the case of 326."""
    return drop_off_stage(POINTS, trucks=2)


@pytest.fixture(scope="module")
def calendars(stage: WasteStage) -> dict[str, Schedule]:
    """Return the calendars of the kinds that need one."""
    return {kind: schedule(stage, option(kind)) for kind in ("current", "calendar")}


def option(kind: str, sensors: dict[str, Any] | None = None, knowledge: str = "none") -> Any:
    """Return an option of a few weeks, its rounds quickly made."""
    return settings(
        kind,
        days=DAYS,
        settling_days=SETTLING_DAYS,
        sensors=sensors,
        service={"effort": 0.2, "knowledge": knowledge},
    )


def operation(lived: Lived) -> dict[tuple[str, str], bytes]:
    """Return every indicator but those of the sensors themselves, bit for bit."""
    part = lived.part
    return {
        (kpi, zone): value.tobytes()
        for kpi, zone, value in zip(part.kpi.tolist(), part.zone.tolist(), part.value, strict=True)
        if kpi not in OF_SENSORS
    }


def bins_of(fleet: Fleet) -> Bins:
    """Return the bins a fleet of sensors looks into."""
    found = fleet.sample.__self__._look.__self__  # type: ignore[union-attr]
    assert isinstance(found, Bins)
    return found


class Truth:
    """What was in the bins at every reading's time, looked up at that very moment."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, float, float]] = []

    def watch(self, clock: Clock, fleet: Fleet, tell: Callable[..., None] | None = None) -> None:
        """Look whenever a reading is due; hand it to `tell` at once, if anybody listens."""
        clock.process(self._looks(clock, fleet, tell), "truth", may_wait=True)

    def _looks(self, clock: Clock, fleet: Fleet, tell: Callable[..., None] | None) -> Any:
        bins, period_s = bins_of(fleet), fleet.period_s
        points = fleet.sample.__self__._points  # type: ignore[union-attr]
        phases = np.asarray(fleet.phase_s)
        turn = 0
        while True:
            for phase_s in np.unique(phases).tolist():
                yield clock.until(phase_s + turn * period_s)
                bins.advance(clock.now)
                devices = np.flatnonzero(phases == phase_s).astype(np.int32)
                values = bins.level_l[points[devices]] / bins.capacity_l[points[devices]]
                when = np.full(len(devices), clock.now)
                self.rows += zip(devices.tolist(), when.tolist(), values.tolist(), strict=True)
                if tell is not None:
                    heard = np.ones(len(devices), dtype=np.int16)
                    tell(
                        DeliveredBatch(
                            FILL, devices, values, when, when, heard, fleet.name, fleet.ids
                        )
                    )
            turn += 1


class WatchedLink(IdealLink):
    """An ideal link beside which somebody notes the truth."""

    def __init__(self, streams: Streams, truth: Truth) -> None:
        super().__init__(streams, window_s=3_600.0)
        self.truth = truth

    def start(self, clock: Clock) -> None:
        """Begin to carry, and to watch."""
        super().start(clock)
        for lane in self._lanes.values():
            self.truth.watch(clock, lane.fleet)


class DirectFeed(NoLink):
    """No link at all: the desk is told the true levels at the moment they are looked at."""

    def __init__(self, streams: Streams, truth: Truth) -> None:
        super().__init__(streams)
        self.truth = truth

    def start(self, clock: Clock) -> None:
        """Feed every handler directly."""
        super().start(clock)
        for lane in self._lanes.values():
            (handler,) = self.inbox._handlers[FILL]
            self.truth.watch(clock, lane.fleet, handler)


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float, float]]:
    """Return what the desk has been told so far: device, time, value."""
    rows: list[tuple[int, float, float]] = []
    read = Desk.read

    def noting(self: Desk, batch: DeliveredBatch) -> None:
        columns: tuple[NDArray[Any], ...] = (batch.assets, batch.sampled_s, batch.values)
        rows.extend(zip(*(column.tolist() for column in columns), strict=True))
        read(self, batch)

    monkeypatch.setattr(Desk, "read", noting)
    return rows


@pytest.mark.parametrize("kind", ["threshold", "predictive", "prize"])
def test_ideal_is_the_truth(
    stage: WasteStage, kind: str, delivered: list[tuple[int, float, float]]
) -> None:
    """On an ideal link a year is, bit for bit, that of a desk fed the true levels directly."""
    chosen = option(kind, FAULTLESS | {"aligned": True}, "driver")
    carried = live(stage, chosen, usual_world(2))
    told = list(delivered)
    truth = Truth()
    fed = live(stage, chosen, usual_world(2), link=lambda dice: DirectFeed(dice, truth))
    assert operation(carried) == operation(fed)
    assert len(told) > POINTS * 2 * (DAYS + SETTLING_DAYS - 1)
    assert set(told) <= set(truth.rows)


def test_every_value_delivered_is_the_true_level(
    stage: WasteStage, delivered: list[tuple[int, float, float]]
) -> None:
    """Readings at all hours, trucks about, tell what was in the bin at that moment, to the bit."""
    truth = Truth()
    lived = live(
        stage,
        option("prize", FAULTLESS),
        usual_world(3),
        link=lambda dice: WatchedLink(dice, truth),
    )
    assert lived.get("read_share") == 1.0
    assert len(delivered) > POINTS * 2 * (DAYS + SETTLING_DAYS - 1)
    assert {value for _, _, value in delivered} != {0.0}
    assert set(delivered) <= set(truth.rows)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "dead",
    [NoLink, lambda dice: ConstantLink(dice, 1.0, 60.0, 3_600.0)],
    ids=["none", "all-lost"],
)
def test_a_dead_link_is_the_year_without_sensors(
    stage: WasteStage,
    calendars: dict[str, Schedule],
    kind: str,
    dead: Callable[[Streams], Link],
) -> None:
    """With sensors nobody hears, every policy does, bit for bit, what it does without them."""
    fitted, bare = option(kind, {"share": 1.0}, "driver"), option(kind, None, "driver")
    calendar = calendars.get(kind)
    deaf = live(stage, fitted, usual_world(1), calendar=calendar, link=dead)
    none = live(stage, bare, usual_world(1), calendar=calendar)
    assert operation(deaf) == operation(none)
    assert deaf.get("sensors") == POINTS
    assert deaf.get("sensor_eur") > none.get("sensor_eur") == 0.0
    assert deaf.get("read_share") == 0.0


def test_what_arrives_at_the_hour_of_planning_is_heard(
    stage: WasteStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sensors read an hour before planning, handed over at that very instant, are in the plan."""
    ages_s: list[float] = []
    outlook = Desk.outlook

    def noting(self: Desk, now_s: float, next_s: float) -> Any:
        ages_s.append(now_s - float(self.belief.told_s.min()))
        return outlook(self, now_s, next_s)

    monkeypatch.setattr(Desk, "outlook", noting)
    live(stage, option("threshold", FAULTLESS | {"aligned": True}), usual_world(0))
    assert len(ages_s) > 5 * (DAYS + SETTLING_DAYS) // 7 - 3
    assert set(ages_s) == {3_600.0}
