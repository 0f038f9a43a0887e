"""From a :class:`Network` to an INP file, in cubic metres an hour and metres, to the last digit.

What a network does not hold is not in the file: water quality, energy prices, tags, drawn bends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from models.water.epanet.units import CMH_PER_M3S
from models.water.network.network import (
    NONE,
    Control,
    ControlKind,
    Curve,
    LinkKind,
    Network,
    NodeKind,
    Options,
    PumpLaw,
)
from models.water.network.writable import check_writable
from twin.files import write_text

_SETTING_FACTOR = {
    LinkKind.PUMP: 1.0,
    LinkKind.PRV: 1.0,
    LinkKind.PSV: 1.0,
    LinkKind.PBV: 1.0,
    LinkKind.FCV: CMH_PER_M3S,
    LinkKind.TCV: 1.0,
    LinkKind.PCV: 1.0,
}
_MM_PER_M = 1000.0
_MM2_PER_100_M = 1e8
"""Leak area of a pipe: square metres a metre, in EPANET's mm2 a hundred metres."""


def write_network(network: Network, path: Path | str) -> Path:
    """Write a network as an EPANET file, whole or not at all; return the path.

    Always in CMH and metres, whatever `options.flow_units`. EPANET finds the same heads in it as in
    the file the network came from, to 1e-6 m.

    Raises
    ------
    InputError
        What cannot be written, all of it by name: rules (EPANET itself saves them:
        :func:`save_as`), names EPANET refuses, figures that are not numbers, pumps without a law,
        curves of two meanings.
    """
    check_writable(network)
    return write_text(Path(path), "\n".join(_lines(network)) + "\n")


def save_as(path_in: Path | str, path_out: Path | str) -> Path:
    """Let EPANET read a file and save it again, rules included; return the path.

    EPANET keeps four decimals of most figures: heads may move by millimetres.

    Raises
    ------
    DataError
        `path_in` is missing or at fault.
    """
    from models.water.epanet.project import Project
    from twin.files import replacing

    with Project(Path(path_in)) as project, replacing(Path(path_out)) as scratch:
        project.call("saveinpfile", str(scratch).encode())
    return Path(path_out)


def _lines(network: Network) -> Iterator[str]:
    curves = _Curves(network)
    yield "[TITLE]"
    yield from network.title.splitlines()
    yield from _nodes(network, curves)
    yield from _links(network, curves)
    yield from _patterns_and_demands(network)
    yield from _section("CURVES", curves.lines())
    yield from _section("CONTROLS", (_control(network, each) for each in network.controls))
    yield from _section("TIMES", _times(network.options))
    yield from _section("OPTIONS", _options(network))
    yield from _section("COORDINATES", _coordinates(network))
    yield "\n[END]"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"\n[{title}]"
    yield from lines


def _n(value: float) -> str:
    """Return the shortest text that reads back as the same number."""
    return repr(float(value))


def _nodes(network: Network, curves: _Curves) -> Iterator[str]:
    nodes, tanks = network.nodes, network.tanks
    which = {kind: np.flatnonzero(nodes.kind == kind) for kind in NodeKind}
    yield from _section(
        "JUNCTIONS",
        (f"{nodes.ids[i]} {_n(nodes.elevation_m[i])}" for i in which[NodeKind.JUNCTION]),
    )
    yield "\n[RESERVOIRS]"
    for i in which[NodeKind.RESERVOIR]:
        pattern = network.patterns[nodes.head_pattern[i]].id if nodes.head_pattern[i] >= 0 else ""
        yield f"{nodes.ids[i]} {_n(nodes.elevation_m[i])} {pattern}".rstrip()
    yield "\n[TANKS]"
    for t, node in enumerate(tanks.node):
        figures = (
            nodes.elevation_m[node],
            tanks.initial_m[t],
            tanks.minimum_m[t],
            tanks.maximum_m[t],
            tanks.diameter_m[t],
            tanks.minimum_m3[t],
        )
        curve = curves.name(int(tanks.volume_curve[t])) if tanks.volume_curve[t] >= 0 else "*"
        overflow = "YES" if tanks.can_overflow[t] else "NO"
        yield f"{nodes.ids[node]} {' '.join(map(_n, figures))} {curve} {overflow}"
    yield "\n[EMITTERS]"
    for i in np.flatnonzero(nodes.emitter):
        yield f"{nodes.ids[i]} {_n(nodes.emitter[i] * CMH_PER_M3S)}"


def _links(network: Network, curves: _Curves) -> Iterator[str]:
    links, ids = network.links, network.nodes.ids
    pump_of = {int(link): at for at, link in enumerate(network.pumps.link)}
    rough = _MM_PER_M if network.options.headloss == "D-W" else 1.0
    held: list[str] = []
    section = ""
    # Sections take turns as the kinds do, so that EPANET numbers the links as the network does.
    for i, name in enumerate(links.ids):
        kind = LinkKind(links.kind[i])
        title = "PIPES" if kind <= LinkKind.PIPE else "PUMPS" if kind is LinkKind.PUMP else "VALVES"
        if title != section:
            section = title
            yield f"\n[{section}]"
        line = f"{name} {ids[links.start[i]]} {ids[links.end[i]]} "
        diameter = _n(links.diameter_m[i] * _MM_PER_M)
        if kind <= LinkKind.PIPE:
            status = "CV" if kind is LinkKind.CHECK_VALVE_PIPE else "OPEN"
            roughness = _n(links.roughness[i] * rough)
            line += f"{_n(links.length_m[i])} {diameter} {roughness} {_n(links.minor[i])} {status}"
        elif kind is LinkKind.PUMP:
            line += _pump(network, pump_of[i], float(links.setting[i]), curves)
        else:
            line += f"{diameter} {kind.name} {_valve(network, i, kind, curves)}"
        yield line
        fixed = kind > LinkKind.PUMP and kind is not LinkKind.GPV and math.isnan(links.setting[i])
        if not links.open[i] and kind is not LinkKind.CHECK_VALVE_PIPE:
            held.append(f"{name} CLOSED")
        elif fixed:
            held.append(f"{name} OPEN")
    yield from _section("STATUS", iter(held))
    yield "\n[LEAKAGE]"
    area, growth = links.leak_area_m2_per_m, links.leak_expansion_m2_per_m2
    for pipe in np.flatnonzero((area != 0.0) | (growth != 0.0)):
        figures = area[pipe] * _MM2_PER_100_M, growth[pipe] * _MM2_PER_100_M
        yield f"{links.ids[pipe]} {' '.join(map(_n, figures))}"


def _pump(network: Network, at: int, speed: float, curves: _Curves) -> str:
    pumps = network.pumps
    if pumps.law[at] == PumpLaw.CONSTANT_POWER:
        words = f"POWER {_n(pumps.power_w[at] / 1000.0)}"
    else:
        words = f"HEAD {curves.of_pump(at)}"
    if pumps.speed_pattern[at] >= 0:
        words += f" PATTERN {network.patterns[pumps.speed_pattern[at]].id}"
    # A closed pump has speed 0 in EPANET; its status says so.
    return words if math.isnan(speed) or speed in (0.0, 1.0) else f"{words} SPEED {_n(speed)}"


def _valve(network: Network, i: int, kind: LinkKind, curves: _Curves) -> str:
    links = network.links
    minor = _n(links.minor[i])
    if kind is LinkKind.GPV:
        return f"{curves.name(int(links.curve[i]))} {minor}"
    setting = 0.0 if math.isnan(links.setting[i]) else links.setting[i] * _SETTING_FACTOR[kind]
    curve = curves.name(int(links.curve[i])) if links.curve[i] >= 0 else ""
    return f"{_n(setting)} {minor} {curve}".rstrip()


def _patterns_and_demands(network: Network) -> Iterator[str]:
    yield "\n[DEMANDS]"
    demands, ids = network.demands, network.nodes.ids
    for node, base, pattern in zip(demands.node, demands.base_m3s, demands.pattern, strict=True):
        name = network.patterns[pattern].id if pattern >= 0 else ""
        yield f"{ids[node]} {_n(base * CMH_PER_M3S)} {name}".rstrip()
    yield "\n[PATTERNS]"
    for each in network.patterns:
        for value in each.values:
            yield f"{each.id} {_n(value)}"


class _Curves:
    """The curves something uses, in the file's units, under names EPANET takes."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._used: dict[str, list[tuple[float, float]]] = {}
        flow, asis = CMH_PER_M3S, 1.0
        self._x: dict[int, float] = {}
        links, pumps = network.links, network.pumps
        for which, factor in (
            (network.tanks.volume_curve, asis),
            (pumps.curve[pumps.law != PumpLaw.CONSTANT_POWER], flow),
            (links.curve[links.kind == LinkKind.GPV], flow),
            (links.curve[links.kind == LinkKind.PCV], asis),
        ):
            self._x.update({int(curve): factor for curve in which if curve >= 0})

    def name(self, index: int) -> str:
        """Return the name of a curve, which is written from now on."""
        curve: Curve = self._network.curves[index]
        factor = self._x[int(index)]
        points = zip(curve.x, curve.y, strict=True)
        self._used[curve.id] = [(float(x) * factor, float(y)) for x, y in points]
        return curve.id

    def of_pump(self, at: int) -> str:
        """Return the name of a pump's curve; three points of its law where it has none."""
        pumps = self._network.pumps
        if pumps.curve[at] != NONE:
            return self.name(int(pumps.curve[at]))
        h0, r, n = float(pumps.h0_m[at]), float(pumps.r[at]), float(pumps.n[at])
        most = (h0 / r) ** (1.0 / n)
        name = _free(f"pump-{at}", [curve.id for curve in self._network.curves])
        flows = (0.0, most / 2.0, most)
        # Zero head at the last flow, to a rounding that must not make it negative.
        self._used[name] = [(q * CMH_PER_M3S, max(h0 - r * q**n, 0.0)) for q in flows]
        return name

    def lines(self) -> Iterator[str]:
        """Yield a line a point; asked for last, when all are known."""
        for name, points in self._used.items():
            for x, y in points:
                yield f"{name} {_n(x)} {_n(y)}"


def _free(wanted: str, taken: list[str]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted


def _control(network: Network, control: Control) -> str:
    link = network.links.ids[control.link]
    kind = LinkKind(network.links.kind[control.link])
    action = "OPEN" if control.opens else "CLOSED"
    if control.setting is not None and kind in _SETTING_FACTOR:
        action = _n(control.setting * _SETTING_FACTOR[kind])
    if control.kind in (ControlKind.LEVEL_BELOW, ControlKind.LEVEL_ABOVE):
        side = "BELOW" if control.kind is ControlKind.LEVEL_BELOW else "ABOVE"
        node = network.nodes.ids[control.node]
        return f"LINK {link} {action} IF NODE {node} {side} {_n(control.level_m)}"
    word = "TIME" if control.kind is ControlKind.TIME else "CLOCKTIME"
    # EPANET drops what is past the whole second, after a rounding: stay clear of it.
    return f"LINK {link} {action} AT {word} {_n(control.time_s + 0.25)} SEC"


def _times(options: Options) -> Iterator[str]:
    rows: tuple[tuple[str, int], ...] = (
        ("DURATION", options.duration_s),
        ("HYDRAULIC TIMESTEP", options.hydraulic_step_s),
        ("PATTERN TIMESTEP", options.pattern_step_s),
        ("PATTERN START", options.pattern_start_s),
        ("REPORT TIMESTEP", max(options.hydraulic_step_s, options.pattern_step_s)),
        ("START CLOCKTIME", options.start_clock_s),
    )
    clock: Callable[[int], str] = lambda s: f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}"  # noqa: E731
    for word, seconds in rows:
        yield f"{word} {clock(int(seconds))}"


def _options(network: Network) -> Iterator[str]:
    options = network.options
    yield "UNITS CMH"
    yield f"HEADLOSS {options.headloss}"
    # Without it EPANET gives a pattern named "1" to every demand that has none.
    yield f"PATTERN {_free('none', [pattern.id for pattern in network.patterns])}"
    yield f"DEMAND MULTIPLIER {_n(options.demand_multiplier)}"
    yield f"EMITTER EXPONENT {_n(options.emitter_exponent)}"
    yield f"BACKFLOW ALLOWED {'YES' if options.emitter_backflow else 'NO'}"
    yield f"VISCOSITY {_n(options.viscosity)}"
    yield f"SPECIFIC GRAVITY {_n(options.specific_gravity)}"
    yield f"TRIALS {options.trials}"
    yield f"ACCURACY {_n(options.accuracy)}"
    yield "UNBALANCED STOP"
    if options.pressure_dependent:
        yield "DEMAND MODEL PDA"
        yield f"MINIMUM PRESSURE {_n(options.minimum_m)}"
        yield f"REQUIRED PRESSURE {_n(options.required_m)}"
        yield f"PRESSURE EXPONENT {_n(options.pressure_exponent)}"


def _coordinates(network: Network) -> Iterator[str]:
    nodes = network.nodes
    for i in np.flatnonzero(np.isfinite(nodes.x_m) & np.isfinite(nodes.y_m)):
        yield f"{nodes.ids[i]} {_n(nodes.x_m[i])} {_n(nodes.y_m[i])}"
