"""What the batched solver does not follow over time, said by name."""

from __future__ import annotations

from models.water.batched.refusal import EPANET_DOES, NotBatched, check_batched
from models.water.network.network import Network
from twin.errors import Fault
from twin.lang import Text


def check_periods(network: Network) -> None:
    """Raise :class:`NotBatched` with everything that cannot be taken.

    What no snapshot takes (:func:`check_batched`), and rule-based controls: EPANET looks at them
    every few minutes inside a step.
    """
    faults: list[Fault] = []
    try:
        check_batched(network)
    except NotBatched as error:
        faults += error.faults
    if network.rules:
        faults.append(
            Fault(
                key="RULES",
                value=str(network.rules),
                expected=Text("des commandes simples, sans règles", "simple controls, no rules"),
                remedy=EPANET_DOES,
            )
        )
    if faults:
        raise NotBatched(*faults)
