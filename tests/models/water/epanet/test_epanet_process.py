"""One network in SimPy time: what happens in the world counts from the next hydraulic step."""

from __future__ import annotations

import math

import numpy as np
import pytest
import simpy
from water_networks import wntr_network

from models.water.epanet.process import HydraulicProcess, Step
from models.water.epanet.stepping import Engine
from models.water.epanet.trouble import UnsolvedError
from twin.errors import InputError

HOUR_S = 3_600


@pytest.mark.parametrize("step_s", [900, 3_600])
def test_a_leak_counts_from_the_next_step(step_s: int) -> None:
    """A leak from 1:10 to 3:05 leaks from the first step after 1:10 to the first after 3:05.

    Mended at the very instant of a step, it leaks no more at that step.
    """
    env = simpy.Environment()
    seen: list[tuple[float, float]] = []
    with Engine(wntr_network("Net3")) as engine:
        process = HydraulicProcess(env, engine, step_s=step_s)
        node = engine.network.node("105")
        process.listen(lambda step: seen.append((step.time_s, float(engine.leaks_m3s()[node]))))

        def world() -> simpy.events.ProcessGenerator:
            yield env.timeout(1 * HOUR_S + 600)
            process.start_leak("main", node, 1e-4)
            yield env.timeout(1 * HOUR_S + 3_300)
            process.end_leak("main")
            process.start_leak("second", node, 2e-4)
            yield env.timeout(4 * HOUR_S - env.now)
            process.end_leak("second")

        env.process(world())
        env.run(until=6 * HOUR_S)
    assert [time for time, _ in seen] == [step_s * at for at in range(len(seen))]
    leaking = [time for time, flow in seen if flow > 0.0]
    first = math.ceil((HOUR_S + 600) / step_s) * step_s
    assert leaking == list(range(first, 4 * HOUR_S, step_s))
    flows = dict(seen)
    assert flows[3 * HOUR_S + step_s] == pytest.approx(2 * flows[3 * HOUR_S], rel=0.05) or (
        step_s == HOUR_S
    )


def test_leaks_at_one_node_add_up_and_grow() -> None:
    """Two leaks of a node leak their sum; a leak named again takes its new size."""
    env = simpy.Environment()
    with Engine(wntr_network("Net3")) as engine:
        process = HydraulicProcess(env, engine)
        node = engine.network.node("105")
        process.start_leak("a", node, 1e-5)
        process.start_leak("b", node, 1e-5)
        env.run(until=1)
        both = engine.leaks_m3s()[node]
        process.start_leak("a", node, 3e-5)
        env.run(until=HOUR_S + 1)
        grown = engine.leaks_m3s()[node]
        pressure = engine.pressures_m()[node]
        process.end_leak("a")
        process.end_leak("b")
        env.run(until=2 * HOUR_S + 1)
        assert both > 0.0
        assert grown == pytest.approx(4e-5 * math.sqrt(pressure), rel=1e-6)
        assert engine.leaks_m3s().sum() == 0.0
        with pytest.raises(KeyError):
            process.end_leak("a")


def test_a_year_of_hours_with_leaks_balances() -> None:
    """8,760 hours of Net1 under demands of the world's own, leaks coming and going, balance."""
    env = simpy.Environment()
    with Engine(wntr_network("Net1")) as engine:
        own = np.zeros(len(engine.network.nodes))
        own[engine.network.demands.node] = engine.network.demands.base_m3s
        process = HydraulicProcess(
            env, engine, demand=lambda time: own * (1.0 + 0.5 * math.sin(time / 13_751.0))
        )

        def world() -> simpy.events.ProcessGenerator:
            for number in range(20):
                yield env.timeout(200 * HOUR_S)
                process.start_leak(f"{number}", number % 9, 5e-5)
                yield env.timeout(200 * HOUR_S)
                process.end_leak(f"{number}")

        env.process(world())
        env.run(until=8_760 * HOUR_S)
        assert process.steps == 8_760
        assert engine.now_s == 8_759 * HOUR_S
        engine.volumes.ledger("Net1").check()
        assert engine.volumes.worst_gap < 1e-6
        assert engine.volumes.leaked_m3 > 1_000.0


def test_trouble_ends_the_world_with_its_message() -> None:
    """A network that cannot be solved stops env.run with the engine's own error."""
    env = simpy.Environment()
    with Engine(wntr_network("Net1")) as engine:
        process = HydraulicProcess(env, engine)
        steps: list[Step] = []
        process.listen(steps.append)
        pipes = [engine.network.link(name) for name in ("112", "121")]

        def close(running: Engine) -> None:
            for pipe in (*pipes, running.network.link("111"), running.network.link("31")):
                running.change.opened(pipe, is_open=False)
            for name in ("21", "22", "113", "122"):
                running.change.opened(running.network.link(name), is_open=False)

        env.run(until=HOUR_S + 1)
        process.at_next_step(close)
        with pytest.raises(UnsolvedError):
            env.run(until=10 * HOUR_S)
        assert [step.time_s for step in steps] == [0.0, HOUR_S]


def test_a_step_must_be_whole_seconds() -> None:
    """A step of half a second is an input error."""
    with Engine(wntr_network("Net1")) as engine, pytest.raises(InputError):
        HydraulicProcess(simpy.Environment(), engine, step_s=0.5)  # type: ignore[arg-type]
