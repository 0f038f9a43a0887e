"""A LoRaWAN link budget in both directions, line by line, each figure with its status.

Radiated powers are limited in dBm ERP, against a half-wave dipole; path loss is defined between
isotropic antennas. Every sum here is in dBm EIRP and dBi: 14 dBm ERP = 16.15 dBm EIRP. The legal
limit bounds what leaves the antenna, so a gateway's antenna gain helps it hear (uplink), while its
own power is turned down to stay at the limit (downlink).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from models.lora.building_entry import BuildingType
from models.lora.region import DBD_TO_DBI, ERP_LIMIT_DBM
from models.lora.sensitivity import sensitivity_dbm
from models.lora.use_cases import Placement, UseCase, placement
from twin.decide.priors import Status
from twin.errors import Fault, InputError
from twin.lang import Text


class Direction(StrEnum):
    """Who sends."""

    UPLINK = "uplink"
    DOWNLINK = "downlink"

    @property
    def label(self) -> Text:
        """Return the direction's name for a reader."""
        if self is Direction.UPLINK:
            return Text("voie montante", "uplink")
        return Text("voie descendante", "downlink")


@dataclass(frozen=True)
class Line:
    """One line of a budget: signed, so that the lines of a direction add up to its total."""

    label: Text
    value: float
    unit: str
    status: Status


_RADIATED = Text("puissance rayonnée, PAR (EU868)", "radiated power, ERP (EU868)")
_DIPOLE = Text("du dipôle à l'isotrope (PIRE)", "from dipole to isotropic (EIRP)")
_SHORTFALL = Text("antenne de l'objet, écart au dipôle", "device antenna, shortfall from a dipole")
_CLUTTER = Text("végétation et bâti proches", "nearby vegetation and buildings")
_GATEWAY_ANTENNA = Text("antenne de la passerelle", "gateway antenna")
_CABLE = Text("câble de la passerelle", "gateway cable")
_DEVICE_DIPOLE = Text("antenne de l'objet, dipôle de référence", "device antenna, as a dipole")
_NOISE = Text("bruit au-dessus du plancher", "noise above the floor")
_SENSITIVITY = Text(
    "sensibilité {chip}, SF{factor}, signe inversé", "sensitivity {chip}, SF{factor}, sign reversed"
)


@dataclass(frozen=True)
class LinkBudget:
    """Everything between a device and a gateway except the path loss.

    Attributes
    ----------
    use_case, place
        What the device is and what stands between it and the open air.
    erp_dbm
        Radiated power of both ends, dBm ERP; EU868's limit is 14 [V].
    device_antenna_loss_db
        Shortfall of the device's antenna from a half-wave dipole, both directions [U].
    gateway_gain_dbi, cable_loss_db
        Gateway antenna and feeder: they count when the gateway listens [U].
    noise_rise_db
        Radio noise above the thermal floor the sensitivities assume, both ends [U].
    gateway_chip, device_chip
        Keys of `sensitivity.SENSITIVITY_DBM`.
    """

    use_case: UseCase
    place: Placement
    erp_dbm: float = ERP_LIMIT_DBM
    device_antenna_loss_db: float = 2.0
    gateway_gain_dbi: float = 5.0
    cable_loss_db: float = 1.0
    noise_rise_db: float = 3.0
    gateway_chip: str = "SX1303"
    device_chip: str = "SX1272"

    def __post_init__(self) -> None:
        """Refuse losses below zero and powers above the law."""
        faults = [
            Fault(
                key=key,
                value=f"{getattr(self, key):g}",
                expected=Text("un affaiblissement ≥ 0 dB", "a loss >= 0 dB"),
                remedy=Text("donnez la perte en positif", "give the loss as a positive number"),
            )
            for key in ("device_antenna_loss_db", "cable_loss_db", "noise_rise_db")
            if not getattr(self, key) >= 0.0
        ]
        if not self.erp_dbm <= ERP_LIMIT_DBM:
            faults.append(
                Fault(
                    key="erp_dbm",
                    value=f"{self.erp_dbm:g}",
                    expected=Text("au plus 14 dBm PAR (EU868)", "at most 14 dBm ERP (EU868)"),
                    remedy=Text(
                        "convertissez : PAR = PIRE − 2,15 dB", "convert: ERP = EIRP - 2.15 dB"
                    ),
                )
            )
        if faults:
            raise InputError(*faults)

    @property
    def eirp_dbm(self) -> float:
        """Return the radiated power against an isotropic antenna, dBm EIRP."""
        return self.erp_dbm + DBD_TO_DBI

    def rows(self, spreading_factor: int, direction: Direction) -> tuple[Line, ...]:
        """Return the budget line by line; the values add up to the largest path loss, dB."""
        sure, unsure, place = Status.SOURCED, Status.UNVERIFIED, self.place
        sending = (
            Line(_RADIATED, self.erp_dbm, "dBm", sure),
            Line(_DIPOLE, DBD_TO_DBI, "dB", sure),
            Line(_SHORTFALL, 0.0 - self.device_antenna_loss_db, "dB", unsure),
            Line(place.entry_label, 0.0 - place.entry_db, "dB", place.entry_status),
            Line(_CLUTTER, 0.0 - place.clutter_db, "dB", place.clutter_status),
        )
        if direction is Direction.UPLINK:
            chip = self.gateway_chip
            antenna: tuple[Line, ...] = (
                Line(_GATEWAY_ANTENNA, self.gateway_gain_dbi, "dBi", unsure),
                Line(_CABLE, 0.0 - self.cable_loss_db, "dB", unsure),
            )
        else:
            chip = self.device_chip
            antenna = (Line(_DEVICE_DIPOLE, DBD_TO_DBI, "dBi", sure),)
        floor = float(sensitivity_dbm(chip, spreading_factor))
        name = _SENSITIVITY.format(chip=chip, factor=spreading_factor)
        noise = Line(_NOISE, 0.0 - self.noise_rise_db, "dB", unsure)
        return (*sending, *antenna, noise, Line(name, -floor, "dBm", sure))

    def max_path_loss_db(self, spreading_factor: int, direction: Direction | None = None) -> float:
        """Return the largest basic path loss borne, dB; of the weaker direction by default."""
        if direction is None:
            return min(self.max_path_loss_db(spreading_factor, way) for way in Direction)
        return sum(line.value for line in self.rows(spreading_factor, direction))

    def weaker(self, spreading_factor: int) -> Direction:
        """Return the direction that fails first; the uplink where both are equal."""
        return min(Direction, key=lambda way: self.max_path_loss_db(spreading_factor, way))

    def level_dbm(self, path_loss_db: float, direction: Direction) -> float:
        """Return the level at the receiver's input for a basic path loss, dBm."""
        level = self.eirp_dbm - self.device_antenna_loss_db - self.place.entry_db
        level -= self.place.clutter_db + path_loss_db
        if direction is Direction.UPLINK:
            return level + self.gateway_gain_dbi - self.cable_loss_db
        return level + DBD_TO_DBI

    def margin_db(
        self, path_loss_db: float, spreading_factor: int, direction: Direction | None = None
    ) -> float:
        """Return how many dB are left; of the weaker direction by default."""
        return self.max_path_loss_db(spreading_factor, direction) - path_loss_db

    def fastest_factor(self, path_loss_db: float) -> int | None:
        """Return the least spreading factor that closes both directions, None if none does."""
        for factor in range(7, 13):
            if self.margin_db(path_loss_db, factor) >= 0.0:
                return factor
        return None


def link_budget(
    use_case: UseCase | str,
    frequency_mhz: float = 868.0,
    building: BuildingType | str = BuildingType.TRADITIONAL,
    **settings: float | str,
) -> LinkBudget:
    """Return the budget of a use case with its central losses.

    `settings` are fields of `LinkBudget` (`erp_dbm`, `gateway_gain_dbi`, `gateway_chip`, ...).
    """
    case = UseCase(use_case)
    budget = LinkBudget(use_case=case, place=placement(case, frequency_mhz, building))
    return replace(budget, **settings)  # type: ignore[arg-type] # checked by the dataclass itself
