"""Lighting classes of EN 13201-2 and what each asks for."""

from __future__ import annotations

from twin.errors import Fault, InputError
from twin.lang import Text

LUMINANCE_CD_M2 = {"M1": 2.0, "M2": 1.5, "M3": 1.0, "M4": 0.75, "M5": 0.50, "M6": 0.30}
CONFLICT_LX = {"C0": 50.0, "C1": 30.0, "C2": 20.0, "C3": 15.0, "C4": 10.0, "C5": 7.5}
PEDESTRIAN_LX = {"P1": 15.0, "P2": 10.0, "P3": 7.5, "P4": 5.0, "P5": 3.0, "P6": 2.0}
"""Maintained mean luminance of roads, mean illuminance of conflict areas and of footways [U: values
of EN 13201-2:2015 as sheet A5 has them; check before a tender]."""

Q0_CD_M2_LX = 0.07
"""Mean luminance coefficient of a usual road surface: luminance over illuminance [U]."""

FAMILIES = (tuple(LUMINANCE_CD_M2), tuple(CONFLICT_LX), tuple(PEDESTRIAN_LX))
CLASSES = tuple(name for family in FAMILIES for name in family)


def required_lx(name: str) -> float:
    """Return the maintained mean illuminance a class asks for; of M classes, luminance over Q0.

    Raises
    ------
    InputError
        No such class.
    """
    if name in LUMINANCE_CD_M2:
        return LUMINANCE_CD_M2[name] / Q0_CD_M2_LX
    found = {**CONFLICT_LX, **PEDESTRIAN_LX}.get(name)
    if found is None:
        raise InputError(class_fault(name))
    return found


def lowered(name: str, steps: int) -> str:
    """Return the class so many steps lower, at most the lowest of its family.

    Adaptive lighting lowers a class in the hours of little traffic (EN 13201-1) [U].
    """
    for family in FAMILIES:
        if name in family:
            return family[min(family.index(name) + steps, len(family) - 1)]
    raise InputError(class_fault(name))


def class_fault(name: str) -> Fault:
    """Return the fault of a class that does not exist."""
    return Fault(
        key="lighting_class",
        value=name,
        expected=Text(
            "une classe : M1 à M6, C0 à C5, P1 à P6", "a class: M1 to M6, C0 to C5, P1 to P6"
        ),
        remedy=Text("corriger la classe", "mend the class"),
    )
