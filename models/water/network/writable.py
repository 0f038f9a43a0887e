"""What an INP file cannot hold of a network, found before anything is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from models.water.network.network import LinkKind, Network, NodeKind, PumpLaw
from twin.errors import Fault, InputError
from twin.lang import Text

LONGEST_NAME = 31
"""Characters EPANET keeps of a name [V]."""

_NAME = re.compile(r'[^\s;"\[][^\s;"]*')


def check_writable(network: Network) -> None:
    """Raise an InputError with everything that cannot be written, by name."""
    faults = [
        *_rules(network),
        *_names(network),
        *_figures(network),
        *_pumps(network),
        *_curves(network),
    ]
    if faults:
        raise InputError(*faults)


def _rules(network: Network) -> Iterator[Fault]:
    if network.rules:
        yield Fault(
            key="rules",
            value=str(network.rules),
            expected=Text(
                "un réseau sans règles : seul EPANET les lit et les écrit",
                "a network without rules: EPANET alone reads and writes them",
            ),
            remedy=Text(
                "save_as(fichier, copie) les garde ; ou dire ces règles en commandes simples",
                "save_as(file, copy) keeps them; or say them as simple controls",
            ),
        )


def _names(network: Network) -> Iterator[Fault]:
    groups: tuple[tuple[str, Iterable[str]], ...] = (
        ("nodes.ids", network.nodes.ids),
        ("links.ids", network.links.ids),
        ("patterns", [pattern.id for pattern in network.patterns]),
        ("curves", [curve.id for curve in network.curves]),
    )
    for key, names in groups:
        for name, times in Counter(names).items():
            if times > 1 or len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
                yield Fault(
                    key=key,
                    value=name,
                    expected=Text(
                        f"un nom unique d'au plus {LONGEST_NAME} signes, sans espace, point-"
                        "virgule ni guillemet",
                        f"a unique name of at most {LONGEST_NAME} characters without space, "
                        "semicolon or quote",
                    ),
                    remedy=Text("le renommer", "rename it"),
                )


def _figures(network: Network) -> Iterator[Fault]:
    nodes, links, tanks, demands = network.nodes, network.links, network.tanks, network.demands
    pipes = network.pipes
    no_pump = links.kind != LinkKind.PUMP
    node_ids, link_ids = np.array(nodes.ids, dtype=object), np.array(links.ids, dtype=object)
    positive = Text("un nombre fini, plus grand que zéro", "a finite number above zero")
    number = Text("un nombre fini", "a finite number")
    with np.errstate(invalid="ignore"):
        checks = (
            ("elevation_m", node_ids, nodes.elevation_m, np.isfinite(nodes.elevation_m), number),
            ("emitter", node_ids, nodes.emitter, nodes.emitter >= 0.0, number),
            ("length_m", link_ids[pipes], links.length_m[pipes], links.length_m[pipes] > 0.0,
             positive),
            ("diameter_m", link_ids[no_pump], links.diameter_m[no_pump],
             links.diameter_m[no_pump] > 0.0, positive),
            ("roughness", link_ids[pipes], links.roughness[pipes], links.roughness[pipes] > 0.0,
             positive),
            ("tanks.diameter_m", node_ids[tanks.node], tanks.diameter_m, tanks.diameter_m > 0.0,
             positive),
            ("demands.base_m3s", node_ids[demands.node], demands.base_m3s,
             np.isfinite(demands.base_m3s), number),
        )  # fmt: skip
    for key, names, values, sound, expected in checks:
        for name, value in zip(names[~sound], values[~sound], strict=True):
            yield Fault(
                key=f"{key} {name}",
                value=f"{value:g}",
                expected=expected,
                remedy=Text("corriger la valeur", "mend the value"),
            )
    for node in demands.node[nodes.kind[demands.node] != NodeKind.JUNCTION]:
        yield Fault(
            key="demands.node",
            value=nodes.ids[node],
            expected=Text("une demande sur un nœud de conduite", "a demand at a junction"),
            remedy=Text("la porter au nœud voisin", "move it to the neighbouring junction"),
        )


def _pumps(network: Network) -> Iterator[Fault]:
    pumps = network.pumps
    with np.errstate(invalid="ignore"):
        fitted = (pumps.h0_m > 0.0) & (pumps.r > 0.0) & (pumps.n > 0.0)
        powered = pumps.power_w > 0.0
    curved = pumps.curve >= 0
    wrong = (
        (pumps.law == PumpLaw.NO_CURVE)
        | ((pumps.law == PumpLaw.POWER_FUNCTION) & ~curved & ~fitted)
        | ((pumps.law == PumpLaw.CUSTOM_CURVE) & ~curved)
        | ((pumps.law == PumpLaw.CONSTANT_POWER) & ~powered)
    )
    for link in pumps.link[wrong]:
        yield Fault(
            key="pumps",
            value=network.links.ids[link],
            expected=Text("une pompe avec sa courbe ou sa puissance", "a pump with curve or power"),
            remedy=Text("donner h0_m, r et n, ou power_w", "give h0_m, r and n, or power_w"),
        )
    listed = np.zeros(len(network.links), dtype=np.bool_)
    listed[pumps.link] = True
    for link in np.flatnonzero((network.links.kind == LinkKind.PUMP) & ~listed):
        yield Fault(
            key="pumps.link",
            value=network.links.ids[link],
            expected=Text("toute pompe dans la table des pompes", "every pump in the pump table"),
            remedy=Text("l'y ajouter", "add it there"),
        )


def _curves(network: Network) -> Iterator[Fault]:
    links, pumps = network.links, network.pumps
    uses = (
        network.tanks.volume_curve,
        pumps.curve[pumps.law != PumpLaw.CONSTANT_POWER],
        links.curve[links.kind == LinkKind.GPV],
        links.curve[links.kind == LinkKind.PCV],
    )
    times = Counter(int(curve) for use in uses for curve in set(use.tolist()) if curve >= 0)
    for curve, count in times.items():
        if count > 1:
            yield Fault(
                key="curves",
                value=network.curves[curve].id,
                expected=Text(
                    "une courbe d'un seul usage (pompe, volume, perte de charge ou vanne)",
                    "a curve of one use (pump, volume, head loss or valve)",
                ),
                remedy=Text("en faire deux courbes", "make two curves of it"),
            )
    for link in np.flatnonzero((links.kind == LinkKind.GPV) & (links.curve < 0)):
        yield Fault(
            key="links.curve",
            value=links.ids[link],
            expected=Text("une vanne GPV avec sa courbe", "a GPV with its curve"),
            remedy=Text("donner sa courbe de perte de charge", "give its head loss curve"),
        )
