"""A network to play from a network server's log: its devices, its links, its frames at their times.

What is taken from the log, and how:

* **Frames** are alarms ordered at the logged send times, of the logged sizes; devices have an
  infinite period. Frames that the counters say were sent but nobody heard stand evenly between
  their neighbours. Duty cycles are lifted: what was sent was sent.
* **Rates.** A device keeps the spreading factor of most of its frames; frames of another are
  counted in a notice. No ADR, no acknowledgements: the log does not tell downlinks, so gateways
  never send here.
* **Channels** are those of the log, but which of them a frame takes is drawn.
* **Levels** of links are those of `models.lora.logs.heard_links`; all that moves is drawn frame by
  frame.
* **Censoring.** A pair never heard has no link: it neither delivers nor disturbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.lora.airtime import MAC_OVERHEAD_BYTES, time_on_air_s
from models.lora.calibration.network_logs import LONGEST_GAP, missing_between
from models.lora.logs.frames import LARGEST_PAYLOAD_BYTES
from models.lora.logs.heard_links import links_heard, static_level_dbm
from models.lora.logs.receptions import Receptions
from models.lora.logs.replay import ReplayedTraffic
from models.lora.network.eu868 import FACTORS, bands, rules
from models.lora.network.eu868 import channels as usual_channels
from models.lora.network.field import (
    FleetPlan,
    devices_table,
    fleets_table,
    gateways_table,
    least_level_dbm,
    links_table,
    radio,
)
from models.lora.network.setup import ALARM_ORDER, Bands, Channels, Links, Network, Orders
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.streams import Streams

MODEL = "lora"
BANDWIDTH_HZ = 125_000
UNKNOWN_PAYLOAD_BYTES = 12
"""Application payload where the whole log hides them [U]."""

CHANNEL_SHARE = 0.01
"""Share of the frames that makes a frequency a channel."""

LONGEST_EXCHANGE_S = 15.0
"""More than the longest frame (9.0 s) and its reception windows (2.3 s) [D]."""


@dataclass(frozen=True)
class ReplayedNetwork:
    """A network and the frames to order of it.

    Attributes
    ----------
    network, orders
        For either engine; devices in the order of the traffic, gateways in that of the receptions.
    row
        Shape (orders,): the frame of the traffic that an order repeats, -1 for one nobody heard.
    spread_db
        Standard deviation of frames about the level of their link.
    notices
        What a reader should know.
    """

    network: Network
    orders: Orders
    row: NDArray[np.int64]
    spread_db: float
    notices: tuple[Text, ...]

    @property
    def until_s(self) -> float:
        """Return when all is over, even if each frame of a device waits for the one before."""
        most = int(np.bincount(self.orders.who).max())
        return float(self.orders.at_s[-1]) + LONGEST_EXCHANGE_S * most


def replayed(
    traffic: ReplayedTraffic,
    receptions: Receptions,
    interference: str = "goursaud",
    chip: str = "SX1303",
    seed: int = 1,
) -> ReplayedNetwork:
    """Return the network behind a log, and the frames sent; see the module.

    Parameters
    ----------
    traffic, receptions
        Of the same uplinks.
    interference
        A matrix of `models.lora.network.interference`.
    chip
        Concentrator of the gateways, for the sensitivities.
    seed
        Names the dice of channels and fading.

    Raises
    ------
    DataError
        Not one LoRa frame at 125 kHz.
    InputError
        Unknown matrix or chip.
    """
    played = (traffic.spreading_factor >= 7) & (traffic.spreading_factor <= 12)  # noqa: PLR2004
    played &= traffic.bandwidth_hz == BANDWIDTH_HZ
    if not played.any():
        raise DataError(
            Fault(
                Text("une trame LoRa à 125 kHz au moins", "one LoRa frame at 125 kHz at least"),
                Text("donnez un journal EU868", "give an EU868 log"),
                key="uplinks",
                value=f"{len(traffic)} × FSK, 250 kHz",
            )
        )
    streams = Streams(seed, 0)
    factor = _usual_factor(traffic, played)
    size, sizes_told = _sizes(traffic)
    device, at_s, row, bytes_sent = _frames_sent(traffic, played, size)
    sent = np.bincount(device, minlength=len(traffic.devices))
    stations = gateways_table(_keys(streams, "gateway", receptions.gateway_ids), chip)
    pair, counts, median_dbm, spread_db = links_heard(traffic, receptions, played, sent)
    physics = radio(interference, fading_sigma_db=spread_db, slow_sigma_db=0.0)
    gateways = len(receptions.gateway_ids)
    of, to = pair // gateways, pair % gateways
    level_dbm = static_level_dbm(
        median_dbm,
        counts,
        sent[of],
        spread_db,
        stations.sensitivity_dbm[to, factor[of] - 7],
    )
    heard_on, channels = _channels(traffic, played)
    plan = FleetPlan("replayed", 0, np.inf, adr=False, watched=True)
    fleets = fleets_table([plan])
    whole = np.zeros(len(traffic.devices), dtype=np.int64)
    network = Network(
        fleets=fleets,
        devices=devices_table(
            _keys(streams, "device", traffic.devices),
            whole,
            [plan],
            np.zeros(len(whole)),
            12 - factor,
        ),
        links=links_table(len(whole), of, to, level_dbm, least_level_dbm(stations, physics)),
        gateways=stations,
        channels=channels,
        bands=Bands(np.ones_like(bands().device_duty), bands().gateway_duty),
        radio=physics,
        rules=rules(join_channels=min(3, len(channels.band))),
    )
    number = np.arange(len(device)) - np.repeat(np.cumsum(sent) - sent, sent)
    order = np.argsort(at_s, kind="stable")
    airtimes_s = np.asarray(
        time_on_air_s(bytes_sent[:, None] + MAC_OVERHEAD_BYTES, FACTORS[None, :])
    )
    orders = Orders(
        at_s=at_s[order],
        kind=np.full(len(order), ALARM_ORDER, dtype=np.int64),
        who=device[order],
        number=number[order],
        value=np.zeros(len(order)),
        airtime_s=airtimes_s[order],
    )
    other = traffic.spreading_factor != np.repeat(factor, np.diff(traffic.indptr))
    notices = _notices(
        left_out=int((~played).sum()),
        added=int((row < 0).sum()),
        other_factor=int((other & played).sum()),
        sizes_told=sizes_told,
        channels_told=heard_on,
        links=len(network.links.gateway),
        pairs=len(pair),
    )
    return ReplayedNetwork(network, orders, row[order], spread_db, notices)


def without(network: Network, gateways: NDArray[np.int64]) -> Network:
    """Return the network where the gateways of these rows hear nobody."""
    links = network.links
    kept = ~np.isin(links.gateway, gateways)
    before = np.concatenate([[0], np.cumsum(kept)])
    fewer = Links(
        indptr=before[links.indptr].astype(np.int64),
        gateway=links.gateway[kept],
        level_dbm=links.level_dbm[kept],
    )
    return network._replace(links=fewer)


def _usual_factor(traffic: ReplayedTraffic, played: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the spreading factor of most frames of each device, the slower of two as common."""
    device = np.repeat(np.arange(len(traffic.devices)), np.diff(traffic.indptr))
    slow = 12 - traffic.spreading_factor[played].astype(np.int64)
    counts = np.bincount(device[played] * 6 + slow, minlength=6 * len(traffic.devices))
    return np.asarray(12 - counts.reshape(-1, 6).argmax(axis=1), dtype=np.int64)


def _sizes(traffic: ReplayedTraffic) -> tuple[NDArray[np.int64], int]:
    """Return application bytes of each frame and how many had to be guessed."""
    size = traffic.payload_bytes.astype(np.int64)
    known = (size >= 0) & (size <= LARGEST_PAYLOAD_BYTES)
    usual = int(np.median(size[known])) if known.any() else UNKNOWN_PAYLOAD_BYTES
    for low, high in pairwise(traffic.indptr.tolist()):
        told = known[low:high]
        if not told.all():
            own = int(np.median(size[low:high][told])) if told.any() else usual
            size[low:high][~told] = own
    return size, int((~known).sum())


def _frames_sent(
    traffic: ReplayedTraffic, played: NDArray[np.bool_], size: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return device, time, row (-1: heard by nobody) and bytes of each frame, device by device."""
    device: list[int] = []
    at_s: list[float] = []
    row: list[int] = []
    octets: list[int] = []
    for d, (low, high) in enumerate(pairwise(traffic.indptr.tolist())):
        usual = int(np.median(size[low:high]))
        for i in range(low, high):
            if i > low and played[i]:
                lost = missing_between(int(traffic.counter[i - 1]), int(traffic.counter[i]))
                if 0 < lost <= LONGEST_GAP:
                    times = np.linspace(traffic.sent_s[i - 1], traffic.sent_s[i], lost + 2)[1:-1]
                    device += [d] * lost
                    at_s += times.tolist()
                    row += [-1] * lost
                    octets += [usual] * lost
            if played[i]:
                device.append(d)
                at_s.append(float(traffic.sent_s[i]))
                row.append(i)
                octets.append(int(size[i]))
    return (
        np.array(device, dtype=np.int64),
        np.array(at_s, dtype=np.float64),
        np.array(row, dtype=np.int64),
        np.array(octets, dtype=np.int64),
    )


def _channels(traffic: ReplayedTraffic, played: NDArray[np.bool_]) -> tuple[bool, Channels]:
    """Return whether the log tells its channels, and the channels."""
    told_hz = traffic.frequency_hz[played]
    found, counts = np.unique(told_hz[told_hz > 0], return_counts=True)
    frequency_hz = found[counts >= CHANNEL_SHARE * counts.sum()]
    if not len(frequency_hz):
        return False, usual_channels()
    nobody = np.zeros(len(frequency_hz))
    # Duty cycles being lifted, the sub-band says nothing.
    band = np.zeros(len(frequency_hz), dtype=np.int64)
    return True, Channels(frequency_hz, band, nobody, nobody.copy(), nobody.copy(), nobody.copy())


def _keys(streams: Streams, what: str, names: tuple[str, ...]) -> NDArray[np.uint64]:
    keys = [streams.key64(MODEL, f"replayed-{what}", name) for name in names]
    return np.array(keys, dtype=np.uint64)


def _notices(
    *,
    left_out: int,
    added: int,
    other_factor: int,
    sizes_told: int,
    channels_told: bool,
    links: int,
    pairs: int,
) -> tuple[Text, ...]:
    notices = []
    for count, text in (
        (
            added,
            Text(
                "{n} trames que personne n'a reçues, placées également entre leurs voisines",
                "{n} frames that nobody heard, put evenly between their neighbours",
            ),
        ),
        (
            other_factor,
            Text(
                "{n} trames jouées au facteur usuel de leur appareil, non au leur",
                "{n} frames played at their device's usual factor, not at their own",
            ),
        ),
        (
            left_out,
            Text(
                "{n} trames qui ne sont pas LoRa à 125 kHz, non jouées",
                "{n} frames that are not LoRa at 125 kHz, not played",
            ),
        ),
        (
            sizes_told,
            Text("{n} tailles de trame supposées", "{n} frame sizes assumed"),
        ),
        (
            pairs - links,
            Text(
                "{n} liaisons trop faibles pour la puce, laissées de côté",
                "{n} links too weak for the chip, left out",
            ),
        ),
    ):
        if count:
            notices.append(text.format(n=count))
    if not channels_told:
        notices.append(
            Text(
                "le journal ne dit pas les canaux : les huit usuels",
                "the log does not tell the channels: the eight usual ones",
            )
        )
    return tuple(notices)
