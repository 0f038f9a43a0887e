"""What can be changed in a running simulation, in SI and by the network's positions."""

from __future__ import annotations

import math
from ctypes import byref, c_int

import numpy as np

from models.water.epanet.codes import LinkValue, NodeValue, Option
from models.water.epanet.flows import Flows
from models.water.epanet.power import PowerCut
from models.water.epanet.project import Project
from models.water.network.network import Floats, LinkKind, Network, NodeKind
from twin.errors import Fault, InputError
from twin.lang import Text

_MM2_PER_M2 = 1e6
_LEAST = 1e-12
_PRESSURE_DRIVEN, _DEMAND_DRIVEN = 1, 0


class Changes:
    """Changes to one project; each counts from the next solve.

    Raises
    ------
    InputError
        From any method: what EPANET does not take (a check valve opened, a negative coefficient, a
        level beyond the tank's), with the name of the node or link.
    """

    def __init__(self, project: Project, network: Network, flows: Flows) -> None:
        self._project = project
        self._network = network
        self._flows = flows
        self._per_m3s = 1.0 / project.units.flow_m3s
        self._demands_ours = False
        self._base = np.zeros(len(flows.nodes_at))
        self._base_at = self._base.ctypes.data
        self._bad = c_int()
        self._set_all = project.bound("setnodevalues")
        self._cut: PowerCut | None = None
        self.pressure_dependent = network.options.pressure_dependent

    def demands(self, demand_m3s: Floats) -> None:
        """Set the whole demand of every node; shape (nodes,).

        From the first call on they replace the network's own categories, patterns and multiplier.
        What is given for tanks and reservoirs counts for nothing.
        """
        if not self._demands_ours:
            self._take_demands()
        self._base[self._flows.nodes_at] = demand_m3s
        self._base *= self._per_m3s
        least = float(self._base.min())  # NaN if any is
        if not math.isfinite(least):
            at = int(np.flatnonzero(~np.isfinite(demand_m3s))[0])
            raise InputError(self._fault("demand_m3s", self._network.nodes.ids[at], f"{least}"))
        self._flows.feeding |= least < 0.0
        code = self._set_all(
            self._project.handle, int(NodeValue.BASE_DEMAND), self._base_at, byref(self._bad)
        )
        if code:
            raise InputError(self._fault("demand_m3s", "", "nan"))

    def emitter(self, node: int, coefficient: float) -> None:
        """Set C of a flow C p^n out of a node: m3/s at 1 m of pressure; 0 closes it.

        n is the network's `emitter_exponent`. Less than 1e-12 counts as 0: EPANET's own coefficient
        is the inverse, and overflows.
        """
        coefficient = 0.0 if 0.0 <= coefficient < _LEAST else coefficient
        name = self._network.nodes.ids[node]
        if self._network.nodes.kind[node] != NodeKind.JUNCTION or not coefficient >= 0.0:
            raise InputError(self._fault("emitter", name, f"{coefficient:g}"))
        at, units = int(self._flows.nodes_at[node]), self._project.units
        exponent = self._network.options.emitter_exponent
        per_metre = units.emitter_m**exponent / units.flow_m3s
        self._project.set_node(at, NodeValue.EMITTER, coefficient * per_metre)
        self._flows.set_coefficient(at, coefficient)

    def leak(self, link: int, area_m2_per_m: float, expansion_m2_per_m2: float) -> None:
        """Set what a pipe leaks by FAVAD: area a metre of pipe, its growth a metre of pressure."""
        name = self._network.links.ids[link]
        is_pipe = self._network.links.kind[link] <= LinkKind.PIPE
        if not is_pipe or not (area_m2_per_m >= 0.0 and expansion_m2_per_m2 >= 0.0):
            raise InputError(self._fault("leak", name, f"{area_m2_per_m:g}"))
        per_100 = 100.0 * self._project.units.length_m * _MM2_PER_M2
        at = int(self._flows.links_at[link])
        self._project.set_link(at, LinkValue.LEAK_AREA, area_m2_per_m * per_100)
        self._project.set_link(at, LinkValue.LEAK_EXPANSION, expansion_m2_per_m2 * per_100)
        self._flows.leaking = True

    def opened(self, link: int, *, is_open: bool) -> None:
        """Open or close a link; a valve opened regulates no more until it is given a setting."""
        name = self._network.links.ids[link]
        if self._network.links.kind[link] == LinkKind.CHECK_VALVE_PIPE:
            raise InputError(self._fault("opened", name, str(is_open)))
        at = int(self._flows.links_at[link])
        self._project.set_link(at, LinkValue.STATUS, float(is_open))

    def setting(self, link: int, value: float) -> None:
        """Set a pump's speed or a valve's setting, in SI as `Links.setting`."""
        units, kind = self._project.units, LinkKind(self._network.links.kind[link])
        name = self._network.links.ids[link]
        if kind <= LinkKind.PIPE or kind is LinkKind.GPV or not value >= 0.0:
            raise InputError(self._fault("setting", name, f"{value:g}"))
        factor = {
            LinkKind.PRV: units.pressure_m,
            LinkKind.PSV: units.pressure_m,
            LinkKind.PBV: units.pressure_m,
            LinkKind.FCV: units.flow_m3s,
        }.get(kind, 1.0)
        self._project.set_link(int(self._flows.links_at[link]), LinkValue.SETTING, value / factor)

    def power(self, *, is_on: bool) -> None:
        """Cut the power of every pump, or give it back; controls cannot start one meanwhile."""
        if is_on and self._cut is not None:
            self._cut.restore()
            self._cut = None
        elif not is_on and self._cut is None:
            links_at = [int(at) for at in self._flows.links_at]
            self._cut = PowerCut(self._project, self._network, links_at)

    def head(self, node: int, head_m: float) -> None:
        """Set a reservoir's head, which then follows its pattern no more."""
        name = self._network.nodes.ids[node]
        if self._network.nodes.kind[node] != NodeKind.RESERVOIR or not np.isfinite(head_m):
            raise InputError(self._fault("head", name, f"{head_m:g}"))
        at = int(self._flows.nodes_at[node])
        self._project.set_node(at, NodeValue.PATTERN, 0.0)
        self._project.set_node(at, NodeValue.TANK_LEVEL, head_m / self._project.units.length_m)

    def pressure_dependent_demands(
        self, minimum_m: float = 0.0, required_m: float = 20.0, exponent: float = 0.5
    ) -> None:
        """Let demands follow pressure: full above `required_m`, none below `minimum_m`.

        Between, demand times ((p - minimum) / (required - minimum))^exponent (Wagner et al. 1988).
        """
        pressure = self._project.units.pressure_m
        self._project.call(
            "setdemandmodel",
            _PRESSURE_DRIVEN,
            minimum_m / pressure,
            required_m / pressure,
            exponent,
        )
        self.pressure_dependent = True

    def demand_driven(self) -> None:
        """Let demands be met whatever the pressure."""
        options, pressure = self._network.options, self._project.units.pressure_m
        low, high = options.minimum_m / pressure, options.required_m / pressure
        self._project.call("setdemandmodel", _DEMAND_DRIVEN, low, high, options.pressure_exponent)
        self.pressure_dependent = False

    def _take_demands(self) -> None:
        """Leave one category a junction, without pattern or multiplier."""
        project, flows = self._project, self._flows
        for node in np.flatnonzero(self._network.nodes.kind == NodeKind.JUNCTION):
            at = int(flows.nodes_at[node]) + 1
            categories = project.integer("getnumdemands", at - 1)
            if categories == 0:
                project.call("adddemand", at, 0.0, b"", b"")
            for category in range(2, categories + 1):
                project.call("setbasedemand", at, category, 0.0)
            project.set_node(at - 1, NodeValue.PATTERN, 0.0)
        project.set_option(Option.DEFAULT_PATTERN, 0.0)
        project.set_option(Option.DEMAND_MULTIPLIER, 1.0)
        self._demands_ours = True

    def _fault(self, what: str, name: str, value: str) -> Fault:
        return Fault(
            file=self._project.name,
            key=f"{what} {name}".strip(),
            value=value,
            expected=Text(
                "un nœud ou un tronçon du genre voulu, et une valeur finie d'au moins zéro",
                "a node or link of the right kind, and a finite value of zero or more",
            ),
            remedy=Text("corriger le nom ou la valeur", "mend the name or the value"),
        )
