"""Where devices sit: what stands between each and the sky, by use case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.lora.building_entry import BuildingType, building_entry_loss_db
from models.lora.pit import PIT_LOSS
from twin.decide.priors import Status
from twin.lang import Text


class UseCase(StrEnum):
    """The six kinds of devices a territory buys."""

    METER_PIT = "meter-pit"
    METER_INDOOR = "meter-indoor"
    METER_OUTDOOR = "meter-outdoor"
    BIN = "bin"
    CABINET = "cabinet"
    LAMP = "lamp"


@dataclass(frozen=True)
class Placement:
    """What a use case costs a link.

    `height_m` is the antenna's height above ground. `entry_db` is the central loss between the
    open air and the antenna, `clutter_db` that of nearby vegetation and buildings; both positive.
    """

    label: Text
    height_m: float
    height_status: Status
    entry_label: Text
    entry_db: float
    entry_status: Status
    clutter_db: float
    clutter_status: Status = Status.UNVERIFIED


NEAR_GROUND_CLUTTER_DB = 6.0
"""Vegetation and buildings around a device near the ground, the mode of its prior [U]."""

_BUILDINGS = {
    BuildingType.TRADITIONAL: Text(
        "bâtiment traditionnel (UIT-R P.2109)", "traditional building (ITU-R P.2109)"
    ),
    BuildingType.THERMALLY_EFFICIENT: Text(
        "bâtiment isolé (UIT-R P.2109)", "thermally efficient building (ITU-R P.2109)"
    ),
}
_NO_ENTRY = Text("aucune entrée", "no entry")
_PIT = Text("regard en fonte", "cast-iron pit")
_BIN = Text("cuve du conteneur", "bin's body")
_CABINET = Text("armoire fermée", "closed cabinet")


def placement(
    use_case: UseCase,
    frequency_mhz: float = 868.0,
    building: BuildingType | str = BuildingType.TRADITIONAL,
    entry_probability: float = 0.5,
) -> Placement:
    """Return the placement of a use case.

    Indoor entry loss is P.2109's at `entry_probability` [V]; the pit loss is the quantile of its
    prior at the same probability [U]; bin (6 dB), cabinet (8 dB) and antenna heights are
    engineering assumptions [U].
    """
    name = _LABELS[use_case]
    unsure, near = Status.UNVERIFIED, NEAR_GROUND_CLUTTER_DB
    match use_case:
        case UseCase.METER_PIT:
            loss_db = PIT_LOSS.quantile(entry_probability)
            return Placement(name, 0.2, unsure, _PIT, loss_db, unsure, near)
        case UseCase.METER_INDOOR:
            loss_db = float(building_entry_loss_db(frequency_mhz, entry_probability, building))
            kind = _BUILDINGS[BuildingType(building)]
            return Placement(name, 1.0, unsure, kind, loss_db, Status.SOURCED, near)
        case UseCase.METER_OUTDOOR:
            return Placement(name, 1.0, unsure, _NO_ENTRY, 0.0, unsure, near)
        case UseCase.BIN:
            return Placement(name, 1.2, unsure, _BIN, 6.0, unsure, near)
        case UseCase.CABINET:
            return Placement(name, 1.2, unsure, _CABINET, 8.0, unsure, near)
        case UseCase.LAMP:
            return Placement(name, 8.0, unsure, _NO_ENTRY, 0.0, unsure, 0.0)


_LABELS = {
    UseCase.METER_PIT: Text("compteur en regard", "meter in a pit"),
    UseCase.METER_INDOOR: Text("compteur en intérieur", "meter indoors"),
    UseCase.METER_OUTDOOR: Text("compteur en extérieur", "meter outdoors"),
    UseCase.BIN: Text("sonde de remplissage", "bin fill sensor"),
    UseCase.CABINET: Text("armoire d'éclairage", "lighting cabinet"),
    UseCase.LAMP: Text("luminaire", "luminaire"),
}
