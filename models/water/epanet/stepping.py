"""A hydraulic simulation that goes forward at the caller's pace, with changes between steps.

The caller changes what it likes, solves, reads, and advances; a change counts from the next
:meth:`Engine.solve`. EPANET never steps back, and stops by itself inside an advance where a tank
fills, a control acts or a pattern turns: volumes account for it.
"""

from __future__ import annotations

import math
import tempfile
from ctypes import byref, c_double, c_long
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.changes import Changes
from models.water.epanet.codes import (
    WARN_UNBALANCED,
    WARN_UNSTABLE,
    LinkValue,
    NodeValue,
    Option,
    Start,
    Time,
)
from models.water.epanet.flows import Flows
from models.water.epanet.project import Project
from models.water.epanet.trouble import (
    Notice,
    State,
    UnsolvedError,
    notices_of,
    raise_if_cut_off,
    toggling,
    unsolved,
)
from models.water.epanet.volumes import Volumes
from models.water.network.network import Floats, Network
from models.water.network.read import ACCURACY, network_of
from models.water.network.write import write_network
from twin.errors import Fault, InputError, RunError
from twin.lang import Text

FOREVER_S = 2**31 - 1
"""Of EPANET's clock, in a C long that has 32 bits on some systems: 68 years."""

EVENTS_PER_HOUR = 60
"""Changes of state within an hour beyond which controls are taken to toggle without end."""

_ROUNDS_WATCHED = 20
_BRIM_S = 2.0
_FIRST_ERROR = 101


class Engine:
    """EPANET on one network, used in a `with` block; nodes and links in the network's order.

    Parameters
    ----------
    source : Network, Path or str
        A network, or an INP file: then its rules are followed too.
    name : str
        What messages call it.

    Attributes
    ----------
    network : Network
        What is simulated.
    change : Changes
        What can be changed between steps.
    now_s : int
        Seconds since the start.
    volumes : Volumes
        Cubic metres since the start.

    Raises
    ------
    InputError
        On entering: the file is at fault, or the network cannot be written.
    """

    def __init__(self, source: Network | Path | str, name: str = "") -> None:
        self._source = source
        self._name = name
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._project: Project | None = None
        self.now_s = 0

    def __enter__(self) -> Self:
        path = self._file()
        named = self._name or (path.name if self._folder is None else "network")
        project = Project(path, named)
        try:
            project.__enter__()
            self._project = project
            self._start(project)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free EPANET and the scratch file; harmless when done twice."""
        if self._project is not None:
            self._project.close()
            self._project = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def restart(self) -> None:
        """Go back to time 0: tanks at their first levels, links at their first status and setting.

        Other changes stay: demands, emitters, leaks of pipes, heads.
        """
        project = self._open()
        self.change.power(is_on=True)
        project.call("initH", int(Start.FRESH_FLOWS))
        self.now_s = 0
        self._solved = False
        self._tank_m3 = self._tank_volumes()
        self.volumes = Volumes(sum(self._tank_m3))

    def solve(self) -> tuple[Notice, ...]:
        """Solve the network as it stands now; return what has to be told of the solution.

        Raises
        ------
        UnsolvedError
            Unbalanced, unstable, unsolvable, or consumers cut off: never used.
        """
        code: int = self._run(self._handle, byref(self._time))
        self._solved = code < _FIRST_ERROR
        if code < WARN_UNBALANCED and not self._flows.relative_error() <= self._accuracy:
            code = WARN_UNBALANCED  # figures that are no numbers end EPANET's iterations too
        # EPANET warns of missing pressure only where demands do not depend on it.
        short = self.change.pressure_dependent and self._flows.deficient_nodes() > 0
        return self._examined(code) if code or short else ()

    def solved_tighter(self, times: float) -> Floats:
        """Return the heads at time 0 under an accuracy so many times tighter; restarts.

        Raises
        ------
        UnsolvedError
            EPANET does not reach it.
        """
        project, own = self._open(), accuracy_of(self.network)
        project.set_option(Option.ACCURACY, own / times)
        try:
            self.restart()
            self.solve()
            return self.heads_m()
        finally:
            project.set_option(Option.ACCURACY, own)

    def advance(self, seconds: int) -> None:
        """Go forward, through whatever happens on the way; solves first where that is needed.

        Raises
        ------
        UnsolvedError
            As :meth:`solve`, on the way too; or controls that toggle without end.
        """
        end_s = self.now_s + _whole(seconds)
        most = EVENTS_PER_HOUR * (1 + seconds // 3600)
        for event in range(most + 1):
            if self.now_s >= end_s:
                return
            if not self._solved:
                self.solve()
            if event == most:
                raise self._toggling()
            self._step(end_s - self.now_s)

    def heads_m(self) -> Floats:
        """Return heads; shape (nodes,)."""
        return self._flows.nodes(NodeValue.HEAD)

    def pressures_m(self) -> Floats:
        """Return pressures: heads above the ground, levels in tanks; shape (nodes,)."""
        pressures: Floats = self.heads_m() - self.network.nodes.elevation_m
        return pressures

    def flows_m3s(self) -> Floats:
        """Return flows, from start to end of each link; shape (links,)."""
        return self._flows.links(LinkValue.FLOW)

    def consumed_m3s(self) -> Floats:
        """Return what consumers take, short or not; shape (nodes,), 0 but at junctions."""
        return self._flows.nodes(NodeValue.DEMAND_FLOW)

    def leaks_m3s(self) -> Floats:
        """Return what leaks out, by emitters and by FAVAD; shape (nodes,)."""
        return self._flows.leaks()

    def sources_m3s(self) -> Floats:
        """Return what tanks and reservoirs give, less than 0 where they fill; shape (nodes,)."""
        return self._flows.sources()

    def status(self) -> NDArray[np.int8]:
        """Return the solver's status of each link (:class:`Status`); shape (links,)."""
        return self._flows.status()

    def levels_m(self) -> Floats:
        """Return the level in each tank, now; shape (tanks,)."""
        project, at = self._open(), self._flows.nodes_at
        nodes, elevation = self.network.tanks.node, self.network.nodes.elevation_m
        heads = [project.node_value(int(at[node]), NodeValue.HEAD) for node in nodes]
        levels: Floats = np.array(heads) * project.units.length_m - elevation[nodes]
        return levels

    def _file(self) -> Path:
        if not isinstance(self._source, Network):
            return Path(self._source)
        self._folder = tempfile.TemporaryDirectory(prefix="network-", ignore_cleanup_errors=True)
        try:
            return write_network(self._source, Path(self._folder.name) / "network.inp")
        except BaseException:
            self.close()
            raise

    def _start(self, project: Project) -> None:
        project.open_solver()
        read = network_of(project)
        self.network = self._source if isinstance(self._source, Network) else read
        project.set_option(Option.ACCURACY, accuracy_of(self.network))
        project.set_option(Option.TRIALS, self.network.options.trials)
        # Extra trials with every status frozen would pass an unstable solution off as balanced; and
        # "stop" would end the whole simulation at a solution that the caller may yet mend.
        project.set_option(Option.UNBALANCED, 0.0)
        project.set_time(Time.DURATION, FOREVER_S)
        project.set_time(Time.REPORT_STEP, FOREVER_S)
        project.silence()
        self._flows = Flows(project, self.network, read)
        self.change = Changes(project, self.network, self._flows)
        self._handle = project.handle
        self._run, self._next = project.bound("runH"), project.bound("nextH")
        self._set_time, self._value = project.bound("settimeparam"), project.bound("getnodevalue")
        self._time, self._length = c_long(), c_long()
        self._number = c_double()
        self._asked_s = 0
        self._accuracy = accuracy_of(self.network)
        self._tanks = [int(self._flows.nodes_at[node]) + 1 for node in self.network.tanks.node]
        self._m3 = project.units.length_m**3
        self._limits = [
            (
                at,
                tank - 1,
                project.node_value(tank - 1, NodeValue.MINIMUM_VOLUME) * self._m3,
                project.node_value(tank - 1, NodeValue.MAXIMUM_VOLUME) * self._m3,
            )
            for at, tank in enumerate(self._tanks)
            if not project.node_value(tank - 1, NodeValue.CAN_OVERFLOW)
        ]
        self.restart()

    def _open(self) -> Project:
        if self._project is None:
            raise RuntimeError("the engine is closed: use it inside its with block")
        return self._project

    def _step(self, most_s: int) -> None:
        """Let EPANET go on to its next event, `most_s` seconds away at most."""
        rates = self._flows.rates()
        if self._at_the_brim():
            most_s = 1
        if most_s != self._asked_s:
            self._set_time(self._handle, int(Time.HYDRAULIC_STEP), most_s)
            self._asked_s = most_s
        code = self._next(self._handle, byref(self._length))
        seconds = self._length.value
        if code or seconds <= 0:
            raise RunError(f"EPANET stopped at {self.now_s} s with code {code}")
        self._solved = False
        self.now_s += seconds
        before, self._tank_m3 = self._tank_m3, self._tank_volumes()
        self.volumes.add(rates, seconds, sum(self._tank_m3) - sum(before))

    def _at_the_brim(self) -> bool:
        """Tell whether a tank is within two seconds of full or empty, and not there yet.

        EPANET would not stop there, the time being rounded to nothing, and would let an empty tank
        give for a whole step. A step of one second closes it.
        """
        for at, node, low, high in self._limits:
            flow = self._flows.tank_inflow_m3s(node)
            room = (high if flow > 0.0 else low) - self._tank_m3[at]
            if 0.0 < room * flow < _BRIM_S * flow * flow:
                return True
        return False

    def _tank_volumes(self) -> list[float]:
        found = []
        for tank in self._tanks:
            self._value(self._handle, tank, int(NodeValue.TANK_VOLUME), byref(self._number))
            found.append(self._number.value * self._m3)
        return found

    def _examined(self, code: int) -> tuple[Notice, ...]:
        """Raise where the solution may not be used; return what else there is to tell."""
        state = self.state()
        if code in (WARN_UNBALANCED, WARN_UNSTABLE) or code >= _FIRST_ERROR:
            self._solved = False
            raise_if_cut_off(state)
            why = {
                WARN_UNBALANCED: Text("non équilibré", "unbalanced"),
                WARN_UNSTABLE: Text("instable", "unstable"),
            }.get(code, Text("sans solution", "no solution"))
            raise unsolved(state, why, self._flows.relative_error(), self.network.options.trials)
        dependent = self.change.pressure_dependent
        return notices_of(state, pressure_dependent=dependent)

    def state(self) -> State:
        """Return the solution as it stands, for whoever examines it."""
        return State(
            name=self._open().name,
            time_s=self.now_s,
            network=self.network,
            heads_m=self.heads_m(),
            demand_m3s=self.consumed_m3s(),
            wanted_m3s=self._flows.nodes(NodeValue.FULL_DEMAND),
            status=self.status(),
        )

    def _toggling(self) -> UnsolvedError:
        """Return the error of toggling controls, after a few more steps that show which."""
        begun_s, before = self.now_s, self.status()
        changed = np.zeros(len(before), dtype=np.bool_)
        for _ in range(_ROUNDS_WATCHED):
            if not self._solved:
                self.solve()
            self._step(3600)
            self.solve()
            after = self.status()
            changed |= after != before
            before = after
        name = self._open().name
        return toggling(name, self.network, begun_s, changed, EVENTS_PER_HOUR)


def accuracy_of(network: Network) -> float:
    """Return the accuracy a network is solved at: its own, 1e-5 if that is looser."""
    return min(ACCURACY, network.options.accuracy)


def _whole(seconds: float) -> int:
    """Return a step as a whole number of seconds; raise InputError where it is none."""
    if seconds <= 0 or seconds != math.floor(seconds):
        raise InputError(
            Fault(
                key="seconds",
                value=f"{seconds:g}",
                expected=Text("un pas d'un nombre entier de secondes", "a step of whole seconds"),
                remedy=Text("donner 900 ou 3600", "give 900 or 3600"),
            )
        )
    return int(seconds)
