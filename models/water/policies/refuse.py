"""Refusing arguments that cannot be, all at once.

A policy imports ports and signals only, so it cannot speak of a scenario's files and keys: what a
planner writes is checked, with file and remedy, before it comes here.
"""

from __future__ import annotations

from collections.abc import Iterable


def refuse(checks: Iterable[tuple[str, object, bool, str]]) -> None:
    """Raise one ValueError naming every (key, value, is right, expected) that is not right."""
    wrong = [
        f"{key}: found {value!r}, expected {expected}"
        for key, value, right, expected in checks
        if not right
    ]
    if wrong:
        raise ValueError("; ".join(wrong))
