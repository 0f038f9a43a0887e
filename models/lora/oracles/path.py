"""Known truths of the path: losses over the ground and into buildings, and the link budget."""

from __future__ import annotations

from functools import partial

from twin.lang import Text
from twin.oracle import Oracle

_P2109 = "Rec. ITU-R P.2109-2 (values of crc-covlib)"


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of path loss, building entry loss and the link budget.

    Returns
    -------
    tuple of Oracle
        Losses in dB at 868 MHz, to the last digit published or worked out.
    """
    return (*_laws(), *_obstacles())


def _laws() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "lora.loss.free_space",
            Text("espace libre, 868 MHz, 1 km", "free space, 868 MHz, 1 km"),
            "Rec. ITU-R P.525; closed form: 20 lg(4 pi d / lambda)", "dB", 91.2182, 5e-5,
            partial(_loss_db, "free-space", 1_000.0, 1.5),
        ),
        Oracle(
            "lora.loss.hata",
            Text("Okumura-Hata, rase campagne, 10 km, antennes à 30 et 1,5 m",
                 "Okumura-Hata, open area, 10 km, antennas at 30 and 1.5 m"),
            "Hata 1980, IEEE Trans. Veh. Technol. 29; formula worked by hand", "dB",
            132.8665, 5e-5, partial(_loss_db, "okumura-hata", 10_000.0, 30.0),
        ),
        Oracle(
            "lora.loss.oulu",
            Text("droite d'Oulu, 10 km", "Oulu's line, 10 km"),
            "Petäjäjärvi et al. 2015, ITST: 128.95 + 23.2 lg d", "dB", 152.150, 5e-4,
            partial(_loss_db, "log-distance", 10_000.0, 30.0),
        ),
    )  # fmt: skip


def _obstacles() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "lora.loss.edge",
            Text("Bullington, une arête de 60 m à mi-chemin de 4 km, antennes à 10 m",
                 "Bullington, one edge of 60 m halfway along 4 km, antennas at 10 m"),
            "Rec. ITU-R P.526-15, closed form: J + (1 - exp(-J/6)) (10 + 0.02 d), nu = 3.803...",
            "dB", 34.3557, 5e-5, _edge_db,
        ),
        Oracle(
            "lora.entry.traditional",
            Text("entrée dans un bâtiment traditionnel, médiane",
                 "entry into a traditional building, median"),
            _P2109, "dB", 14.219, 5e-4, partial(_entry_db, 0.50, "traditional"),
        ),
        Oracle(
            "lora.entry.efficient",
            Text("entrée dans un bâtiment isolé, dépassée dans 5 % des cas",
                 "entry into a thermally efficient building, exceeded in 5 % of cases"),
            _P2109, "dB", 51.091, 5e-4, partial(_entry_db, 0.95, "thermally-efficient"),
        ),
        Oracle(
            "lora.link.budget",
            Text("affaiblissement admis vers la passerelle, luminaire, SF12, 14 dBm PAR",
                 "path loss borne to the gateway, lamp, SF12, 14 dBm ERP"),
            "EN 300 220-2, ERP = EIRP - 2.15; sum by hand: 16.15 - 2 + 5 - 1 - 3 + 141", "dB",
            156.15, 0.005, _budget_db,
        ),
    )  # fmt: skip


def _loss_db(model: str, distance_m: float, height_m: float) -> float:
    from models.lora.propagation import basic_loss_db

    return float(basic_loss_db(model, distance_m, height_m, 1.5))


def _edge_db() -> float:
    import numpy as np

    from models.lora.diffraction import delta_bullington_db

    distances_m = np.linspace(0.0, 4_000.0, 5)
    heights_m = np.zeros(5)
    heights_m[2] = 60.0
    flat_m = 1.0e16  # an Earth so large that its curvature is nil
    _, edge_db, _, _ = delta_bullington_db(distances_m, heights_m, 10.0, 10.0, 868.0, True, flat_m)  # noqa: FBT003 - numba takes it by place
    return float(edge_db)


def _entry_db(share: float, building: str) -> float:
    from models.lora.building_entry import building_entry_loss_db

    return float(building_entry_loss_db(868.0, share, building))


def _budget_db() -> float:
    from models.lora.link_budget import Direction, link_budget

    budget = link_budget(
        "lamp",
        erp_dbm=14.0,
        device_antenna_loss_db=2.0,
        gateway_gain_dbi=5.0,
        cable_loss_db=1.0,
        noise_rise_db=3.0,
        gateway_chip="SX1303",
    )
    return budget.max_path_loss_db(12, Direction.UPLINK)
