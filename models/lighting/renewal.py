"""Renewal by LED lanterns: which communes when, and what stands there afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lighting.inventory.inventory import Inventory
from models.lighting.lamp_types import LampType
from models.lighting.settings import RenewalSection
from twin.units import YEAR_S

Floats = NDArray[np.float64]

LIGHT_KEPT_SHARE = 0.6
"""Flux of the LED lantern over the discharge lantern's it replaces, at least.

LED optics put more of their light on the street; in the worked example of EN 13201-5 (sheet A5) an
LED lantern of 36 W takes over from sodium of 115 W with 84 % of its light on the road [D]; the
share of the flux is unverified [U].
"""


@dataclass(frozen=True, eq=False)
class Renewal:
    """A programme of renewal.

    Attributes
    ----------
    when_s : float64, shape (communes,)
        When each commune's lanterns are replaced; infinite without a programme.
    into : int32, shape (lamps,)
        The type each lamp becomes: its own where it is LED already.
    """

    when_s: Floats
    into: NDArray[np.int32]

    @property
    def replaced(self) -> NDArray[np.bool_]:
        """Return whether each commune has its turn."""
        return np.isfinite(self.when_s)


def plan_renewal(inventory: Inventory, section: RenewalSection) -> Renewal:
    """Return the programme: communes in order of power a lamp, evenly over the years."""
    communes = len(inventory.communes)
    into = successors(inventory.types)[inventory.lamps.type]
    if not section.led:
        return Renewal(np.full(communes, np.inf), into)
    lamps = np.bincount(inventory.lamp_commune, minlength=communes)
    watts = np.bincount(inventory.lamp_commune, inventory.system_w, minlength=communes)
    mean_w = watts / np.maximum(lamps, 1)
    order = np.argsort(-mean_w, kind="stable")
    spent = np.cumsum(lamps[order]) / max(int(lamps.sum()), 1)
    when_s = np.empty(communes)
    when_s[order] = spent * section.years * YEAR_S
    return Renewal(when_s, into.astype(np.int32))


def successors(types: tuple[LampType, ...]) -> NDArray[np.int32]:
    """Return, by type, the LED type that takes its place: the least powerful with enough light."""
    leds = sorted(
        (i for i, each in enumerate(types) if each.technology == "led"),
        key=lambda i: types[i].system_w,
    )
    found = np.arange(len(types), dtype=np.int32)
    for number, each in enumerate(types):
        if each.technology == "led" or not leds:
            continue
        bright = [i for i in leds if types[i].flux_lm >= LIGHT_KEPT_SHARE * each.flux_lm]
        found[number] = bright[0] if bright else leds[-1]
    return found
