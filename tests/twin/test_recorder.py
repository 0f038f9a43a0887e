"""The recorder: declared KPIs, whole columns, balanced ledgers."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.lang import Lang, same
from twin.recorder import Direction, Kpi, Part, Recorder, RecordError

COST = Kpi("cost_eur", same("cost"), "€", Direction.MIN)
SHARE = Kpi("share", same("share"), "1", Direction.MAX, may_be_missing=True)


def test_a_part_is_sorted_by_kpi_then_zone() -> None:
    """The order of recording leaves no trace: rows come sorted by KPI, then zone."""
    recorder = Recorder([SHARE, COST])
    recorder.by_zone("share", ["b", "a"], np.array([0.2, 0.1]))
    recorder.kpi("cost_eur", 12.0)
    recorder.kpi("share", 0.5)
    part = recorder.part()
    assert part.kpi.tolist() == ["cost_eur", "share", "share", "share"]
    assert part.zone.tolist() == ["", "", "a", "b"]
    assert part.value.tolist() == [12.0, 0.5, 0.1, 0.2]
    assert part.get("share", "b") == 0.2
    with pytest.raises(KeyError):
        part.get("share", "c")


def test_what_is_recorded_is_a_copy() -> None:
    """Reusing an array after recording it does not change the record."""
    recorder = Recorder([COST])
    values = np.array([1.0])
    recorder.by_zone("cost_eur", ["a"], values)
    values[0] = 2.0
    assert recorder.part().value.tolist() == [1.0]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda r: r.kpi("cost_euro", 1.0), "did you mean cost_eur?"),
        (lambda r: r.kpi("cost_eur", float("nan")), "may_be_missing"),
        (lambda r: r.kpi("cost_eur", float("inf")), "inf refused"),
        (lambda r: r.kpi("share", float("-inf")), "-inf refused"),
        (lambda r: r.by_zone("share", ["a", "b"], [1.0]), "(2,) zones for (1,) values"),
        (lambda r: r.declare(Kpi("cost_eur", same("cost"), "k€")), "declared differently"),
    ],
)
def test_what_was_not_announced_is_refused(act: object, said: str) -> None:
    """An undeclared name, a hole, an infinity, a mismatch: each is refused at once, by name."""
    with pytest.raises(RecordError) as caught:
        act(Recorder([COST, SHARE]))  # type: ignore[operator]
    assert said in str(caught.value)
    assert caught.value.say(Lang.FR) != caught.value.say(Lang.EN)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert str(copy) == str(caught.value)


def test_a_hole_that_was_announced_is_kept() -> None:
    """NaN is a value where the KPI may be missing."""
    recorder = Recorder([SHARE])
    recorder.kpi("share", float("nan"), "empty")
    assert np.isnan(recorder.part().get("share", "empty"))


def test_a_forgotten_kpi_is_refused_at_the_end() -> None:
    """A KPI declared and never recorded makes the part fail, unless it may be missing."""
    recorder = Recorder([COST, SHARE])
    recorder.kpi("share", 1.0)
    with pytest.raises(RecordError, match="cost_eur"):
        recorder.part()
    with pytest.raises(RecordError):
        Recorder().part()


def test_recording_twice_is_refused() -> None:
    """The same KPI in the same zone twice is a bug, not an average."""
    recorder = Recorder([COST])
    recorder.kpi("cost_eur", 1.0, "a")
    recorder.kpi("cost_eur", 2.0, "a")
    with pytest.raises(RecordError, match="recorded twice"):
        recorder.part()


def test_declaring_the_same_again_is_harmless() -> None:
    """Two models may share a declaration."""
    recorder = Recorder([COST])
    recorder.declare(COST)
    assert list(recorder.kpis) == ["cost_eur"]


def test_an_open_or_unbalanced_ledger_stops_the_part() -> None:
    """Every ledger must have in = out + stored: it is checked before anything is kept."""
    recorder = Recorder([COST])
    recorder.kpi("cost_eur", 1.0)
    frames = recorder.ledger("frames", "frames", opening=5.0)
    frames.enter(10.0, "sent")
    frames.leave(7.0, "delivered")
    with pytest.raises(RecordError, match="never closed"):
        recorder.part()
    frames.close(7.0)
    with pytest.raises(RecordError, match="off by 1 frames"):
        recorder.part()
    frames.leave(1.0, "collided")
    assert recorder.ledger("frames") is frames
    assert len(recorder.part()) == 1
    with pytest.raises(RecordError):
        frames.enter(-1.0)


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1)), max_size=50))
def test_a_ledger_that_moves_what_it_has_always_balances(moves: list[tuple[float, float]]) -> None:
    """Whatever enters, any share of the stock may leave and the books still balance."""
    recorder = Recorder()
    ledger = recorder.ledger("water", "m3")
    stock = 0.0
    for amount, share in moves:
        ledger.enter(amount)
        stock += amount
        out = share * stock
        ledger.leave(out)
        stock -= out
    ledger.close(stock)
    ledger.check()


def test_columns_of_a_part_have_one_length() -> None:
    """A part with ragged columns cannot be made."""
    with pytest.raises(ValueError, match="equal"):
        Part(np.array(["a"]), np.array(["z"]), np.array([1.0, 2.0]))
