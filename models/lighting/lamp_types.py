"""What a lantern is: its power, its light, how it dims, how long it lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Technology = Literal["hps", "mercury", "halide", "led"]


@dataclass(frozen=True)
class LampType:
    """One kind of lantern.

    Attributes
    ----------
    id : str
    technology : Technology
        High-pressure sodium, mercury vapour, metal halide, LED.
    lamp_w, gear_w : float
        Rated power of the source and losses of its gear at full light, W.
    flux_lm : float
        Out of the lantern when new, lm.
    dimmable : bool
        Whether a level between 0 and 1 changes its power; others burn fully at any level above 0.
    floor_share : float
        Share of the full power that dimming cannot save: power = full x (floor + (1 - floor) x
        level) for a level above 0.
    life_h, life_shape : float
        Weibull law of the hours burnt until failure (shape 1: no ageing).
    flux_loss_per_kh : float
        Share of the initial flux lost per 1,000 h burnt; dirt apart.
    """

    id: str
    technology: Technology
    lamp_w: float
    gear_w: float
    flux_lm: float
    dimmable: bool
    floor_share: float
    life_h: float
    life_shape: float
    flux_loss_per_kh: float

    @property
    def system_w(self) -> float:
        """Return the power at full light, gear included."""
        return self.lamp_w + self.gear_w

    @property
    def fixed_share(self) -> float:
        """Return the share of the full power drawn at any level above 0."""
        return self.floor_share if self.dimmable else 1.0

    def power_w(self, level: float) -> float:
        """Return the power at a level of light in [0, 1]."""
        if level <= 0.0:
            return 0.0
        return self.system_w * (self.fixed_share + (1.0 - self.fixed_share) * level)
