"""A power cut: every pump off, and nothing may start one until the power is back."""

from __future__ import annotations

from ctypes import byref, c_double, c_int

import numpy as np

from models.water.epanet.codes import Count, LinkValue
from models.water.epanet.project import Project
from models.water.network.network import LinkKind, Network


class PowerCut:
    """Pumps taken out of service, and what is needed to give them back.

    Controls and rules are suspended, speed patterns taken off; all as they were once restored.
    Rules are suspended as a whole if there is a pump: they may name any.
    """

    def __init__(self, project: Project, network: Network, links_at: list[int]) -> None:
        self._project = project
        pumps = np.flatnonzero(network.links.kind == LinkKind.PUMP)
        self._pumps = [links_at[i] for i in pumps]
        self._speeds = {p: self._read(p, LinkValue.SETTING) for p in self._pumps}
        self._patterns = {p: self._read(p, LinkValue.SPEED_PATTERN) for p in self._pumps}
        self._controls = self._suspend_controls()
        self._rules = self._suspend_rules() if self._pumps else []
        for pump in self._pumps:
            project.set_link(pump, LinkValue.SPEED_PATTERN, 0.0)
            project.set_link(pump, LinkValue.STATUS, 0.0)

    def restore(self) -> None:
        """Give the pumps back as they were."""
        project = self._project
        for pump in self._pumps:
            project.set_link(pump, LinkValue.SPEED_PATTERN, self._patterns[pump])
            if self._speeds[pump] > 0.0:
                project.set_link(pump, LinkValue.STATUS, 1.0)
                project.set_link(pump, LinkValue.SETTING, self._speeds[pump])
        for index, (kind, link, setting, node, level) in self._controls.items():
            project.call("setcontrol", index, kind, link, setting, node, level)
        for rule in self._rules:
            project.call("setruleenabled", rule, 1)

    def _suspend_controls(self) -> dict[int, tuple[int, int, float, int, float]]:
        project, found = self._project, {}
        kind, link, node = c_int(), c_int(), c_int()
        setting, level = c_double(), c_double()
        for index in range(1, project.count(Count.CONTROLS) + 1):
            places = byref(kind), byref(link), byref(setting), byref(node), byref(level)
            project.call("getcontrol", index, *places)
            if link.value - 1 in self._pumps and self._enabled(index):
                found[index] = (kind.value, link.value, setting.value, node.value, level.value)
                # Without its link: EPANET heeds a disabled control that looks at a pressure.
                project.call("setcontrol", index, kind.value, 0, 0.0, 0, 0.0)
        return found

    def _suspend_rules(self) -> list[int]:
        project, enabled, found = self._project, c_int(), []
        for rule in range(1, project.count(Count.RULES) + 1):
            project.call("getruleenabled", rule, byref(enabled))
            if enabled.value:
                found.append(rule)
                project.call("setruleenabled", rule, 0)
        return found

    def _enabled(self, index: int) -> bool:
        enabled = c_int()
        self._project.call("getcontrolenabled", index, byref(enabled))
        return bool(enabled.value)

    def _read(self, link: int, what: LinkValue) -> float:
        value = c_double()
        self._project.call("getlinkvalue", link + 1, int(what), byref(value))
        return value.value
