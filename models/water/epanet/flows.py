"""What the solver holds, read as whole arrays in SI and in the network's order."""

from __future__ import annotations

from ctypes import byref, c_double

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.codes import Count, LinkValue, NodeValue, Status
from models.water.epanet.project import Project
from models.water.epanet.units import M3_PER_FT3, M_PER_FT
from models.water.epanet.volumes import Rates
from models.water.network.network import Floats, Network, NodeKind

_RELATIVE_ERROR, _DEFICIENT_NODES = 1, 5
_CLOSED_FT_PER_CFS = 1e8
_ROUNDING = 1e-10


class Flows:
    """Bulk reads of one project.

    Attributes
    ----------
    nodes_at, links_at : NDArray[np.int64]
        EPANET's position of each node and link of the network.
    emitting : bool
        Whether any emitter was ever set: EPANET then keeps, and reports, the last flow of one that
        was taken off, so that flows must be read with the coefficients beside them.
    leaking : bool
        Whether any pipe leaks by FAVAD.
    feeding : bool
        Whether a junction may feed water in.
    """

    def __init__(self, project: Project, network: Network, read: Network) -> None:
        self._project = project
        self._units = project.units
        self.nodes_at = _positions(network.nodes.ids, read.nodes.ids)
        self.links_at = _positions(network.links.ids, read.links.ids)
        nodes, links = project.count(Count.NODES), project.count(Count.LINKS)
        self._get, self._get_links = project.bound("getnodevalues"), project.bound("getlinkvalues")
        self._handle = project.handle
        self._outflow, self._emitters, self._leaks = (np.empty(nodes) for _ in range(3))
        self._scratch, self._link_scratch = np.empty(nodes), np.empty(links)
        self._addresses = {
            id(array): array.ctypes.data
            for array in (
                self._outflow,
                self._emitters,
                self._leaks,
                self._scratch,
                self._link_scratch,
            )
        }
        kind = read.nodes.kind
        self._junctions = int((kind == NodeKind.JUNCTION).sum())
        self._tanks = np.flatnonzero(kind == NodeKind.TANK).tolist()
        self._reservoirs = np.flatnonzero(kind == NodeKind.RESERVOIR).tolist()
        self.coefficients: Floats = read.nodes.emitter.copy()
        """Of emitters, in EPANET's order; SI."""
        self._emitters_at = np.flatnonzero(self.coefficients)
        self.emitting = len(self._emitters_at) > 0
        self.leaking = bool((read.links.leak_area_m2_per_m > 0.0).any()) or bool(
            (read.links.leak_expansion_m2_per_m2 > 0.0).any()
        )
        ends = np.stack((read.links.start, read.links.end))
        fixed = ends >= self._junctions  # EPANET numbers junctions first
        self._shut = np.flatnonzero(fixed[0] != fixed[1])
        shut, first = ends[:, self._shut], fixed[0, self._shut]
        self._fixed_end = np.where(first, shut[0], shut[1])
        self._free_end = np.where(first, shut[1], shut[0])
        negative = any(bool((pattern.values < 0.0).any()) for pattern in read.patterns)
        self.feeding = negative or bool((read.demands.base_m3s < 0.0).any())

    def set_coefficient(self, at: int, value: float) -> None:
        """Note the coefficient of the emitter at EPANET's position `at`."""
        self.coefficients[at] = value
        self._emitters_at = np.flatnonzero(self.coefficients)
        self.emitting = True

    def nodes(self, what: NodeValue) -> Floats:
        """Return a property of nodes in the network's order: a length or a flow, in SI."""
        self._read(self._scratch, what)
        is_flow = what in (NodeValue.DEMAND_FLOW, NodeValue.FULL_DEMAND, NodeValue.DEMAND)
        factor = self._units.flow_m3s if is_flow else self._units.length_m
        values: Floats = self._scratch[self.nodes_at] * factor
        return values

    def links(self, what: LinkValue) -> Floats:
        """Return flows of links in the network's order; m3/s."""
        self._get_links(self._handle, int(what), self._addresses[id(self._link_scratch)])
        values: Floats = self._link_scratch[self.links_at] * self._units.flow_m3s
        return values

    def status(self) -> NDArray[np.int8]:
        """Return the solver's status of links, in the network's order."""
        at = self._addresses[id(self._link_scratch)]
        self._get_links(self._handle, int(LinkValue.PUMP_STATE), at)
        return np.rint(self._link_scratch[self.links_at]).astype(np.int8)

    def leaks(self) -> Floats:
        """Return what leaks at nodes, in the network's order; m3/s."""
        total = np.zeros(len(self._scratch))
        if self.emitting:
            self._read(self._emitters, NodeValue.EMITTER_FLOW)
            total[self._emitters_at] = self._emitters[self._emitters_at]
        if self.leaking:
            self._read(self._leaks, NodeValue.LEAKAGE_FLOW)
            total += self._leaks
        values: Floats = total[self.nodes_at] * self._units.flow_m3s
        return values

    def sources(self) -> Floats:
        """Return what tanks and reservoirs give, in the network's order; m3/s."""
        self._read(self._outflow, NodeValue.DEMAND)
        given = -self._outflow * self._units.flow_m3s
        given[: self._junctions] = 0.0
        values: Floats = given[self.nodes_at]
        return values

    def rates(self) -> Rates:
        """Return the flows in and out of the pipes."""
        self._read(self._outflow, NodeValue.DEMAND)
        outflow = self._outflow
        consumers = outflow[: self._junctions]
        leaked = drawn_in = 0.0
        if self.emitting:
            self._read(self._emitters, NodeValue.EMITTER_FLOW)
            consumers = consumers - self._emitters[: self._junctions]
            out, into = _sides(self._emitters[self._emitters_at])
            leaked, drawn_in = leaked + out, drawn_in + into
        if self.leaking:
            self._read(self._leaks, NodeValue.LEAKAGE_FLOW)
            consumers = consumers - self._leaks[: self._junctions]
            out, into = _sides(self._leaks)
            leaked, drawn_in = leaked + out, drawn_in + into
        consumed, produced = _sides(consumers) if self.feeding else (float(consumers.sum()), 0.0)
        returned = 0.0
        for at in self._reservoirs:
            flow = outflow.item(at)
            produced, returned = produced + max(-flow, 0.0), returned + max(flow, 0.0)
        into_tanks = sum(outflow.item(at) for at in self._tanks)
        unit = self._units.flow_m3s
        found = Rates(
            produced * unit,
            consumed * unit,
            leaked * unit,
            returned * unit,
            drawn_in * unit,
            into_tanks * unit,
        )
        if len(self._shut) and abs(found.gap) > _ROUNDING * found.through:
            return found._replace(seeped=self._seeped())
        return found

    def tank_inflow_m3s(self, at: int) -> float:
        """Return what flows into the tank at EPANET's position `at`, as :meth:`rates` last read."""
        return self._outflow.item(at) * self._units.flow_m3s

    def _seeped(self) -> float:
        """Return what closed links let into the pipes from tanks and reservoirs; m3/s.

        EPANET closes a link by a resistance of 1e8 ft a cubic foot a second, and leaves what passes
        out of the outflow of tanks and reservoirs.
        """
        at = self._addresses[id(self._link_scratch)]
        self._get_links(self._handle, int(LinkValue.PUMP_STATE), at)
        self._read(self._scratch, NodeValue.HEAD)
        closed = self._link_scratch[self._shut] <= Status.CLOSED
        fixed, junction = self._scratch[self._fixed_end], self._scratch[self._free_end]
        drop_ft = float((fixed - junction)[closed].sum()) * self._units.length_m / M_PER_FT
        return drop_ft / _CLOSED_FT_PER_CFS * M3_PER_FT3

    def relative_error(self) -> float:
        """Return the error the last solution stopped with."""
        return self._statistic(_RELATIVE_ERROR)

    def deficient_nodes(self) -> int:
        """Return how many nodes take less than they ask for."""
        return round(self._statistic(_DEFICIENT_NODES))

    def _statistic(self, which: int) -> float:
        value = c_double()
        self._project.call("getstatistic", which, byref(value))
        return value.value

    def _read(self, array: Floats, what: NodeValue) -> None:
        self._get(self._handle, int(what), self._addresses[id(array)])


def _sides(values: Floats) -> tuple[float, float]:
    """Return the sum of what is above zero, and that of what is below with its sign turned."""
    above = float(np.maximum(values, 0.0).sum())
    return above, above - float(values.sum())


def _positions(ids: tuple[str, ...], among: tuple[str, ...]) -> NDArray[np.int64]:
    where = {name: at for at, name in enumerate(among)}
    return np.array([where[name] for name in ids], dtype=np.int64)
