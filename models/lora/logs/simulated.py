"""The compiled engine's frames as a network server would log them, window after window.

A server publishes the readings it could decode, each once: neither joins, nor answers, nor what was
lost, nor a copy (repetition, retry) of what it already has. The frame counter is the reading's
number, so that a reading never sent (duty cycle) leaves the same gap as a lost one.

What a gateway reports follows from the level p of the frame and the noise n of the gateway:
SNR = p - n, at most `MOST_SNR_DB`, and RSSI = 10 lg(10^(p/10) + 10^(n/10)), since RSSI counts
signal and noise [V]. Interference moves neither here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.lora.logs.export import BLOCK, STYLES
from models.lora.logs.frames import FrameLog
from models.lora.network import fates
from models.lora.network.draws import PERIODIC
from models.lora.network.setup import Network
from models.lora.network.window import Window
from twin.errors import Fault, InputError
from twin.files import write_atomically
from twin.lang import Text

MOST_SNR_DB = 15.0
"""SNR above which receivers tell no more, dB [U]."""

MOST_RSSI_DBM = -1.0
"""Largest RSSI told, dBm: servers leave out 0, and receivers saturate well before [U]."""

START = datetime(2027, 1, 1, tzinfo=UTC)
"""The instant of t = 0 where nothing else is said: arbitrary."""


@dataclass(frozen=True)
class Names:
    """What the network's tables do not say.

    `payload_bytes` is the application payload of each fleet; `device_ids` and `gateway_ids` are in
    the order of the tables, without repetition; `start` is the instant of t = 0.
    """

    payload_bytes: Sequence[int]
    device_ids: Sequence[str]
    gateway_ids: Sequence[str]
    start: datetime = START


def numbered(network: Network, payload_bytes: Sequence[int]) -> Names:
    """Return names made of ranks: `device-1`, `gateway-1` and so on."""
    return Names(
        payload_bytes,
        [f"device-{n + 1}" for n in range(len(network.devices.key))],
        [f"gateway-{n + 1}" for n in range(len(network.gateways.key))],
    )


def watched(network: Network) -> Network:
    """Return the network with every fleet's frames logged, without which nothing can be written."""
    every = np.ones_like(network.fleets.watched)
    return network._replace(fleets=network.fleets._replace(watched=every))


def simulated(
    frames: fates.FrameLog, heard: fates.HeardLog, network: Network, names: Names
) -> FrameLog:
    """Return the readings of a frame log that a network server would publish.

    Parameters
    ----------
    frames, heard
        Of one window of `WindowEngine(network, heard=True)`.
    network
        What the engine plays.
    names
        Payloads, names and start.

    Raises
    ------
    ValueError
        If `heard` does not belong to `frames`.
    InputError
        Names repeated or too few, payloads out of range.
    """
    counts = frames.gateways.astype(np.int64)
    if counts.sum() != len(heard.gateway):
        raise ValueError("heard does not list the gateways of these frames: heard=True?")
    kept = frames.first & (frames.fate == fates.DELIVERED) & (frames.kind == PERIODIC)
    received = np.repeat(kept, counts)
    gateway = heard.gateway[received]
    rssi_dbm, snr_db = reported(heard.level_dbm[received], network.gateways.noise_dbm[gateway])
    device = frames.device[kept]
    fleet = network.devices.fleet[device]
    start_s = frames.start_s[kept]
    return FrameLog(
        device=device,
        f_cnt=frames.number[kept],
        start_s=start_s,
        end_s=start_s + frames.airtime_s[kept],
        data_rate=frames.data_rate[kept],
        frequency_hz=network.channels.frequency_hz[frames.channel[kept]],
        payload_bytes=np.asarray(names.payload_bytes, dtype=np.int32)[fleet],
        confirmed=network.fleets.confirmed[fleet],
        indptr=np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64),
        gateway=gateway,
        rssi_dbm=rssi_dbm.astype(np.float32),
        snr_db=snr_db.astype(np.float32),
        device_ids=names.device_ids,
        gateway_ids=names.gateway_ids,
        start=names.start,
    )


def reported(
    level_dbm: NDArray[np.float64], noise_dbm: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the RSSI (dBm) and SNR (dB) that gateways report of signals of a level, elementwise.

    The inverse, up to the caps, is `models.lora.calibration.observations.signal_power_dbm`.
    """
    rssi_dbm = 10.0 * np.log10(10.0 ** (level_dbm / 10.0) + 10.0 ** (noise_dbm / 10.0))
    return np.minimum(rssi_dbm, MOST_RSSI_DBM), np.minimum(level_dbm - noise_dbm, MOST_SNR_DB)


def style_faults(style: str, key: str = "--style") -> list[Fault]:
    """Return the fault of a style that no server writes, by the name of its option."""
    if style in STYLES:
        return []
    known = ", ".join(STYLES)
    return [
        Fault(
            Text(f"un de : {known}", f"one of: {known}"),
            Text("choisissez l'un des deux serveurs", "choose one of the two servers"),
            key=key,
            value=style,
        )
    ]


class UplinksFile:
    """A file of uplinks written window by window, replaced whole or not at all.

    Frames of successive windows come in the order of their ends, as in
    :func:`models.lora.logs.export.write_uplinks`; only one window is in memory.

    Parameters
    ----------
    path
        Missing folders are created; an error within the block leaves the old file as it was.
    style
        "chirpstack" or "things-stack".
    network, names
        See :func:`simulated`.

    Attributes
    ----------
    written
        Uplinks written so far.

    Raises
    ------
    InputError
        Unknown style; on entering, a place where no file can be written.
    OSError
        On leaving, where the disk refuses the file.
    """

    def __init__(self, path: Path, style: str, network: Network, names: Names) -> None:
        faults = style_faults(style)
        if faults:
            raise InputError(*faults)
        self.written = 0
        self._lines = STYLES[style]
        self._network = network
        self._names = names
        self._path = path
        self._block = write_atomically(path, "w")

    def __enter__(self) -> Self:
        try:
            if self._path.is_dir():
                raise IsADirectoryError(self._path)
            self._handle = self._block.__enter__()
        except OSError as error:
            raise InputError(
                Fault(
                    Text("un fichier qui peut être écrit", "a file that can be written"),
                    Text("choisissez un autre chemin", "choose another path"),
                    key="--uplinks",
                    value=f"{self._path} ({type(error).__name__})",
                )
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._block.__exit__(kind, error, trace)

    def take(self, window: Window) -> None:
        """Write the uplinks of the next window."""
        log = simulated(window.frames, window.heard, self._network, self._names)
        order = np.argsort(log.end_s, kind="stable").astype(np.int64)
        for first in range(0, len(order), BLOCK):
            rows = order[first : first + BLOCK]
            self._handle.writelines(line + "\n" for line in self._lines(log, rows))
        self.written += len(order)
