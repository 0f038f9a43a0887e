"""From an INP file to a :class:`Network`, read by EPANET's own parser, in SI whatever the file."""

from __future__ import annotations

import math
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.codes import (
    CONTROL_CLOSES,
    CONTROL_OPENS,
    HEADLOSSES,
    Count,
    CurveKind,
    LinkValue,
    NodeValue,
    Option,
    Time,
)
from models.water.epanet.project import Project
from models.water.network.network import (
    NONE,
    Control,
    ControlKind,
    Curve,
    Demands,
    Floats,
    Ints,
    LinkKind,
    Links,
    Network,
    NodeKind,
    Nodes,
    Options,
    Pattern,
    PumpLaw,
    Pumps,
    Tanks,
)

ACCURACY = 1e-5
"""EPANET's default of 1e-3 moves heads by up to 2 ft between leaks: too loose to see one [D]."""

TRIALS = 200
"""Iterations a tight accuracy may need; a file that asks for more keeps its own."""

SHUTOFF_OF_ONE_POINT = 1.33334
"""Shutoff head over design head of a one-point pump curve, to the digits EPANET uses [V]."""

_TEXT_BYTES = 256


def read_network(path: Path | str) -> Network:
    """Read an EPANET network file.

    What hydraulics need is kept: nodes, links, demands by category, patterns, curves, simple
    controls, leaks of pipes and emitters, options and times. Rules are only counted. Water quality,
    energy prices, tags, drawn bends and comments are not read.

    The accuracy is never looser than 1e-5.

    Raises
    ------
    DataError
        The file is missing, or EPANET refuses it: with every fault, each with its line.
    """
    with Project(Path(path)) as project:
        project.open_solver()  # EPANET checks the whole and fits the pumps only here
        return network_of(project)


def network_of(project: Project) -> Network:
    """Return the network of a project whose solver is open."""
    links = _links(project)
    curves = _curves(project)
    text = [create_string_buffer(_TEXT_BYTES) for _ in range(3)]
    project.call("gettitle", *text)
    lines = [line.value.decode("latin-1").strip() for line in text]
    nodes = _nodes(project)
    return Network(
        title="\n".join(line for line in lines if line),
        nodes=nodes,
        demands=_demands(project, nodes),
        links=links,
        tanks=_tanks(project, nodes),
        pumps=_pumps(project, links, curves),
        patterns=_patterns(project),
        curves=tuple(curve.curve for curve in curves),
        controls=_controls(project, nodes, links),
        rules=project.count(Count.RULES),
        options=_options(project),
    )


def _index(values: Floats) -> Ints:
    """Return EPANET's indices from 1, 0 for none, as positions."""
    return np.rint(values).astype(np.int32) - 1


def _nodes(project: Project) -> Nodes:
    units, count = project.units, project.count(Count.NODES)
    kind = np.array([project.integer("getnodetype", i) for i in range(count)], dtype=np.int8)
    x, y = np.full(count, math.nan), np.full(count, math.nan)
    a, b = c_double(), c_double()
    locate = project.bound("getcoord")
    for i in range(count):
        if locate(project.handle, i + 1, byref(a), byref(b)) == 0:
            x[i], y[i] = a.value, b.value
    exponent = project.option(Option.EMITTER_EXPONENT)
    # C m3/s at 1 m of pressure: the file's is at 1 psi, or 1 m.
    per_metre = units.flow_m3s / units.emitter_m**exponent
    pattern = _index(project.node_values(NodeValue.PATTERN))
    return Nodes(
        ids=project.texts("getnodeid", count),
        kind=kind,
        elevation_m=project.node_values(NodeValue.ELEVATION) * units.length_m,
        x_m=x,
        y_m=y,
        emitter=project.node_values(NodeValue.EMITTER) * per_metre,
        head_pattern=np.where(kind == NodeKind.RESERVOIR, pattern, NONE).astype(np.int32),
    )


def _demands(project: Project, nodes: Nodes) -> Demands:
    default = round(project.option(Option.DEFAULT_PATTERN)) - 1
    node: list[int] = []
    base: list[float] = []
    pattern: list[int] = []
    value, number = c_double(), c_int()
    for i in np.flatnonzero(nodes.kind == NodeKind.JUNCTION):
        for category in range(1, project.integer("getnumdemands", int(i)) + 1):
            project.call("getbasedemand", int(i) + 1, category, byref(value))
            if value.value == 0.0:
                continue
            project.call("getdemandpattern", int(i) + 1, category, byref(number))
            node.append(int(i))
            base.append(value.value * project.units.flow_m3s)
            pattern.append(number.value - 1 if number.value else default)
    return Demands(
        np.array(node, dtype=np.int32),
        np.array(base, dtype=np.float64),
        np.array(pattern, dtype=np.int32),
    )


def _links(project: Project) -> Links:
    units, count = project.units, project.count(Count.LINKS)
    kind = np.array([project.integer("getlinktype", i) for i in range(count)], dtype=np.int8)
    ends = np.empty((count, 2), dtype=np.int32)
    first, last = c_int(), c_int()
    for i in range(count):
        project.call("getlinknodes", i + 1, byref(first), byref(last))
        ends[i] = first.value - 1, last.value - 1
    roughness = project.link_values(LinkValue.ROUGHNESS)
    if HEADLOSSES[round(project.option(Option.HEADLOSS))] == "D-W":
        roughness *= units.length_m / 1000.0  # millifeet or millimetres
    status = np.rint(project.link_values(LinkValue.INITIAL_STATUS))
    curve = np.where(
        kind == LinkKind.GPV,
        _index(project.link_values(LinkValue.GPV_CURVE)),
        _index(project.link_values(LinkValue.PCV_CURVE)),
    )
    per_100 = 1e-6 / (100.0 * units.length_m)  # mm2 a hundred units of length
    return Links(
        ids=project.texts("getlinkid", count),
        kind=kind,
        start=ends[:, 0].copy(),
        end=ends[:, 1].copy(),
        length_m=project.link_values(LinkValue.LENGTH) * units.length_m,
        diameter_m=project.link_values(LinkValue.DIAMETER) * units.diameter_m,
        roughness=roughness,
        minor=project.link_values(LinkValue.MINOR_LOSS),
        open=status > 0,
        setting=_settings(project, kind, status),
        curve=curve.astype(np.int32),
        leak_area_m2_per_m=project.link_values(LinkValue.LEAK_AREA) * per_100,
        leak_expansion_m2_per_m2=project.link_values(LinkValue.LEAK_EXPANSION) * per_100,
    )


def _settings(project: Project, kind: NDArray[np.int8], status: Floats) -> Floats:
    """Return settings in SI; NaN where a valve is held open or closed, or the kind has none."""
    active = 2.0
    factor = np.full(len(kind), math.nan)
    factor[(kind == LinkKind.PUMP) | (kind == LinkKind.TCV) | (kind == LinkKind.PCV)] = 1.0
    factor[np.isin(kind, (LinkKind.PRV, LinkKind.PSV, LinkKind.PBV))] = project.units.pressure_m
    factor[kind == LinkKind.FCV] = project.units.flow_m3s
    factor[(kind > LinkKind.PUMP) & (status != active)] = math.nan
    settings: Floats = project.link_values(LinkValue.INITIAL_SETTING) * factor
    return settings


def _tanks(project: Project, nodes: Nodes) -> Tanks:
    length = project.units.length_m
    which = np.flatnonzero(nodes.kind == NodeKind.TANK)

    def read(what: NodeValue) -> Floats:
        return project.node_values(what)[which]

    return Tanks(
        node=which.astype(np.int32),
        initial_m=read(NodeValue.TANK_LEVEL) * length,
        minimum_m=read(NodeValue.MINIMUM_LEVEL) * length,
        maximum_m=read(NodeValue.MAXIMUM_LEVEL) * length,
        diameter_m=read(NodeValue.TANK_DIAMETER) * length,
        minimum_m3=read(NodeValue.MINIMUM_VOLUME) * length**3,
        volume_curve=_index(read(NodeValue.VOLUME_CURVE)),
        can_overflow=read(NodeValue.CAN_OVERFLOW) > 0.0,
    )


@dataclass(frozen=True, eq=False)
class _Read:
    """A curve in SI and as the file has it: pumps are fitted to the file's own figures."""

    curve: Curve
    x: Floats
    y: Floats


def _curves(project: Project) -> list[_Read]:
    units = project.units
    factors = {
        CurveKind.VOLUME: (units.length_m, units.length_m**3),
        CurveKind.PUMP: (units.flow_m3s, units.length_m),
        CurveKind.EFFICIENCY: (units.flow_m3s, 1.0),
        CurveKind.HEAD_LOSS: (units.flow_m3s, units.length_m),
        CurveKind.GENERIC: (1.0, 1.0),
        CurveKind.VALVE: (1.0, 1.0),
    }
    text, length = create_string_buffer(_TEXT_BYTES), c_int()
    found = []
    for i in range(project.count(Count.CURVES)):
        size = project.integer("getcurvelen", i)
        x, y = np.empty(size), np.empty(size)
        project.call("getcurve", i + 1, text, byref(length), x.ctypes.data, y.ctypes.data)
        along, up = factors[CurveKind(project.integer("getcurvetype", i))]
        curve = Curve(text.value.decode("latin-1"), x * along, y * up)
        found.append(_Read(curve, x, y))
    return found


def _pumps(project: Project, links: Links, curves: list[_Read]) -> Pumps:
    units = project.units
    which = np.flatnonzero(links.kind == LinkKind.PUMP)
    law = np.array([project.integer("getpumptype", int(i)) for i in which], dtype=np.int8)
    curve = _index(project.link_values(LinkValue.PUMP_CURVE)[which])
    fitted = np.full((3, len(which)), math.nan)
    for at in np.flatnonzero(law == PumpLaw.POWER_FUNCTION):
        read = curves[curve[at]]
        h0, r, n = fit_power_function(read.x, read.y)
        fitted[:, at] = h0 * units.length_m, r * units.length_m / units.flow_m3s**n, n
    power = project.link_values(LinkValue.PUMP_POWER)[which] * units.power_w
    return Pumps(
        link=which.astype(np.int32),
        law=law,
        h0_m=fitted[0],
        r=fitted[1],
        n=fitted[2],
        power_w=np.where(law == PumpLaw.CONSTANT_POWER, power, math.nan),
        curve=curve,
        speed_pattern=_index(project.link_values(LinkValue.SPEED_PATTERN)[which]),
    )


def fit_power_function(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Return h0, r, n of h = h0 - r q^n through a pump curve of one or three points.

    One point stands for (0, 4/3 h), (q, h), (2 q, 0). As EPANET fits it; x and y in any units.
    """
    if len(x) == 1:
        q1, h1 = float(x[0]), float(y[0])
        h0, q2, h2 = SHUTOFF_OF_ONE_POINT * h1, 2.0 * q1, 0.0
    else:
        h0, h1, h2 = (float(value) for value in y)
        q1, q2 = float(x[1]), float(x[2])
    n = math.log((h0 - h2) / (h0 - h1)) / math.log(q2 / q1)
    return h0, (h0 - h1) / q1**n, n


def _patterns(project: Project) -> tuple[Pattern, ...]:
    ids = project.texts("getpatternid", project.count(Count.PATTERNS))
    value = c_double()
    found = []
    for i, name in enumerate(ids):
        values = np.empty(project.integer("getpatternlen", i))
        for period in range(len(values)):
            project.call("getpatternvalue", i + 1, period + 1, byref(value))
            values[period] = value.value
        found.append(Pattern(name, values))
    return tuple(found)


def _controls(project: Project, nodes: Nodes, links: Links) -> tuple[Control, ...]:
    kind, link, node, enabled = c_int(), c_int(), c_int(), c_int()
    setting, level = c_double(), c_double()
    found = []
    for i in range(1, project.count(Count.CONTROLS) + 1):
        project.call("getcontrolenabled", i, byref(enabled))
        places = byref(kind), byref(link), byref(setting), byref(node), byref(level)
        project.call("getcontrol", i, *places)
        if not enabled.value or link.value == 0:
            continue
        at = node.value - 1
        timed = kind.value >= ControlKind.TIME
        is_junction = at >= 0 and nodes.kind[at] == NodeKind.JUNCTION
        metres = project.units.pressure_m if is_junction else project.units.length_m
        opens, value = _action(project, LinkKind(links.kind[link.value - 1]), setting.value)
        found.append(
            Control(
                kind=ControlKind(kind.value),
                link=link.value - 1,
                opens=opens,
                setting=value,
                node=NONE if timed else at,
                level_m=0.0 if timed else level.value * metres,
                time_s=level.value if timed else 0.0,
            )
        )
    return tuple(found)


def _action(project: Project, kind: LinkKind, setting: float) -> tuple[bool, float | None]:
    """Return whether a control opens its link, and the setting in SI it gives."""
    if setting in (CONTROL_OPENS, CONTROL_CLOSES):
        return setting == CONTROL_OPENS, None
    if kind is LinkKind.PUMP:
        return setting > 0.0, setting
    if kind is LinkKind.PIPE:
        return setting > 0.0, None
    factors = {
        LinkKind.PRV: project.units.pressure_m,
        LinkKind.PSV: project.units.pressure_m,
        LinkKind.PBV: project.units.pressure_m,
        LinkKind.FCV: project.units.flow_m3s,
    }
    return True, setting * factors.get(kind, 1.0)


def _options(project: Project) -> Options:
    model = c_int()
    low, full, exponent = c_double(), c_double(), c_double()
    project.call("getdemandmodel", byref(model), byref(low), byref(full), byref(exponent))
    pressure_m = project.units.pressure_m
    return Options(
        headloss=HEADLOSSES[round(project.option(Option.HEADLOSS))],
        pressure_dependent=model.value == 1,
        minimum_m=low.value * pressure_m,
        required_m=full.value * pressure_m,
        pressure_exponent=exponent.value,
        emitter_exponent=project.option(Option.EMITTER_EXPONENT),
        emitter_backflow=project.option(Option.EMITTER_BACKFLOW) > 0.0,
        demand_multiplier=project.option(Option.DEMAND_MULTIPLIER),
        viscosity=project.option(Option.VISCOSITY),
        specific_gravity=project.option(Option.SPECIFIC_GRAVITY),
        accuracy=min(ACCURACY, project.option(Option.ACCURACY)),
        trials=max(TRIALS, round(project.option(Option.TRIALS))),
        duration_s=project.time_s(Time.DURATION),
        hydraulic_step_s=project.time_s(Time.HYDRAULIC_STEP),
        pattern_step_s=project.time_s(Time.PATTERN_STEP),
        pattern_start_s=project.time_s(Time.PATTERN_START),
        start_clock_s=project.time_s(Time.START_CLOCK),
        flow_units=project.units.flow_units,
    )
