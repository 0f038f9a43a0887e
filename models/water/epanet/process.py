"""One network in SimPy time: EPANET steps, the world changes it between steps.

EPANET never steps back, so what happens in the world counts from the first hydraulic step at or
after it: 15 or 60 minutes, the process's own choice. One process a network, never one a pipe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import simpy
from simpy.events import Process, ProcessGenerator

from models.water.epanet.stepping import Engine
from models.water.epanet.trouble import Notice
from models.water.network.network import Floats
from twin.errors import Fault, InputError
from twin.lang import Text

Demand = Callable[[float], Floats]
"""Whole demand of every node at a time, m3/s; shape (nodes,)."""


@dataclass(frozen=True)
class Step:
    """A step just solved: `time_s` by the world's clock; read the rest from the engine at once."""

    time_s: float
    engine: Engine
    notices: tuple[Notice, ...]


Listener = Callable[[Step], None]


class HydraulicProcess:
    """Steps an engine for as long as the world goes on.

    Parameters
    ----------
    env : simpy.Environment
        Its clock must stand at a whole second.
    engine : Engine
        Open, at time 0, and nobody else's.
    step_s : int
        Hydraulic step.
    demand : callable, optional
        Asked for at each step; the network's own patterns are followed without it.

    Attributes
    ----------
    process : simpy.events.Process
        Fails with what the engine raises.
    steps : int
        Solved so far.
    """

    def __init__(
        self,
        env: simpy.Environment,
        engine: Engine,
        *,
        step_s: int = 3600,
        demand: Demand | None = None,
    ) -> None:
        if step_s < 1 or step_s != int(step_s):
            raise InputError(
                Fault(
                    key="step_s",
                    value=f"{step_s:g}",
                    expected=Text("un pas d'un nombre entier de secondes", "whole seconds"),
                    remedy=Text("donner 900 ou 3600", "give 900 or 3600"),
                )
            )
        self._env = env
        self.engine = engine
        self._step_s = step_s
        self._demand = demand
        self._listeners: list[Listener] = []
        self._pending: list[Callable[[Engine], None]] = []
        self._leaks: dict[str, tuple[int, float]] = {}
        self.steps = 0
        self.process: Process = env.process(self._run())

    def listen(self, listener: Listener) -> None:
        """Call `listener` after each step is solved, in the order of asking."""
        self._listeners.append(listener)

    def at_next_step(self, change: Callable[[Engine], None]) -> None:
        """Make a change when the next step begins, before it is solved."""
        self._pending.append(change)

    def start_leak(self, name: str, node: int, coefficient: float) -> None:
        """Let a node leak C p^n from the next step on (m3/s at 1 m), beside its other leaks.

        A name that leaks already takes the new coefficient: so a leak grows.
        """
        before = self._leaks.get(name)
        self._leaks[name] = (node, coefficient)
        if before is not None and before[0] != node:
            self._renew(before[0])
        self._renew(node)

    def end_leak(self, name: str) -> None:
        """Mend a leak from the next step on; KeyError if there is none of that name."""
        node, _ = self._leaks.pop(name)
        self._renew(node)

    def _renew(self, node: int) -> None:
        self.at_next_step(lambda engine: engine.change.emitter(node, self._coefficient(node)))

    def _coefficient(self, node: int) -> float:
        own = float(self.engine.network.nodes.emitter[node])
        return own + sum(value for at, value in self._leaks.values() if at == node)

    def _run(self) -> ProcessGenerator:
        env, engine, step_s = self._env, self.engine, self._step_s
        while True:
            # After whatever else the world has planned for this very instant.
            yield env.timeout(0)
            if self._pending:
                for change in self._pending:
                    change(engine)
                self._pending.clear()
            if self._demand is not None:
                engine.change.demands(self._demand(env.now))
            notices = engine.solve()
            self.steps += 1
            if self._listeners:
                step = Step(env.now, engine, notices)
                for listener in self._listeners:
                    listener(step)
            yield env.timeout(step_s)
            engine.advance(step_s)
