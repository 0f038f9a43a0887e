"""Known truths of the radio network: what a published value or a closed form says it must give."""

from __future__ import annotations

from models.lora.oracles import contention, devices, frames, path, plan, reception
from twin.oracle import Oracle


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of the radio network, from one frame to the whole plan.

    Returns
    -------
    tuple of Oracle
        Airtime and the rules of the band, path loss, reception, contention, devices, bill and
        siting. Nothing heavy is imported before an oracle is computed.
    """
    return (
        *frames.oracles(),
        *path.oracles(),
        *reception.oracles(),
        *contention.oracles(),
        *devices.oracles(),
        *plan.oracles(),
    )
