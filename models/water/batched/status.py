"""EPANET's codes of a link's status, and one of ours."""

from __future__ import annotations

HELD = -1.0
"""Closed by the state; no rule opens it. Reported as closed."""

NO_HEAD = 0.0
"""A pump that cannot lift its head (XHEAD)."""

TEMPORARY = 1.0
"""Closed for the moment (TEMPCLOSED)."""

CLOSED = 2.0
OPEN = 3.0
ACTIVE = 4.0

FLOW_SHORT = 6.0
"""A flow control valve that passes less than set (XFCV)."""

PRESSURE_SHORT = 7.0
"""A pressure valve that cannot hold its setting (XPRESSURE)."""
