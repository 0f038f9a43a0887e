"""A water network as typed arrays in SI units: what EPANET reads from an INP file, and no more.

Whatever solves, writes, draws or divides a network takes this. Indices are positions in the arrays,
from 0; -1 says "none". Heads and levels in metres of water, flows in cubic metres a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
NONE = -1


class NodeKind(IntEnum):
    """EPANET's kinds of nodes, by its codes."""

    JUNCTION = 0
    RESERVOIR = 1
    TANK = 2


class LinkKind(IntEnum):
    """EPANET's kinds of links, by its codes."""

    CHECK_VALVE_PIPE = 0
    PIPE = 1
    PUMP = 2
    PRV = 3
    PSV = 4
    PBV = 5
    FCV = 6
    TCV = 7
    GPV = 8
    PCV = 9


class PumpLaw(IntEnum):
    """How a pump's head depends on its flow, by EPANET's codes.

    POWER_FUNCTION is h0 - r q^n, from a curve of one or three points.
    """

    CONSTANT_POWER = 0
    POWER_FUNCTION = 1
    CUSTOM_CURVE = 2
    NO_CURVE = 3


class ControlKind(IntEnum):
    """What a simple control waits for, by EPANET's codes."""

    LEVEL_BELOW = 0
    LEVEL_ABOVE = 1
    TIME = 2
    CLOCK_TIME = 3


@dataclass(frozen=True, eq=False)
class Nodes:
    """Nodes; arrays of equal length, one entry a node.

    Attributes
    ----------
    ids : tuple of str
    kind : NDArray[np.int8]
        :class:`NodeKind`.
    elevation_m : NDArray[np.float64]
        Ground of a junction, bottom of a tank, head of a reservoir.
    x_m, y_m : NDArray[np.float64]
        NaN where the file gives no place. Lambert-93 in our own networks.
    emitter : NDArray[np.float64]
        Coefficient C of a flow C p^n out of the pipes: m3/s at 1 m of pressure; 0 for none.
    head_pattern : NDArray[np.int32]
        Pattern that multiplies a reservoir's head; -1 for none.
    """

    ids: tuple[str, ...]
    kind: NDArray[np.int8]
    elevation_m: Floats
    x_m: Floats
    y_m: Floats
    emitter: Floats
    head_pattern: Ints

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Demands:
    """Categories of demand; arrays of equal length. A junction may have several, or none.

    A category draws `base_m3s` times its pattern's value times the options' multiplier.
    """

    node: Ints
    base_m3s: Floats
    pattern: Ints


@dataclass(frozen=True, eq=False)
class Links:
    """Links; arrays of equal length, one entry a link.

    Attributes
    ----------
    ids : tuple of str
    kind : NDArray[np.int8]
        :class:`LinkKind`.
    start, end : NDArray[np.int32]
        Nodes; a positive flow goes from start to end.
    length_m, diameter_m : NDArray[np.float64]
        0 where the kind has none.
    roughness : NDArray[np.float64]
        Hazen-Williams C, Darcy-Weisbach roughness in metres, or Manning n: see `Options.headloss`.
    minor : NDArray[np.float64]
        Minor loss coefficient K, of h = K v^2 / 2g.
    open : NDArray[np.bool_]
        Status at the start.
    setting : NDArray[np.float64]
        Speed of a pump; pressure (m) of a PRV, PSV or PBV; flow (m3/s) of an FCV; loss coefficient
        of a TCV; NaN where a valve is held fully open or closed, or the kind has none.
    curve : NDArray[np.int32]
        Curve of a GPV or PCV; -1 elsewhere.
    leak_area_m2_per_m, leak_expansion_m2_per_m2 : NDArray[np.float64]
        FAVAD: fixed area of leaks per metre of pipe, and its growth per metre of pipe and metre of
        pressure.
    """

    ids: tuple[str, ...]
    kind: NDArray[np.int8]
    start: Ints
    end: Ints
    length_m: Floats
    diameter_m: Floats
    roughness: Floats
    minor: Floats
    open: NDArray[np.bool_]
    setting: Floats
    curve: Ints
    leak_area_m2_per_m: Floats
    leak_expansion_m2_per_m2: Floats

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Tanks:
    """Tanks; arrays of equal length. Levels above the node's elevation."""

    node: Ints
    initial_m: Floats
    minimum_m: Floats
    maximum_m: Floats
    diameter_m: Floats
    minimum_m3: Floats
    volume_curve: Ints
    can_overflow: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pumps:
    """Pumps; arrays of equal length.

    `law` is a :class:`PumpLaw`; head gain at full speed h0_m - r q^n for POWER_FUNCTION, with q in
    m3/s; `power_w` of water power for CONSTANT_POWER; `curve` for a custom one.
    """

    link: Ints
    law: NDArray[np.int8]
    h0_m: Floats
    r: Floats
    n: Floats
    power_w: Floats
    curve: Ints
    speed_pattern: Ints


@dataclass(frozen=True, eq=False)
class Pattern:
    """Multipliers, one a pattern step, repeated for ever."""

    id: str
    values: Floats


@dataclass(frozen=True, eq=False)
class Curve:
    """Points of a curve in SI: flow and head of a pump, level and volume of a tank, and so on."""

    id: str
    x: Floats
    y: Floats


@dataclass(frozen=True)
class Control:
    """One simple control: the link takes `setting` when the condition holds.

    `setting` is a pump's speed or a valve's setting in SI; None where only `opens` counts. `node`
    and `level_m` (level of a tank, pressure of a junction, in metres) for the two level kinds,
    `time_s` for the others.
    """

    kind: ControlKind
    link: int
    opens: bool
    setting: float | None = None
    node: int = NONE
    level_m: float = 0.0
    time_s: float = 0.0


@dataclass(frozen=True)
class Options:
    """How a network is to be solved, and for how long.

    `headloss` is "H-W", "D-W" or "C-M"; `pressure_dependent` demands are full above
    `required_m`, zero below `minimum_m`, and follow the power `pressure_exponent` between.
    """

    headloss: str = "H-W"
    pressure_dependent: bool = False
    minimum_m: float = 0.0
    required_m: float = 0.1
    pressure_exponent: float = 0.5
    emitter_exponent: float = 0.5
    emitter_backflow: bool = True
    demand_multiplier: float = 1.0
    viscosity: float = 1.0
    """Relative to water at 20 C."""
    specific_gravity: float = 1.0
    accuracy: float = 1e-5
    trials: int = 200
    duration_s: int = 0
    hydraulic_step_s: int = 3600
    pattern_step_s: int = 3600
    pattern_start_s: int = 0
    start_clock_s: int = 0
    flow_units: str = "CMH"
    """Of the file it came from or goes to."""


@dataclass(frozen=True, eq=False)
class Network:
    """A whole network. `rules` counts rule-based controls, which only EPANET itself follows."""

    title: str
    nodes: Nodes
    demands: Demands
    links: Links
    tanks: Tanks
    pumps: Pumps
    patterns: tuple[Pattern, ...] = ()
    curves: tuple[Curve, ...] = ()
    controls: tuple[Control, ...] = ()
    rules: int = 0
    options: Options = field(default_factory=Options)

    def node(self, name: str) -> int:
        """Return the position of a node; KeyError if there is none of that name."""
        return _position(self.nodes.ids, name)

    def link(self, name: str) -> int:
        """Return the position of a link; KeyError if there is none of that name."""
        return _position(self.links.ids, name)

    @property
    def pipes(self) -> NDArray[np.bool_]:
        """Which links are pipes, with or without check valve; shape (links,)."""
        return self.links.kind <= LinkKind.PIPE

    @property
    def length_km(self) -> float:
        """Length of all pipes."""
        return float(self.links.length_m[self.pipes].sum()) / 1000.0


def _position(ids: Sequence[str], name: str) -> int:
    try:
        return ids.index(name)
    except ValueError:
        raise KeyError(name) from None
