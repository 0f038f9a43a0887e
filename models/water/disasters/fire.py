"""How much water a hydrant gives.

The French requirement for ordinary risk: 60 m3/h for two hours at 1 bar of dynamic pressure. The
120 m3 in two hours are those of circular 465 of 10 December 1951 [V, eurofeu.fr], since repealed by
the order of 15 December 2015 under decree 2015-235 [V, vdocuments.fr], which leaves figures to each
department; 60 m3/h at 1 bar is what NF S 61-213 asks of a 100 mm hydrant [V, second hand]. The
Indre's own rules: [U].
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from twin.errors import Fault, InputError, UnreachableError
from twin.lang import Text

REQUIRED_M3H = 60.0
REQUIRED_M3 = 120.0
RESIDUAL_M = 10.0
"""1 bar; 10.2 m of water exactly, 10 as the trade counts."""

_STEPS = 200


@dataclass(frozen=True)
class FireFlow:
    """What a hydrant gives.

    `flow_m3h` at the residual pressure, `static_m` of pressure without draw, `at_most` whether the
    flow asked for at most was reached (the true one is larger).
    """

    flow_m3h: float
    static_m: float
    at_most: bool

    def enough(self, stored_m3: float = math.inf, refill_m3h: float = 0.0) -> bool:
        """Return whether ordinary risk is covered: 60 m3/h, and 120 m3 over two hours.

        Parameters
        ----------
        stored_m3
            What the tower holds for it.
        refill_m3h
            What pumps and springs add meanwhile.
        """
        hours = REQUIRED_M3 / REQUIRED_M3H
        lasts = stored_m3 + refill_m3h * hours >= REQUIRED_M3
        return lasts and self.flow_m3h >= REQUIRED_M3H * (1.0 - 1e-9)


def fire_flow(
    pressure_m: Callable[[float], float],
    *,
    residual_m: float = RESIDUAL_M,
    most_m3h: float = 240.0,
    accuracy_m3h: float = 1e-6,
) -> FireFlow:
    """Return the flow at which pressure falls to the residual.

    Parameters
    ----------
    pressure_m
        Flow drawn at the hydrant (m3/h) -> pressure there (m), or the least over all nodes that
        must keep it; never rising with flow. A solver with demands that depend on pressure keeps
        homes' draw honest.
    residual_m
        Pressure that must remain.
    most_m3h
        Search no further.
    accuracy_m3h
        Of the answer.

    Raises
    ------
    InputError
        Bounds that are not above zero.
    UnreachableError
        The solver gives no number.
    """
    for key, value in (("most_m3h", most_m3h), ("accuracy_m3h", accuracy_m3h)):
        if not value > 0.0:
            raise InputError(
                Fault(
                    Text("un nombre positif", "a number above zero"),
                    Text(f"corriger {key}", f"correct {key}"),
                    key=key,
                    value=str(value),
                )
            )
    static = _checked(pressure_m, 0.0)
    if static <= residual_m:
        return FireFlow(0.0, static, at_most=False)
    last = _checked(pressure_m, most_m3h) - residual_m
    if last >= 0.0:
        return FireFlow(most_m3h, static, at_most=True)
    low, high, above, below = 0.0, most_m3h, static - residual_m, last
    # Illinois: regula falsi that halves the weight of an end kept twice (Dowell & Jarratt 1971).
    for _ in range(_STEPS):
        if high - low <= accuracy_m3h:
            break
        flow = (low * below - high * above) / (below - above)
        if not low < flow < high:
            flow = 0.5 * (low + high)
        found = _checked(pressure_m, flow) - residual_m
        if found >= 0.0:
            if found == 0.0:
                return FireFlow(flow, static, at_most=False)
            low, above, below = flow, found, below / 2.0
        else:
            high, below, above = flow, found, above / 2.0
    return FireFlow(low, static, at_most=False)


def _checked(pressure_m: Callable[[float], float], flow_m3h: float) -> float:
    found = pressure_m(flow_m3h)
    if math.isnan(found):
        raise UnreachableError(
            Fault(
                Text("une pression en mètres", "a pressure in metres"),
                Text("vérifier le calcul hydraulique", "check the hydraulic solver"),
                key=f"pressure_m({flow_m3h:g} m3/h)",
                value=str(found),
            )
        )
    return found
