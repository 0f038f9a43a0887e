"""A dusk at which every node joins again, held to the figures of the reference sheet."""

from __future__ import annotations

import json

import pytest

from models.lora.join_storm import join_storm
from twin.cli.app import run


@pytest.mark.parametrize(
    ("factor", "request_ms", "accept_ms", "rx1_h", "rx2_h"),
    [(7, 61.7, 71.9, 500, None), (9, 205.8, 246.8, 146, 1_459), (10, 370.7, 452.6, 80, None),
     (12, 1_482.8, 1_810.4, 20, 199)],
)  # fmt: skip
def test_frames_and_accepts_of_the_sheet(
    factor: int, request_ms: float, accept_ms: float, rx1_h: int, rx2_h: int | None
) -> None:
    """Times on air to 0.1 ms and accepts a gateway and hour are those of sheet A6."""
    told = join_storm(1, factor)
    assert 1e3 * told.request_s == pytest.approx(request_ms, abs=0.05)
    assert 1e3 * told.accept_s == pytest.approx(accept_ms, abs=0.051)
    assert round(told.rx1_accepts_h) == pytest.approx(rx1_h, abs=1)
    if rx2_h is not None:
        assert round(told.rx2_accepts_h) == pytest.approx(rx2_h, abs=1)


def test_a_thousand_nodes_take_five_hours() -> None:
    """1,000 nodes at SF12 accepted in RX2 alone take 5 hours of the night; ten gateways a tenth."""
    assert join_storm(1_000, 12, rx1=False).hours == pytest.approx(5.0, abs=0.05)
    assert join_storm(1_000, 12, 10, rx1=False).hours == pytest.approx(0.5, abs=0.005)


def test_the_command_tells_every_factor(capsys: pytest.CaptureFixture[str]) -> None:
    """Hours grow with the spreading factor; the French words come with them."""
    assert run(["join-storm", "--nodes", "1000", "--rx2-only", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    hours = [each["hours"] for each in told["by_factor"]]
    assert hours == sorted(hours)
    assert hours[-1] == pytest.approx(5.03, abs=0.01)
    assert run(["join-storm", "--nodes", "1000"]) == 0
    assert "SF12 :" in capsys.readouterr().out
    assert run(["join-storm", "--nodes", "0"]) == 2
