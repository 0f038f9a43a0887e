"""The calendar clock: local time, holidays, business hours, stalls."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from twin.clock import Calendar, Clock, StallError, french_holidays
from twin.errors import ScenarioError
from twin.lang import Lang

HOUR = 3600.0
DAY = 24 * HOUR
START = datetime(2025, 1, 1)  # noqa: DTZ001 - local by contract
CALENDAR = Calendar(START)

seconds = st.floats(0.0, 12 * 365 * DAY)


def test_holidays_of_2025_are_the_published_eleven() -> None:
    """The eleven dates of 2025 are those of the official calendar (service-public.fr)."""
    assert list(french_holidays(2025)) == [
        date(2025, 1, 1),
        date(2025, 4, 21),
        date(2025, 5, 1),
        date(2025, 5, 8),
        date(2025, 5, 29),
        date(2025, 6, 9),
        date(2025, 7, 14),
        date(2025, 8, 15),
        date(2025, 11, 1),
        date(2025, 11, 11),
        date(2025, 12, 25),
    ]


def test_a_year_whose_holidays_meet_has_ten() -> None:
    """In 2008 Ascension fell on 1 May, so the year has ten dates and still eleven reasons."""
    assert len(french_holidays(2008)) == 10
    assert date(2008, 5, 1) in french_holidays(2008)


def test_summer_time_costs_an_hour_of_the_day_not_of_the_clock() -> None:
    """Midnight to midnight is 23 h on 30 March 2025, 25 h on 26 October, 24 h elsewhere."""

    def length(day: date) -> float:
        midnight = datetime.combine(day, time())
        return CALENDAR.at(midnight + timedelta(days=1)) - CALENDAR.at(midnight)

    assert length(date(2025, 3, 30)) == 23 * HOUR
    assert length(date(2025, 10, 26)) == 25 * HOUR
    assert length(date(2025, 6, 1)) == 24 * HOUR


def test_the_hour_played_twice_is_told_apart_by_fold() -> None:
    """02:30 on 26 October 2025 happens twice, one hour apart."""
    twice = datetime(2025, 10, 26, 2, 30)  # noqa: DTZ001 - local by contract
    assert CALENDAR.at(twice.replace(fold=1)) - CALENDAR.at(twice) == HOUR


def test_the_skipped_hour_is_refused_with_a_remedy() -> None:
    """02:30 on 30 March 2025 never happens; the message says why in both languages."""
    with pytest.raises(ScenarioError) as caught:
        CALENDAR.at(datetime(2025, 3, 30, 2, 30))  # noqa: DTZ001 - local by contract
    assert "heure d'été" in caught.value.say(Lang.FR)
    assert "2025-03-30 02:30" in caught.value.say(Lang.EN)


def test_hours_that_close_before_they_open_are_refused() -> None:
    """A calendar needs its closing time after its opening."""
    with pytest.raises(ScenarioError):
        Calendar(START, opens=time(18), closes=time(8))


def test_a_moment_with_its_own_zone_is_converted() -> None:
    """Noon UTC in January is 13:00 in Paris."""
    assert CALENDAR.at(datetime(2025, 1, 1, 12, tzinfo=UTC)) == 13 * HOUR


@given(seconds)
def test_local_time_and_seconds_invert(t_s: float) -> None:
    """Reading the watch and converting back gives the same second, to the microsecond."""
    assert CALENDAR.at(CALENDAR.local(t_s)) == pytest.approx(t_s, abs=1e-5)


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        (datetime(2025, 5, 2, 8), True),  # noqa: DTZ001
        (datetime(2025, 5, 2, 7, 59, 59), False),  # noqa: DTZ001
        (datetime(2025, 5, 2, 18), False),  # noqa: DTZ001
        (datetime(2025, 5, 1, 10), False),  # noqa: DTZ001
        (datetime(2025, 5, 3, 10), False),  # noqa: DTZ001
        (datetime(2025, 7, 1, 8), True),  # noqa: DTZ001
    ],
)
def test_business_hours_follow_the_watch(moment: datetime, *, working: bool) -> None:
    """Opening is in, closing is out; holidays and weekends are out; summer changes nothing."""
    assert CALENDAR.is_working(CALENDAR.at(moment)) is working


def test_working_days_skip_weekends_and_holidays() -> None:
    """From Wednesday 30 April 2025 15:00, J+1 is Friday 2 May and J+5 is Friday 9 May, 15:00."""
    filed = CALENDAR.at(datetime(2025, 4, 30, 15))  # noqa: DTZ001
    read = CALENDAR.local(CALENDAR.working_days_after(filed, 1))
    assert (read.date(), read.time()) == (date(2025, 5, 2), time(15))
    # 1 and 8 May are holidays: 2, 5, 6, 7 and 9 May are the five working days.
    assert CALENDAR.local(CALENDAR.working_days_after(filed, 5)).date() == date(2025, 5, 9)
    assert CALENDAR.working_days_after(filed, 0) == filed
    with pytest.raises(ValueError, match="-1"):
        CALENDAR.working_days_after(filed, -1)


def test_a_contract_clock_stops_at_night() -> None:
    """Four business hours from Friday 16:00 end on Monday 10:00."""
    filed = CALENDAR.at(datetime(2025, 6, 13, 16))  # noqa: DTZ001
    due = CALENDAR.local(CALENDAR.after_business(filed, 4 * HOUR))
    assert (due.date(), due.time()) == (date(2025, 6, 16), time(10))


@given(seconds, st.floats(0.0, 400 * HOUR))
def test_business_time_inverts(t_s: float, span_s: float) -> None:
    """The business time up to the moment it has run out is the time asked for."""
    due_s = CALENDAR.after_business(t_s, span_s)
    assert due_s >= t_s
    assert CALENDAR.business_seconds(t_s, due_s) == pytest.approx(span_s, abs=1e-4)


@given(seconds, st.floats(0, 40 * DAY), st.floats(0, 40 * DAY))
def test_business_time_adds_up(t_s: float, first_s: float, second_s: float) -> None:
    """Business time over two adjoining spans is their sum, and never more than the elapsed time."""
    middle, end = t_s + first_s, t_s + first_s + second_s
    whole = CALENDAR.business_seconds(t_s, end)
    parts = CALENDAR.business_seconds(t_s, middle) + CALENDAR.business_seconds(middle, end)
    assert whole == pytest.approx(parts, abs=1e-3)
    assert 0.0 <= whole <= end - t_s + 1e-6


def test_the_clock_is_simpy_with_a_watch() -> None:
    """Timeouts advance seconds, and the local time follows across the change to summer time."""
    clock = Clock(Calendar(datetime(2025, 3, 30)))  # noqa: DTZ001
    seen: list[tuple[float, int]] = []

    def nurse() -> simpy.events.ProcessGenerator:
        yield clock.timeout(3 * HOUR)
        seen.append((clock.now, clock.now_local.hour))
        yield clock.until(clock.at(datetime(2025, 3, 31, 9)))  # noqa: DTZ001
        seen.append((clock.now, clock.now_local.hour))

    clock.process(nurse())
    clock.run(7 * DAY)
    assert seen == [(3 * HOUR, 4), (32 * HOUR, 9)]
    assert clock.now == 7 * DAY
    assert not clock.is_working()


def test_a_stall_says_who_waits_on_what() -> None:
    """When nothing is left to happen, each waiting process is named with what it waits on."""
    clock = Clock(CALENDAR)
    gate, store, bench = clock.event(), simpy.Store(clock), simpy.Resource(clock)
    gate.label = "the gate"  # type: ignore[attr-defined]

    def at_gate() -> simpy.events.ProcessGenerator:
        yield clock.timeout(10.0)
        yield gate

    def at_store() -> simpy.events.ProcessGenerator:
        yield store.get() | gate

    def at_bench() -> simpy.events.ProcessGenerator:
        yield bench.request()
        yield bench.request()

    truck = clock.process(at_gate(), "truck 1")
    clock.process(at_store(), "crew A")
    clock.process(at_bench())

    def follower() -> simpy.events.ProcessGenerator:
        yield truck

    clock.process(follower(), "driver")
    with pytest.raises(StallError) as caught:
        clock.run(DAY)
    stall = caught.value.stall
    assert stall.at_s == 10.0
    assert stall.waits == (
        ("truck 1", "Event the gate"),
        ("crew A", "Condition of StoreGet on Store, Event the gate"),
        ("at_bench", "Request on Resource"),
        ("driver", "process truck 1"),
    )
    assert "attend" in caught.value.say(Lang.FR)
    assert "waits on" in str(caught.value)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert copy.stall == stall


def test_who_may_wait_for_ever_does_not_stall() -> None:
    """A crew between tickets is no fault: the clock runs to its horizon."""
    clock = Clock(CALENDAR)

    def crew() -> simpy.events.ProcessGenerator:
        yield clock.event()

    clock.process(crew(), "crew", may_wait=True)
    clock.run(DAY)
    assert clock.now == DAY
    assert clock.waiting() == (("crew", "Event"),)


def test_waiting_for_an_event_that_never_comes_is_a_stall() -> None:
    """Running until an event nobody triggers raises a stall; a triggered one gives its value."""
    clock = Clock(CALENDAR)
    assert clock.run(clock.timeout(5.0, "done")) == "done"
    with pytest.raises(StallError):
        clock.run(clock.event())
    clock.run()  # nothing left and nobody waiting


def test_a_fault_inside_a_process_is_not_mistaken_for_a_stall() -> None:
    """A RuntimeError raised by a process passes through unchanged."""
    clock = Clock(CALENDAR)

    def broken() -> simpy.events.ProcessGenerator:
        yield clock.timeout(1.0)
        raise RuntimeError("broken")

    process = clock.process(broken())
    with pytest.raises(RuntimeError, match="broken"):
        clock.run(process)


def test_the_dead_are_forgotten() -> None:
    """Ten thousand short processes do not pile up in the memory of who waits."""
    clock = Clock(CALENDAR)

    def short() -> simpy.events.ProcessGenerator:
        yield clock.timeout(1.0)

    def parent() -> simpy.events.ProcessGenerator:
        for _ in range(10_000):
            yield clock.process(short())

    clock.process(parent())
    clock.run(20_000.0)
    assert len(clock._alive) < 200
