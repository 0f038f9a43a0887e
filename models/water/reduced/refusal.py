"""What the reduction does not take, said by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.water.batched.refusal import NotBatched, check_batched
from models.water.network.network import Ints, Network
from twin.errors import Fault, InputError
from twin.lang import Text, same

_NAMED = 10
_PLAIN = Text("BatchedSolver, sans réduction", "BatchedSolver, which reduces nothing")


def check_reduced(network: Network) -> None:
    """Raise NotBatched with everything about a network that cannot be reduced."""
    check_batched(network)
    options, links = network.options, network.links
    faults = []
    if options.headloss != "H-W":
        faults.append(
            Fault(key="headloss", value=options.headloss, expected=same("H-W"), remedy=_PLAIN)
        )
    if options.pressure_dependent:
        faults.append(
            Fault(
                key="demand_model",
                value="PDA",
                expected=Text(
                    "des demandes indépendantes de la pression",
                    "demands that do not depend on pressure",
                ),
                remedy=_PLAIN,
            )
        )
    leaks = (links.leak_area_m2_per_m > 0.0) | (links.leak_expansion_m2_per_m2 > 0.0)
    if leaks.any():
        faults.append(
            Fault(
                key="leakage",
                value=_names(network.links.ids, np.flatnonzero(leaks)),
                expected=Text("des fuites aux nœuds de l'état", "leaks at the nodes of the state"),
                remedy=_PLAIN,
            )
        )
    if faults:
        raise NotBatched(*faults)


def closed_pipes(network: Network, is_open: NDArray[np.bool_], reduced: Ints) -> None:
    """Raise InputError naming pipes of trees and chains that a state closes."""
    closed = reduced[~is_open[reduced].all(axis=1)]
    if len(closed) > 0:
        raise InputError(
            Fault(
                key="open",
                value=_names(network.links.ids, closed),
                expected=Text(
                    "des conduites d'arbres et de chaînes ouvertes",
                    "pipes of trees and chains to be open",
                ),
                remedy=Text(
                    "les nommer dans kept à la construction",
                    "name them in kept when the solver is made",
                ),
            )
        )


def crossing_leaks(network: Network, node: int, lane: int) -> InputError:
    """Return what two leaks of a lane in one tree or one chain raise."""
    return InputError(
        Fault(
            key=f"half[{network.nodes.ids[node]}, {lane}]",
            expected=Text(
                "au plus une fuite par voie dans un arbre ou une chaîne",
                "at most one leak a lane in a tree or a chain",
            ),
            remedy=Text(
                "nommer le nœud dans protected à la construction",
                "name the node in protected when the solver is made",
            ),
        )
    )


def _names(ids: tuple[str, ...], which: NDArray[np.integer]) -> str:
    named = ", ".join(ids[k] for k in which[:_NAMED])
    return named if len(which) <= _NAMED else f"{named}, ... ({len(which)})"
