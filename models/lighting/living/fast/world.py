"""What a compiled play is given, and what it changes, as tuples of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.living.fast.book import Book
from models.lighting.living.fast.queues import Queues
from twin.device_keys import U8

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Stock(NamedTuple):
    """Lamps and cabinets: their dice, where they are, what each type is."""

    lamp_keys: U8
    cabinet_keys: U8
    commune: Ints
    cabinet: Ints
    cabinet_commune: Ints
    first_lamp: Ints
    lamps_of: Ints
    behind: Ints
    type_led: Bools
    type_w: Floats
    type_life_h: Floats
    type_shape: Floats
    h_per_s: Floats


class Programme(NamedTuple):
    """Renewal: communes by day (those of day d are `commune[start[d]:start[d + 1]]`), and lamps."""

    start: Ints
    commune: Ints
    lamps: Ints
    lamp_start: Ints
    into: Ints


class Begun(NamedTuple):
    """Faults by time."""

    what: Ints
    asset: Ints
    begin_s: Floats


class Jobs(NamedTuple):
    """Errands by day, as communes of a programme are."""

    start: Ints
    work: Ints
    commune: Ints
    site_s: Floats


class Beats(NamedTuple):
    """The record of a link by asset; `there` is False where an option has none."""

    there: bool
    period_s: float
    heard: Bools
    held: Bools
    misses: Ints
    device: Ints
    shift: Ints


class Telling(NamedTuple):
    """What tells of failures: people, patrols (`every_s` 0: none), meters, nodes, silences."""

    call_s: float
    street_call_s: float
    meter_noise: float
    patrol_first_s: Floats
    patrol_every_s: float
    clocks: Beats
    nodes: Beats
    call_word: np.uint64
    meter_word: np.uint64
    life_word: np.uint64


class Crews(NamedTuple):
    """Who drives from where, when, how far; `due_s` by kind of work and day of order."""

    time_s: Floats
    distance_m: Floats
    depots: Ints
    owner: Ints
    working: Bools
    due_s: Floats
    site_s: Floats
    fault_work: Ints
    start_s: float
    work_s: float
    least_s: float


class FastWorld(NamedTuple):
    """Everything given; `due_h` is the light due until each day, shape (communes, days + 1)."""

    days: int
    stock: Stock
    programme: Programme
    faults: Begun
    jobs: Jobs
    telling: Telling
    crews: Crews
    due_h: Floats


class Sums(NamedTuple):
    """What is counted: by commune, by kind, and the single figures of `one` (see ONE).

    `done` counts by work and commune, `known` by channel and commune; `site_s` is time on site.
    """

    dark_h: Floats
    dark_kwh: Floats
    stuck_kwh: Floats
    faults: Ints
    done: Ints
    site_s: Floats
    known: Floats
    one: Floats


ONE = (
    "lamp_failures", "lantern_failures", "known_days", "repaired_days", "repaired", "trips",
    "stops", "km", "worked_s",
)  # fmt: skip
"""The order of `Sums.one`."""
(LAMP_FAILURES, LANTERN_FAILURES, KNOWN_DAYS, REPAIRED_DAYS, REPAIRED, TRIPS, STOPS, KM,
 WORKED_S) = range(len(ONE))  # fmt: skip


class Now(NamedTuple):
    """The state: lamps' types and lives, what waits where, what was relit today, sums."""

    type: Ints
    w: Floats
    cabinet_w: Floats
    fails_s: Floats
    lives: Ints
    dark_from_s: Floats
    failing: Queues
    known_lamps: Queues
    known_faults: Queues
    open: Bools
    book: Book
    relit: Ints
    relit_s: Floats
    relit_count: Ints
    sums: Sums
