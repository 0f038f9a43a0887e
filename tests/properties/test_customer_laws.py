"""Laws of a year of customers' meters, whatever the dice and the loss."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.water.customers.airing import heard_year
from models.water.customers.rounds import rounds_of
from models.water.metering.delivery import first_heard_s
from models.water.metering.leaks import ends_s
from tests.models.water.customers.customers_case import (
    PRACTICE,
    START,
    constant,
    played_village,
    played_year,
    span,
    village,
)
from twin.streams import Streams

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(
    seed=st.integers(0, 1000),
    loss=st.floats(0.0, 1.0),
    more=st.floats(0.0, 1.0),
)
def test_less_loss_never_ends_a_leak_later(seed: int, loss: float, more: float) -> None:
    """With an alert at the next frame that arrives, a better link ends every leak sooner or then.

    Every frame that a worse link delivers a better one delivers too, at the same time.
    """
    dice, days = Streams(seed, 0), span(10, 30)
    played = played_village(village("36001", 4), dice, 10, 30)
    worse = loss + (1.0 - loss) * more
    good, bad = (
        heard_year([played], "daily", PRACTICE, START, days, constant(dice, share, 3.0))
        for share in (loss, worse)
    )
    assert (good.received_s <= bad.received_s).all()
    assert (good.midnight_s <= bad.midnight_s).all()
    leaks = played.leaks
    ends = [
        ends_s(
            leaks,
            first_heard_s(
                leaks.start_s, each.due_s[leaks.meter],
                np.isfinite(each.received_s)[leaks.meter], each.received_s[leaks.meter],
            ),
        )
        for each in (good, bad)
    ]  # fmt: skip
    assert (ends[0] <= ends[1]).all()


@FEW
@given(seed=st.integers(0, 1000), loss=st.floats(0.0, 1.0), readings=st.integers(1, 4))
def test_every_round_finds_an_index_or_somebody_who_looked(
    seed: int, loss: float, readings: int
) -> None:
    """A round is made by radio, or visited; an index by radio is a week old at most."""
    dice, days = Streams(seed, 0), span(10, 60)
    played = played_village(village("36001", 4), dice, 10, 60)
    heard = heard_year([played], "daily", PRACTICE, START, days, constant(dice, loss))
    radio = rounds_of(played, "daily", readings, PRACTICE, days, heard)
    foot = rounds_of(played, "manual", readings, PRACTICE, days, None)
    assert (radio.made | radio.visited | ~foot.visited).all()
    by_radio = radio.made & ~radio.visited
    age = (foot.day - radio.day)[by_radio]
    assert ((age >= 0) & (age <= PRACTICE.recent_days)).all()
    walked = radio.visited
    assert (radio.made[walked] == foot.made[walked]).all()
    assert (radio.day[walked] == foot.day[walked]).all()


def test_what_a_part_says_of_the_whole_is_unbiased() -> None:
    """A quarter of the meters, scaled, errs in both directions: its mean error is noise."""
    zones = (village("36001"), village("36002"))
    errors: dict[str, list[float]] = {name: [] for name in ("customer_lost_m3", "alerts")}
    for replication in range(12):
        dice = Streams(5, replication)
        whole, part = (
            played_year(zones, "manual", streams=dice, share=share, days=(60, 120))
            for share in (1.0, 0.25)
        )
        assert whole.meters == whole.played == part.meters
        assert part.readings_per_year <= 1.6 * max(whole.readings_per_year, part.meters)
        for name, found in errors.items():
            found.append(getattr(part, name) / getattr(whole, name) - 1.0)
    for found in errors.values():
        mean, error = np.mean(found), np.std(found, ddof=1) / np.sqrt(len(found))
        assert abs(mean) < 3.0 * error
        assert error < 0.2
