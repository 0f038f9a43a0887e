"""The KPIs of the load question.

Zone "" is the water meters for what is read, delivered and powered (`collection`, `delivery`,
`battery_*`, `years_held`), everything for what is counted (`messages`, `loss`, `factor`, `unheard`,
`duty_*`, `replaced`).
"""

from __future__ import annotations

from twin.lang import Text
from twin.recorder import Direction, Kpi

LOW, HIGH, NEITHER = Direction.MIN, Direction.MAX, Direction.NONE

KPIS: tuple[Kpi, ...] = (
    Kpi(
        "messages",
        Text(
            "relevés émis dans la journée",
            "readings of the day",
        ),
        "1",
        NEITHER,
    ),
    Kpi(
        "delivery",
        Text(
            "messages livrés",
            "messages delivered",
        ),
        "share",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "collection",
        Text(
            "objets relevés à J+1",
            "devices read at D+1",
        ),
        "share",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "loss",
        Text(
            "messages perdus, par cause",
            "messages lost, by cause",
        ),
        "share",
        LOW,
    ),
    Kpi(
        "factor",
        Text(
            "trames par facteur d'étalement",
            "frames by spreading factor",
        ),
        "share",
        NEITHER,
    ),
    Kpi(
        "unheard",
        Text(
            "objets qu'aucune passerelle n'entend",
            "devices no gateway can hear",
        ),
        "1",
        LOW,
    ),
    Kpi(
        "gateways_per_frame",
        Text(
            "passerelles qui décodent une trame",
            "gateways that decode a frame",
        ),
        "1",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "refused",
        Text(
            "réponses qu'aucune passerelle n'a pu émettre",
            "answers no gateway could send",
        ),
        "share",
        LOW,
    ),
    Kpi(
        "duty_most",
        Text(
            "temps d'émission de la passerelle la plus chargée, heure de pointe",
            "airtime of the busiest gateway in its busiest hour",
        ),
        "share",
        LOW,
    ),
    Kpi(
        "duty_median",
        Text(
            "temps d'émission de la passerelle médiane, heure de pointe",
            "airtime of the median gateway in its busiest hour",
        ),
        "share",
        LOW,
    ),
    Kpi(
        "duty_gateway",
        Text(
            "temps d'émission de chaque passerelle, heure de pointe",
            "airtime of each gateway in its busiest hour",
        ),
        "share",
        LOW,
    ),
)

BATTERIES: tuple[Kpi, ...] = (
    Kpi(
        "battery_p05",
        Text(
            "durée de vie dépassée par 95 % des piles",
            "life that 95 % of batteries exceed",
        ),
        "an",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "battery_median",
        Text(
            "durée de vie médiane des piles",
            "median battery life",
        ),
        "an",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "battery_reach",
        Text(
            "piles qui atteignent la durée visée",
            "batteries that reach the life aimed at",
        ),
        "share",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "replaced",
        Text(
            "piles remplacées jusqu'à l'horizon",
            "batteries replaced until the horizon",
        ),
        "1",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "replaced_in",
        Text(
            "piles remplacées, par année",
            "batteries replaced, by year",
        ),
        "1",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "replaced_eur",
        Text(
            "remplacement des piles jusqu'à l'horizon, HT",
            "replacing batteries until the horizon, excl. VAT",
        ),
        "€",
        LOW,
        may_be_missing=True,
    ),
)

LATER: tuple[Kpi, ...] = (
    Kpi(
        "delivery_later",
        Text(
            "messages livrés, dernière année",
            "messages delivered, last year",
        ),
        "share",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "collection_later",
        Text(
            "objets relevés à J+1, dernière année",
            "devices read at D+1, last year",
        ),
        "share",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "years_held",
        Text(
            "années où la cible de relève tient",
            "years the reading target holds",
        ),
        "an",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "devices_later",
        Text(
            "objets, dernière année",
            "devices, last year",
        ),
        "1",
        NEITHER,
        may_be_missing=True,
    ),
    Kpi(
        "duty_most_later",
        Text(
            "temps d'émission le plus haut, dernière année",
            "highest airtime, last year",
        ),
        "share",
        LOW,
        may_be_missing=True,
    ),
)
"""Not recorded by a sensitivity run, which looks at the first year alone."""

STORM: tuple[Kpi, ...] = (
    Kpi(
        "back_50_min",
        Text(
            "retour de la moitié des luminaires",
            "half of the lamps back",
        ),
        "min",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "back_95_min",
        Text(
            "retour de 95 % des luminaires",
            "95 % of the lamps back",
        ),
        "min",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "back_100_min",
        Text(
            "retour de tous les luminaires",
            "all lamps back",
        ),
        "min",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "back",
        Text(
            "luminaires revenus, par dix minutes",
            "lamps back, by ten minutes",
        ),
        "share",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "join_requests",
        Text(
            "demandes d'adhésion par luminaire",
            "join-requests per lamp",
        ),
        "1",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "storm_delivery",
        Text(
            "messages livrés des autres objets pendant le retour",
            "messages of the others delivered meanwhile",
        ),
        "share",
        HIGH,
        may_be_missing=True,
    ),
    Kpi(
        "storm_duty",
        Text(
            "temps d'émission le plus haut pendant le retour",
            "highest airtime meanwhile",
        ),
        "share",
        LOW,
        may_be_missing=True,
    ),
)
"""Recorded by options that have the fleet whose mains are cut."""

VERDICT: tuple[Kpi, ...] = (
    Kpi(
        "holds_collection",
        Text(
            "cible de relève tenue par chaque parc",
            "reading target held by every fleet",
        ),
        "share",
        HIGH,
    ),
    Kpi(
        "holds_battery",
        Text(
            "cible de pile tenue par chaque parc",
            "battery target held by every fleet",
        ),
        "share",
        HIGH,
    ),
    Kpi(
        "holds_duty",
        Text(
            "temps d'émission légal respecté",
            "legal airtime kept",
        ),
        "share",
        HIGH,
    ),
    Kpi(
        "holds_all",
        Text(
            "toutes les cibles tenues",
            "every target held",
        ),
        "share",
        HIGH,
    ),
)

ALL = (*KPIS, *BATTERIES, *LATER, *STORM, *VERDICT)

CAUSES: dict[str, Text] = {
    "out-of-reach": Text("signal trop faible", "signal too weak"),
    "collision": Text("collision entre trames", "collision of frames"),
    "no-demodulator": Text("passerelle saturée", "gateway saturated"),
    "gateway-deaf": Text("passerelle en train d'émettre", "gateway sending"),
    "gateway-down": Text("passerelle en panne", "gateway down"),
    "not-sent": Text("message non émis", "message not sent"),
}
"""Zones of the KPI `loss`."""
