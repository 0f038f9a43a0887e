"""The uncertain figures of a radio network in one world: what its levels and its air depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from models.lora.levels import Losses


@dataclass(frozen=True)
class RadioFigures:
    """One value of each; the fields are the ids of the assumptions' table, which gives the units.

    Statuses and sources stand in that table, row by row.
    """

    pit_loss_db: float
    clutter_loss_db: float
    meter_antenna_loss_db: float
    noise_rise_db: float
    propagation_bias_db: float
    shadowing_sigma_db: float
    antenna_height_quantile: float
    interference_matrix: float
    slow_sigma_db: float
    slow_correlation: float
    outside_frames_per_s: float

    @property
    def matrix(self) -> str:
        """Name of the interference matrix: both published ones are as likely."""
        return "goursaud" if self.interference_matrix < 0.5 else "croce"  # noqa: PLR2004 - even odds

    @property
    def losses(self) -> Losses:
        """The losses on a device's side but the noise rise, which is the gateway's here.

        Indoors at the median; whoever draws each device's own replaces it.
        """
        return Losses(
            pit_db=self.pit_loss_db,
            clutter_db=self.clutter_loss_db,
            antenna_db=self.meter_antenna_loss_db,
            noise_rise_db=0.0,
            bias_db=self.propagation_bias_db,
            entry_probability=0.5,
        )


RADIO_FIGURES = tuple(field.name for field in fields(RadioFigures))
"""Their names, in the order of the fields."""


def radio_figures(value: Callable[[str], float]) -> RadioFigures:
    """Return the figures that `value` gives by name: a world's draws, or means."""
    return RadioFigures(*(value(name) for name in RADIO_FIGURES))
