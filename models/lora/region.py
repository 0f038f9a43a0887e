"""EU868: who may send what, where in the band, how loud and how often.

Sub-bands: ETSI EN 300 220-2 V3.1.1 [V]. Data rates, payloads, powers: LoRaWAN RP002 [V].
Powers are ERP (against a half-wave dipole) in the standard and EIRP in LoRaWAN's tables:
EIRP = ERP + 2.15 dB. When a device listens, and at what rate: `models.lora.rx_windows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.lora.airtime import MAC_OVERHEAD_BYTES
from twin.errors import Fault, InputError
from twin.lang import Text, same

DBD_TO_DBI = 2.15
"""Gain of a half-wave dipole over an isotropic antenna, dB [V]."""

ERP_LIMIT_DBM = 14.0
"""Radiated power limit of the ordinary sub-bands, uplink and RX1 downlink, dBm ERP (25 mW) [V]."""

MAX_EIRP_DBM = 16.0
"""LoRaWAN's TXPower 0, dBm EIRP; TXPower index n is 2 n dB lower, n = 0..7 [V]."""

TX_POWER_STEP_DB = 2.0
TX_POWER_INDICES = range(8)
TX_POWER_EIRP_DBM = tuple(MAX_EIRP_DBM - TX_POWER_STEP_DB * n for n in TX_POWER_INDICES)
"""Radiated power by TXPower index: 16, 14, ... 2 dBm EIRP [V]."""


@dataclass(frozen=True)
class SubBand:
    """A slice of the band with its duty-cycle limit (a share of time) and radiated power limit."""

    name: str
    low_hz: int
    high_hz: int
    duty_cycle: float
    erp_limit_dbm: float


SUB_BANDS = (
    SubBand("K", 863_000_000, 865_000_000, 0.001, 14.0),
    SubBand("L", 865_000_000, 868_000_000, 0.01, 14.0),
    SubBand("M", 868_000_000, 868_600_000, 0.01, 14.0),
    SubBand("N", 868_700_000, 869_200_000, 0.001, 14.0),
    SubBand("P", 869_400_000, 869_650_000, 0.10, 27.0),
    SubBand("R", 869_700_000, 870_000_000, 0.01, 14.0),
)


@dataclass(frozen=True)
class DataRate:
    """A row of RP002's table; payload limits are application bytes (N), so PHY is 13 more.

    `spreading_factor` and `bandwidth_hz` are 0 for FSK. `repeater_bytes` applies where repeaters
    may be used. The limits hold for a frame without MAC commands in its header (FOpts): N is
    RP002's M less FHDR 7 and FPort 1, and each byte of FOpts takes one from N [V].
    """

    index: int
    modulation: Literal["LoRa", "FSK"]
    spreading_factor: int
    bandwidth_hz: int
    bit_rate: int
    application_bytes: int
    repeater_bytes: int

    def most_application_bytes(self, *, repeater: bool = False) -> int:
        """Return the largest application payload (N), bytes."""
        return self.repeater_bytes if repeater else self.application_bytes

    def most_phy_bytes(self, *, repeater: bool = False) -> int:
        """Return the largest PHY payload, N + 13 = M + MHDR 1 + MIC 4, bytes [D]."""
        return self.most_application_bytes(repeater=repeater) + MAC_OVERHEAD_BYTES


DATA_RATES = (
    DataRate(0, "LoRa", 12, 125_000, 250, 51, 51),
    DataRate(1, "LoRa", 11, 125_000, 440, 51, 51),
    DataRate(2, "LoRa", 10, 125_000, 980, 51, 51),
    DataRate(3, "LoRa", 9, 125_000, 1_760, 115, 115),
    DataRate(4, "LoRa", 8, 125_000, 3_125, 242, 222),
    DataRate(5, "LoRa", 7, 125_000, 5_470, 242, 222),
    DataRate(6, "LoRa", 7, 250_000, 11_000, 242, 222),
    DataRate(7, "FSK", 0, 0, 50_000, 242, 222),
)


@dataclass(frozen=True)
class Channel:
    """An uplink channel: centre frequency and the data rates it carries."""

    frequency_hz: int
    lowest_data_rate: int = 0
    highest_data_rate: int = 5


DEFAULT_CHANNELS = (Channel(868_100_000), Channel(868_300_000), Channel(868_500_000))
"""The three channels every EU868 device joins on [V]."""

USUAL_CHANNELS = (
    *DEFAULT_CHANNELS,
    Channel(867_100_000),
    Channel(867_300_000),
    Channel(867_500_000),
    Channel(867_700_000),
    Channel(867_900_000),
)
"""The eight channels of an ordinary gateway's plan: the default ones and five in sub-band L [V]."""

JOIN_DATA_RATES = range(6)
"""Join-requests go out at DR0 to DR5, on the default channels only [V]."""

RX2_FREQUENCY_HZ = 869_525_000
RX2_DATA_RATE = 0
"""RP002's default [V]."""
TTN_RX2_DATA_RATE = 3
"""What The Things Network sets instead: SF9 [V]."""
RX1_DELAY_S, RX2_DELAY_S = 1.0, 2.0
JOIN_RX1_DELAY_S, JOIN_RX2_DELAY_S = 5.0, 6.0


@dataclass(frozen=True)
class Region:
    """What one regional plan fixes: sub-bands, data rates, channels, powers and second window."""

    name: str
    sub_bands: tuple[SubBand, ...]
    data_rates: tuple[DataRate, ...]
    default_channels: tuple[Channel, ...]
    usual_channels: tuple[Channel, ...]
    tx_power_eirp_dbm: tuple[float, ...]
    join_data_rates: range
    rx2_frequency_hz: int
    rx2_data_rate: int


EU868 = Region(
    "EU868",
    SUB_BANDS,
    DATA_RATES,
    DEFAULT_CHANNELS,
    USUAL_CHANNELS,
    TX_POWER_EIRP_DBM,
    JOIN_DATA_RATES,
    RX2_FREQUENCY_HZ,
    RX2_DATA_RATE,
)


def region(name: str) -> Region:
    """Return a regional plan by name; only EU868 is known.

    Raises
    ------
    InputError
        Another region.
    """
    if name == EU868.name:
        return EU868
    raise InputError(
        Fault(
            key="region",
            value=name,
            expected=same(EU868.name),
            remedy=Text(
                "écrivez EU868 : aucun autre plan régional n'est décrit",
                "write EU868: no other regional plan is described",
            ),
        )
    )


def sub_band_of(frequency_hz: float) -> SubBand:
    """Return the sub-band a frequency lies in.

    Raises
    ------
    InputError
        Where EN 300 220-2 gives LoRaWAN no sub-band.
    """
    return SUB_BANDS[sub_band_index_of(frequency_hz)]


def sub_band_index_of(frequency_hz: float) -> int:
    """Return the index in SUB_BANDS of the sub-band a frequency lies in.

    Raises
    ------
    InputError
        Where EN 300 220-2 gives LoRaWAN no sub-band.
    """
    for index, band in enumerate(SUB_BANDS):
        if band.low_hz <= frequency_hz <= band.high_hz:
            return index
    slices = ", ".join(f"{b.low_hz / 1e6:g}-{b.high_hz / 1e6:g}" for b in SUB_BANDS)
    raise InputError(
        Fault(
            key="frequency_hz",
            value=f"{frequency_hz:g}",
            expected=Text(
                f"une sous-bande EU868 ({slices} MHz)", f"an EU868 sub-band ({slices} MHz)"
            ),
            remedy=Text("choisissez un canal EU868", "choose an EU868 channel"),
        )
    )


def data_rate_of(spreading_factor: int) -> int:
    """Return the 125 kHz data rate of a spreading factor: 12 - SF."""
    return 12 - spreading_factor


def channel_sub_bands(channels: tuple[Channel, ...] = USUAL_CHANNELS) -> tuple[int, ...]:
    """Return, for each channel, the index of the sub-band whose duty cycle its frames spend.

    Raises
    ------
    InputError
        A channel outside every sub-band.
    """
    return tuple(sub_band_index_of(channel.frequency_hz) for channel in channels)


def gateway_erp_dbm(frequency_hz: float) -> float:
    """Return what a gateway may radiate, dBm ERP: 14, and 27 in sub-band P (RX2, class B and C).

    EN 300 220-2 [V].

    Raises
    ------
    InputError
        Outside every sub-band.
    """
    return sub_band_of(frequency_hz).erp_limit_dbm


def lowest_data_rate_for(application_bytes: int, repeater: bool = False) -> int:
    """Return the lowest (slowest, farthest-reaching) of DR0 to DR5 that carries a payload.

    Raises
    ------
    InputError
        No data rate carries it, or the size is negative.
    """
    carriers = DATA_RATES[:6]
    limit = max(rate.most_application_bytes(repeater=repeater) for rate in carriers)
    if 0 <= application_bytes <= limit:
        for rate in carriers:
            if application_bytes <= rate.most_application_bytes(repeater=repeater):
                return rate.index
    raise InputError(
        Fault(
            key="application_bytes",
            value=str(application_bytes),
            expected=Text(f"de 0 à {limit} octets", f"0 to {limit} bytes"),
            remedy=Text(
                "raccourcissez la charge utile ou répartissez-la sur plusieurs trames",
                "shorten the payload or spread it over several frames",
            ),
        )
    )
