"""A simulated network's uplinks in a file, as a network server would have published them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from models.lora.logs import chirpstack, things_stack
from models.lora.logs.columns import Labels, Values
from models.lora.logs.frames import FrameLog
from twin.errors import Fault, InputError
from twin.files import write_atomically
from twin.lang import Text

Style = Literal["chirpstack", "things-stack"]
STYLES = {"chirpstack": chirpstack.lines, "things-stack": things_stack.lines}
LABELS = Labels()

BLOCK = 4_096
"""Frames formatted at once: enough to pay for the columns, little memory."""


def write_uplinks(
    log: FrameLog,
    path: Path,
    style: Style = "chirpstack",
    *,
    labels: Labels = LABELS,
    values: Values | None = None,
) -> int:
    """Write one JSON object a line, in the order of the frames' ends; return how many.

    Devices, gateways, keys, ids and payload bytes are synthetic, and every object says so;
    `models.lora.logs.identities` tells which name became which EUI.

    Parameters
    ----------
    log
        Received frames.
    path
        Replaced whole or not at all; missing folders are created.
    style
        The server to imitate: ChirpStack v4 or The Things Stack v3.
    labels
        Names of tenant, application and profile, port, ADR bit, decimals of the RSSI.
    values
        Decoded values of a row of the log, shown as `object` or `decoded_payload`. The payload's
        bytes stay noise: they do not decode into these values.

    Raises
    ------
    InputError
        Unknown style, port out of 1..223, or values that JSON cannot hold.
    OSError
        The folder cannot be written.
    """
    _check(style, labels)
    order = np.argsort(log.end_s, kind="stable").astype(np.int64)
    with write_atomically(path, "w") as handle:
        for first in range(0, len(order), BLOCK):
            rows = order[first : first + BLOCK]
            handle.writelines(line + "\n" for line in STYLES[style](log, rows, labels, values))
    return len(order)


def _check(style: str, labels: Labels) -> None:
    faults: list[Fault] = []
    if style not in STYLES:
        faults.append(
            Fault(
                Text("chirpstack ou things-stack", "chirpstack or things-stack"),
                Text("choisissez l'un des deux serveurs", "choose one of the two servers"),
                key="style",
                value=style,
            )
        )
    if not 1 <= labels.port <= 223:  # noqa: PLR2004 - application ports of LoRaWAN
        faults.append(
            Fault(
                Text("un port applicatif de 1 à 223", "an application port, 1 to 223"),
                Text("choisissez un autre port", "choose another port"),
                key="labels.port",
                value=str(labels.port),
            )
        )
    if faults:
        raise InputError(*faults)
