"""The study's link budget with every assumption at its mean, for each of the six use cases.

Meters lose what `levels.placement_loss_db` says, as in the study; bins, cabinets and lamps lose
what their placement in `use_cases` says, over the same common losses (a lamp, up its post, has no
clutter around it). The uplink alone is counted, as in the study.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.levels import Losses, fixed_gain_db, placement_loss_db
from models.lora.meters import INDOOR, OUTDOOR, PIT
from models.lora.nominal import mean_losses
from models.lora.sensitivity import LOWEST_FACTOR, sensitivity_dbm
from models.lora.settings import MetersSection, RadioSection
from models.lora.use_cases import UseCase, placement
from twin.scenario import Scenario
from twin.world import prior_named

METER_PLACES = {
    UseCase.METER_PIT: PIT,
    UseCase.METER_INDOOR: INDOOR,
    UseCase.METER_OUTDOOR: OUTDOOR,
}


def usual_case(meters: MetersSection) -> UseCase:
    """Return the use case of the most common meter of an option; the hardest on ties."""
    shares = {
        UseCase.METER_PIT: meters.pit_share,
        UseCase.METER_INDOOR: meters.indoor_share,
        UseCase.METER_OUTDOOR: meters.outdoor_share,
    }
    return max(shares, key=lambda case: shares[case])


@dataclass(frozen=True)
class CentralBudget:
    """What turns a basic path loss into a level and a margin.

    `sigma_db` is the shadowing's standard deviation, `meter_height_m` a meter's antenna.
    """

    radio: RadioSection
    losses: Losses
    sigma_db: float
    meter_height_m: float

    @classmethod
    def of(cls, scenario: Scenario, radio: RadioSection, meters: MetersSection) -> CentralBudget:
        """Return the budget of a scenario's assumptions and an option's radio."""
        sigma = prior_named(scenario.assumptions, "shadowing_sigma_db", scenario.path).mean()
        return cls(radio, mean_losses(scenario), sigma, meters.height_m)

    def height_m(self, case: UseCase) -> float:
        """Return the antenna height above ground a use case has unless told otherwise."""
        return self.meter_height_m if case in METER_PLACES else placement(case).height_m

    def side_loss_db(self, case: UseCase) -> float:
        """Return every loss on the device's side, the noise rise included."""
        place = np.array([METER_PLACES.get(case, OUTDOOR)], dtype=np.uint8)
        loss = float(placement_loss_db(self.radio, place, self.losses)[0])
        if case in METER_PLACES:
            return loss
        what = placement(case, self.radio.frequency_mhz, self.radio.building)
        clear_db = 0.0 if what.clutter_db > 0.0 else self.losses.clutter_db
        return loss + what.entry_db - clear_db

    def threshold_dbm(self) -> float:
        """Return the least level heard at the slowest spreading factor, noise rise included."""
        radio = self.radio
        floor_dbm = float(sensitivity_dbm(radio.chip, radio.spreading_factor))
        return floor_dbm + self.losses.noise_rise_db

    def offset_db(self, case: UseCase) -> float:
        """Return the level at the gateway's input for no path loss: level = offset - path loss."""
        return fixed_gain_db(self.radio) - self.side_loss_db(case) + self.threshold_dbm()

    def offsets_db(self, cases: tuple[UseCase, ...]) -> NDArray[np.float64]:
        """Return :meth:`offset_db` of each object, shape (objects,)."""
        known = {case: self.offset_db(case) for case in set(cases)}
        return np.array([known[case] for case in cases], dtype=np.float64)

    def fastest_factors(self, margin_db: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the least spreading factor whose uplink closes in the median case; 0 for none.

        `margin_db` is told at the slowest factor allowed, `radio.spreading_factor`.
        """
        slowest = self.radio.spreading_factor
        factors = np.arange(LOWEST_FACTOR, slowest + 1)
        floors = sensitivity_dbm(self.radio.chip, factors)
        enough = margin_db[:, None] >= floors - floors[-1]
        first = np.where(enough.any(axis=1), factors[np.argmax(enough, axis=1)], 0)
        return np.asarray(first, dtype=np.int64)
