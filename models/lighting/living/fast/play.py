"""Years of a department, compiled: arrays made of what is given, lived, and summed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lighting.living.department import FAULT_WORK, MORNING_S
from models.lighting.living.due import DueHours
from models.lighting.living.ears import Ears
from models.lighting.living.fast.book import empty_book
from models.lighting.living.fast.live import live
from models.lighting.living.fast.queues import empty_queues
from models.lighting.living.fast.world import (
    ONE,
    Beats,
    Begun,
    Crews,
    FastWorld,
    Jobs,
    Now,
    Programme,
    Stock,
    Sums,
    Telling,
)
from models.lighting.living.faults import Fault
from models.lighting.living.given import Given
from models.lighting.living.knowing import CHANNELS
from models.lighting.living.lived import Lived
from models.lighting.living.work import MINUTES, Work
from twin.device_keys import word_of
from twin.units import DAY_S, YEAR_S

Ints = NDArray[np.int64]


def live_fast(given: Given) -> Lived:
    """Live the years."""
    due = DueHours(given.daily_h, given.days)
    world = FastWorld(
        days=given.days,
        stock=_stock(given),
        programme=_programme(given),
        faults=Begun(
            given.faults.what.astype(np.int64), given.faults.asset.astype(np.int64),
            given.faults.begin_s,
        ),
        jobs=_jobs(given),
        telling=_telling(given),
        crews=_crews(given),
        due_h=due.until_h,
    )  # fmt: skip
    now = _now(given, world)
    live(world, now)
    sums = now.sums
    one = dict(zip(ONE, sums.one.tolist(), strict=True))
    return Lived(
        sums.dark_h,
        sums.dark_kwh,
        sums.stuck_kwh,
        sums.faults,
        sums.done,
        sums.site_s,
        sums.known,
        **one,
    )


def _stock(given: Given) -> Stock:
    inventory, laws = given.ground.inventory, given.laws
    lamp_keys, cabinet_keys = given.keys
    cabinets = len(inventory.cabinets)
    cabinet = inventory.lamps.cabinet.astype(np.int64)
    commune = inventory.lamp_commune.astype(np.int64)
    burn_h_year = given.daily_h.sum(axis=1)[commune]
    return Stock(
        lamp_keys=lamp_keys,
        cabinet_keys=cabinet_keys,
        commune=commune,
        cabinet=cabinet,
        cabinet_commune=inventory.cabinets.commune.astype(np.int64),
        first_lamp=np.searchsorted(cabinet, np.arange(cabinets)),
        lamps_of=np.bincount(cabinet, minlength=cabinets),
        behind=given.ground.behind[0],
        type_led=laws.led,
        type_w=laws.new_w,
        type_life_h=laws.life_h,
        type_shape=laws.shape,
        h_per_s=burn_h_year / YEAR_S,
    )


def _starts(day: Ints, days: int) -> Ints:
    """Return where each day begins among things in order of their day."""
    return np.searchsorted(day, np.arange(days + 1))


def _programme(given: Given) -> Programme:
    commune = given.ground.inventory.lamp_commune
    when_s = given.renewal.when_s
    turn = np.flatnonzero(when_s < given.days * DAY_S)
    day = (when_s[turn] // DAY_S).astype(np.int64)
    order = np.argsort(day, kind="stable")
    lamps = np.argsort(commune, kind="stable")
    starts = np.searchsorted(commune[lamps], np.arange(len(when_s) + 1))
    return Programme(
        _starts(day[order], given.days), turn[order], lamps, starts,
        given.renewal.into.astype(np.int64),
    )  # fmt: skip


def _jobs(given: Given) -> Jobs:
    count = np.array([len(errands) for errands in given.errands])
    every = [errand for errands in given.errands for errand in errands]
    return Jobs(
        np.concatenate([[0], np.cumsum(count)]),
        np.array([int(work) for work, _, _, _ in every], dtype=np.int64),
        np.array([commune for _, _, commune, _ in every], dtype=np.int64),
        60.0 * np.array([minutes for _, _, _, minutes in every], dtype=np.float64),
    )


def _beats(ears: Ears | None) -> Beats:
    if ears is None:
        none, false = np.zeros(1, dtype=np.int64), np.zeros((1, 1), dtype=np.bool_)
        return Beats(
            there=False, period_s=1.0, heard=false, held=false, misses=none, device=none, shift=none
        )
    hearing = ears.hearing
    return Beats(
        there=True,
        period_s=float(hearing.period_s),
        heard=hearing.heard,
        held=hearing.held,
        misses=hearing.misses.astype(np.int64),
        device=ears.device.astype(np.int64),
        shift=ears.shift,
    )


def _telling(given: Given) -> Telling:
    figures, patrols = given.figures, given.patrols
    return Telling(
        call_s=figures.call_days * DAY_S,
        street_call_s=figures.street_call_days * DAY_S,
        meter_noise=figures.meter_noise,
        patrol_first_s=patrols.first_s,
        patrol_every_s=float(patrols.every_s),
        clocks=_beats(given.told.clocks),
        nodes=_beats(given.told.nodes),
        call_word=word_of("call"),
        meter_word=word_of("meter nights"),
        life_word=word_of("life"),
    )


def _crews(given: Given) -> Crews:
    ground, promises = given.ground, given.promises
    mornings = [day * DAY_S + MORNING_S for day in range(given.days)]
    return Crews(
        time_s=ground.roads.time_s,
        distance_m=ground.roads.distance_m,
        depots=np.array(ground.depots, dtype=np.int64),
        owner=ground.owner.astype(np.int64),
        working=given.working,
        due_s=np.stack([promises.all_due_s(work, mornings) for work in Work]),
        site_s=60.0 * np.array([MINUTES[work] for work in Work]),
        fault_work=np.array([int(FAULT_WORK[fault]) for fault in Fault]),
        start_s=given.shift.start_s,
        work_s=given.shift.work_s,
        least_s=given.shift.least_share * given.shift.work_s,
    )


def _now(given: Given, world: FastWorld) -> Now:
    inventory, stock, days = given.ground.inventory, world.stock, world.days
    kind = inventory.lamps.type.astype(np.int64)
    lamps, faults, communes = len(kind), len(world.faults.what), len(inventory.communes)
    w = given.laws.w[kind]
    return Now(
        type=kind,
        w=w,
        cabinet_w=np.asarray(np.bincount(stock.cabinet, w, len(inventory.cabinets)), dtype=float),
        fails_s=given.first_shares * stock.type_life_h[kind] / stock.h_per_s,
        lives=np.zeros(lamps, dtype=np.int64),
        dark_from_s=np.full(lamps, np.nan),
        failing=empty_queues(days, lamps),
        known_lamps=empty_queues(days, lamps),
        known_faults=empty_queues(days, faults),
        open=np.zeros(faults, dtype=np.bool_),
        book=empty_book(communes, lamps + faults + len(world.jobs.work)),
        relit=np.empty(lamps, dtype=np.int64),
        relit_s=np.empty(lamps),
        relit_count=np.zeros(1, dtype=np.int64),
        sums=Sums(
            np.zeros(communes), np.zeros(communes), np.zeros(communes),
            np.zeros(len(Fault), dtype=np.int64),
            np.zeros((len(Work), communes), dtype=np.int64), np.zeros(communes),
            np.zeros((CHANNELS, communes)), np.zeros(len(ONE)),
        ),
    )  # fmt: skip
