"""Through the port, both engines give the same deliveries, fates and answers, however cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import simpy

from tests.models.lora.link.lora_world import GivenLevels, Life, living, meters
from twin.signals import AssetId, Command, Fate

HORIZON_S = 12_000.0


def busy_life(seed: int, engine: str, window_s: float) -> Life:
    """Return a crowded network where everything a link is asked for happens, lived through."""
    rng = np.random.default_rng(seed)
    fleets = [
        meters(
            12,
            name,
            period_s=float(rng.choice([60.0, 300.0, 900.0])),
            device_class=device_class,
            confirmed=bool(rng.random() < 0.5),
            phase_s=rng.uniform(0.0, 300.0, 12),
            arrival=str(rng.choice(["periodic", "poisson"])),
        )
        for name, device_class in (("meters", "A"), ("valves", "B"), ("lamps", "C"))
    ]
    life = living(
        *fleets,
        gateways=2,
        levels=GivenLevels(rng.uniform(-140.0, -95.0, 12)),
        groups={"b": ["valves/1", "valves/5"], "c": ["lamps/0", "lamps/3", "lamps/7"]},
        seed=seed,
        engine=engine,
        window_s=window_s,
        channels=3,
        data_rate=None,
        adr=True,
        fading_sigma_db=3.0,
        slow_sigma_db=4.0,
        slow_tau_s=3_000.0,
        joined=bool(rng.random() < 0.7),
        backhaul_s=float(rng.choice([0.0, 4.0])),
    )
    life.answers = []  # type: ignore[attr-defined]

    def wait(event: simpy.Event) -> None:
        event.callbacks.append(lambda each: life.answers.append(each.value))  # type: ignore[attr-defined]

    def anyone() -> AssetId:
        return AssetId(f"{rng.choice(['meters', 'valves', 'lamps'])}/{rng.integers(0, 12)}")

    link = life.link
    for at_s in np.sort(rng.uniform(10.0, HORIZON_S - 500.0, 60)).tolist():
        what = int(rng.integers(0, 7))
        asset, flag = anyone(), bool(rng.random() < 0.5)
        if what == 0:
            life.at(at_s, life.ring, asset, at_s, 6)
        elif what <= 2:
            command = Command(asset, "set", 5, at_s)
            life.at(at_s, lambda c=command: wait(link.downlink.send(c)))
        elif what == 3:
            life.at(at_s, link.cut, [asset, AssetId("mast/1")], on=flag)
        elif what == 4:
            life.at(at_s, link.power, asset, on=flag)
        elif what == 5:
            life.at(at_s, link.disturb, 868_300_000, float(rng.choice([0.0, 2.0])))
        else:
            group = "b" if flag else "c"
            life.at(at_s, lambda g=group: wait(link.multicast(g, "dim", 9)))
    return life


def lived(seed: int, engine: str, window_s: float) -> tuple[Any, ...]:
    """Return what one life gave: deliveries, answers, and the tally at two times."""
    life = busy_life(seed, engine, window_s)
    tallies: list[Mapping[str, Mapping[Fate, int]]] = []
    life.clock.run(7_777.0)
    tallies.append(life.link.tally())
    life.clock.run(HORIZON_S)
    tallies.append(life.link.tally())
    life.clock.run(HORIZON_S + 2_000.0)
    rows = sorted(row for row in life.rows if row[3] < HORIZON_S)
    answers = sorted(map(repr, (a for a in life.answers if _known_s(a) < HORIZON_S)))  # type: ignore[attr-defined]
    return rows, answers, tallies


def _known_s(answer: Any) -> float:
    names = ("received_s", "given_up_s", "ended_s")
    return next(getattr(answer, name) for name in names if hasattr(answer, name))


@pytest.mark.parametrize("seed", range(8))
def test_engines_and_windows_agree(seed: int) -> None:
    """Window and SimPy engines, short and long windows: the same rows, answers and tallies."""
    rows, answers, tallies = lived(seed, "window", 900.0)
    assert len(rows) > 50
    assert answers
    for engine, window_s in (("simpy", 900.0), ("window", 61.7), ("simpy", 333.3)):
        other = lived(seed, engine, window_s)
        assert other[0] == rows, (engine, window_s)
        assert other[1] == answers, (engine, window_s)
        assert other[2] == tallies, (engine, window_s)
