"""The numbers EPANET's C interface goes by (epanet2_enums.h of EPANET 2.3.6) [V]."""

from __future__ import annotations

from enum import IntEnum


class NodeValue(IntEnum):
    """What can be read of a node, or set."""

    ELEVATION = 0
    BASE_DEMAND = 1
    PATTERN = 2
    EMITTER = 3
    TANK_LEVEL = 8
    DEMAND = 9
    HEAD = 10
    PRESSURE = 11
    TANK_DIAMETER = 17
    MINIMUM_VOLUME = 18
    VOLUME_CURVE = 19
    MINIMUM_LEVEL = 20
    MAXIMUM_LEVEL = 21
    TANK_VOLUME = 24
    MAXIMUM_VOLUME = 25
    CAN_OVERFLOW = 26
    EMITTER_FLOW = 29
    LEAKAGE_FLOW = 30
    DEMAND_FLOW = 31
    FULL_DEMAND = 32


class LinkValue(IntEnum):
    """What can be read of a link, or set.

    PUMP_STATE is the solver's own status of any link: see :class:`Status`.
    """

    DIAMETER = 0
    LENGTH = 1
    ROUGHNESS = 2
    MINOR_LOSS = 3
    INITIAL_STATUS = 4
    INITIAL_SETTING = 5
    FLOW = 8
    STATUS = 11
    SETTING = 12
    SPEED_PATTERN = 15
    PUMP_STATE = 16
    PUMP_POWER = 18
    PUMP_CURVE = 19
    GPV_CURVE = 24
    PCV_CURVE = 25
    LEAK_AREA = 26
    LEAK_EXPANSION = 27


class Status(IntEnum):
    """The solver's status of a link."""

    PUMP_CANNOT_LIFT = 0
    TEMPORARILY_CLOSED = 1
    CLOSED = 2
    OPEN = 3
    ACTIVE = 4
    PUMP_BEYOND_CURVE = 5
    FLOW_NOT_DELIVERED = 6
    PRESSURE_NOT_HELD = 7


class Count(IntEnum):
    """What can be counted."""

    NODES = 0
    TANKS = 1
    LINKS = 2
    PATTERNS = 3
    CURVES = 4
    CONTROLS = 5
    RULES = 6


class Time(IntEnum):
    """Times, in whole seconds."""

    DURATION = 0
    HYDRAULIC_STEP = 1
    PATTERN_STEP = 3
    PATTERN_START = 4
    REPORT_STEP = 5
    START_CLOCK = 10
    NOW = 11


class Option(IntEnum):
    """Options of the analysis."""

    TRIALS = 0
    ACCURACY = 1
    EMITTER_EXPONENT = 3
    DEMAND_MULTIPLIER = 4
    HEADLOSS = 7
    SPECIFIC_GRAVITY = 12
    VISCOSITY = 13
    UNBALANCED = 14
    DEFAULT_PATTERN = 23
    EMITTER_BACKFLOW = 24
    PRESSURE_UNITS = 25


class CurveKind(IntEnum):
    """What a curve says."""

    VOLUME = 0
    PUMP = 1
    EFFICIENCY = 2
    HEAD_LOSS = 3
    GENERIC = 4
    VALVE = 5


class Start(IntEnum):
    """How the hydraulic solver begins: nothing is saved to a file."""

    KEEP_FLOWS = 0
    FRESH_FLOWS = 10


FLOW_UNITS = ("CFS", "GPM", "MGD", "IMGD", "AFD", "LPS", "LPM", "MLD", "CMH", "CMD", "CMS")
PRESSURE_UNITS = ("PSI", "KPA", "METERS", "BAR", "FEET")
HEADLOSSES = ("H-W", "D-W", "C-M")

CONTROL_OPENS = 1.0e10
CONTROL_CLOSES = -1.0e10
"""Settings by which EPANET says that a control opens or closes its link and sets nothing."""

WARN_UNBALANCED = 1
WARN_UNSTABLE = 2
WARN_PUMP = 4
WARN_VALVE = 5
WARN_NEGATIVE_PRESSURE = 6
LAST_WARNING = 6

NOT_SOLVED = 110
