"""Laws of filling: names decide the dice, cuts and company do not, more is never less."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.waste.filling.draw import expected_l, hourly_l
from models.waste.filling.factors import Event, Factors, Harmonic, Market
from models.waste.filling.fit.levels import cut, pieces_of_levels
from models.waste.filling.fit.pieces import AT_LEAST, EXACT, deposit_days
from models.waste.filling.fit.readings import Measured, Readings
from models.waste.filling.law import Kind, Law
from models.waste.filling.neighbours import Neighbours
from models.waste.filling.places import Places
from twin.clock import Calendar
from twin.streams import Streams

CALENDAR = Calendar(dt.datetime(2027, 1, 1))  # noqa: DTZ001 - read in Europe/Paris
NAMES = tuple(f"p{i}" for i in range(8))
X_M = np.array([0.0, 300.0, 900.0, 5e3, 5.1e3, 9e3, 9.4e3, 2e4])
MEANS = np.array([0.0, 40.0, 90.0, 255.0, 255.0, 800.0, 1.0, 300.0])

KINDS = st.sampled_from(list(Kind))
SEEDS = st.integers(0, 2**31)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 1))
COMMON = st.sampled_from([None, Neighbours(0.3, 1_000.0, 0.2)])


def places(rows: list[int]) -> Places:
    """Return some of the points."""
    return Places(tuple(NAMES[row] for row in rows), X_M[rows], np.zeros(len(rows)))


def draw(
    kind: Kind,
    seed: int,
    rows: list[int],
    first: dt.date,
    days: int,
    common: Neighbours | None,
    factors: Factors | None = None,
    scale: float = 1.0,
) -> NDArray[np.float32]:
    """Return the hours of some of the points."""
    law = Law(scale * MEANS[rows], kind, "glass", factors=factors or Factors(), neighbours=common)
    return hourly_l(law, places(rows), Streams(seed, 0), CALENDAR, first, days)


@settings(max_examples=30, deadline=None)
@given(KINDS, SEEDS, DAYS, st.integers(1, 12), st.integers(1, 12), COMMON)
def test_days_may_be_drawn_in_any_cut(
    kind: Kind, seed: int, first: dt.date, before: int, after: int, common: Neighbours | None
) -> None:
    """Two pieces, one under the other, are the same bits as the whole, changes of clock too."""
    rows = list(range(8))
    whole = draw(kind, seed, rows, first, before + after, common)
    one = draw(kind, seed, rows, first, before, common)
    two = draw(kind, seed, rows, first + dt.timedelta(days=before), after, common)
    assert np.vstack([one, two]).tobytes() == whole.tobytes()


@settings(max_examples=30, deadline=None)
@given(KINDS, SEEDS, DAYS, st.permutations(range(8)), st.integers(1, 8), COMMON)
def test_company_and_order_move_no_draw(
    kind: Kind, seed: int, first: dt.date, order: list[int], kept: int, common: Neighbours | None
) -> None:
    """Fewer points, in another order, receive exactly what they received among all."""
    rows = list(order)[:kept]
    everyone = draw(kind, seed, list(range(8)), first, 5, common)
    assert np.array_equal(draw(kind, seed, rows, first, 5, common), everyone[:, rows])


@settings(max_examples=30, deadline=None)
@given(KINDS, SEEDS, DAYS, st.floats(1.0, 3.0), COMMON)
def test_more_is_never_less(
    kind: Kind, seed: int, first: dt.date, scale: float, common: Neighbours | None
) -> None:
    """Amounts are finite and not negative, none come where none is brought, and a larger mean
    adds to every hour on the same dice."""  # noqa: D205, D209 - one sentence
    rows = list(range(8))
    less, more = (draw(kind, seed, rows, first, 4, common, scale=s) for s in (1.0, scale))
    assert np.isfinite(less).all()
    assert (less >= 0.0).all()
    assert (less[:, 0] == 0.0).all()
    assert (more >= less * np.float32(1.0 - 1e-6)).all()


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0.0, 3.0), KINDS)
def test_an_event_moves_only_its_points_and_days(seed: int, factor: float, kind: Kind) -> None:
    """Elsewhere and on other days the bits stay."""
    first = dt.date(2027, 6, 1)
    event = Event(dt.date(2027, 6, 3), dt.date(2027, 6, 4), factor, ("p3",))
    rows = list(range(8))
    plain = draw(kind, seed, rows, first, 6, None)
    moved = draw(kind, seed, rows, first, 6, None, Factors(events=(event,)))
    moved[48:96, 3] = plain[48:96, 3]
    assert moved.tobytes() == plain.tobytes()


@given(DAYS, st.floats(0.0, 1.0), st.integers(0, 6), st.floats(0.0, 5.0), st.booleans())
def test_expectation_is_the_mean_times_its_factors(
    first: dt.date, amplitude: float, weekday: int, factor: float, keep: bool
) -> None:
    """Means are not negative, scale with the law, and a market that keeps the mean keeps it."""
    market = Market(weekday, factor, ("p2",), keep)
    factors = Factors(season=Harmonic(amplitude), markets=(market,))
    rows = list(range(8))
    law = Law(MEANS, factors=factors)
    week = expected_l(law, places(rows), CALENDAR, first, 7)
    assert (week >= 0.0).all()
    double = expected_l(Law(2.0 * MEANS, factors=factors), places(rows), CALENDAR, first, 7)
    assert np.allclose(double, 2.0 * week)
    flat = Factors(season=None, markets=(market,))
    kept = expected_l(Law(MEANS, factors=flat), places(rows), CALENDAR, first, 7)[:, 2].mean()
    gained = kept / MEANS[2] - 1.0
    if keep and factor > 0.0:
        assert abs(gained) < 1e-9
    assert abs(gained) <= 1.2 * abs(factor - 1.0) / 7.0 + 1e-9


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.0, 40.0), min_size=6, max_size=60),
    st.integers(2, 9),
)
def test_pieces_hold_what_came_in(rises: list[float], every: int) -> None:
    """Without noise and with emptyings told, exact pieces sum to what came in and none is full
    unless the container was."""  # noqa: D205, D209 - one sentence
    level, found, emptied, full = 0.0, [], [], []
    for day, rise in enumerate(rises):
        level = min(100.0, level + rise)
        found.append(level)
        full.append(level >= 99.5)
        emptied.append(day % every == every - 1)
        level = 0.0 if emptied[-1] else level
    n = len(rises)
    rows, start, end, amount, known, count = cut(
        np.zeros(n, np.int64), np.arange(float(n)), np.array(found), np.array(emptied), 15.0,
        np.ones(1), 1e-9, 99.5,
    )  # fmt: skip
    assert count >= sum(emptied)
    assert (end > start).all()
    for row, length, came, what in zip(rows, end - start, amount, known, strict=True):
        assert (what == AT_LEAST) == full[row]
        if what == EXACT and not any(full[: row + 1]):
            assert abs(came - rises[row]) < 1e-6 or length > 1.0


@given(st.lists(st.floats(0.0, 2e4), min_size=2, max_size=30))
def test_deposit_days_never_run_backwards(days: list[float]) -> None:
    """A later moment has never fewer deposits behind it, and whole days are whole."""
    at = np.sort(np.array(days))
    assert (np.diff(deposit_days(at)) >= -1e-9).all()
    assert np.array_equal(deposit_days(np.floor(at)), np.floor(at))


def test_readings_in_another_order_are_the_same_pieces() -> None:
    """The order of rows in the file does not matter."""
    rng = np.random.default_rng(0)
    n = 60
    day = np.tile(np.arange(20.0), 3) + 20_000.3
    point = np.repeat(["a", "b", "c"], 20)
    level = np.tile(np.arange(20.0) % 6 * 15.0, 3) + rng.uniform(0.0, 1.0, n)

    def read(order: NDArray[np.int64]) -> Readings:
        return Readings(
            "f", Measured.LEVELS, tuple(point[order]), ("",) * n, day[order], level[order],
            np.full(n, np.nan), np.zeros(n, np.bool_), ("",) * n,
        )  # fmt: skip

    one, two = (pieces_of_levels(read(order)) for order in (np.arange(n), rng.permutation(n)))

    def named(pieces: object) -> list[tuple[object, ...]]:
        p = pieces
        return sorted(
            (p.ids[i], *rest)  # type: ignore[attr-defined]
            for i, *rest in zip(p.point, p.start, p.end, p.amount, p.known, strict=True)  # type: ignore[attr-defined]
        )

    assert named(one) == named(two)
