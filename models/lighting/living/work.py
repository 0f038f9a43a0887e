"""Work that a crew may be sent for, and how long each takes on site."""

from __future__ import annotations

from enum import IntEnum


class Work(IntEnum):
    """What is to be done; the asset is a lamp, a cabinet or a commune."""

    LAMP = 0
    LANTERN = 1
    CABINET = 2
    CABLE = 3
    NODE = 4
    CLOCK = 5
    CHECK_NODE = 6
    CHECK_CLOCK = 7
    SET_CLOCKS = 8
    SET_NODES = 9
    VISIT_CLOCKS = 10


MINUTES: dict[Work, float] = {
    Work.LAMP: 20.0,
    Work.LANTERN: 35.0,
    Work.CABINET: 75.0,
    Work.CABLE: 240.0,
    Work.NODE: 25.0,
    Work.CLOCK: 30.0,
    Work.CHECK_NODE: 15.0,
    Work.CHECK_CLOCK: 15.0,
    Work.SET_CLOCKS: 8.0,
    Work.SET_NODES: 10.0,
    Work.VISIT_CLOCKS: 8.0,
}
"""Minutes on site of one lamp, cabinet or clock, way between lamps of a village included [U]."""
