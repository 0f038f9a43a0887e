"""What stands in the field, as arrays that both engines read: devices, links, gateways, channels.

Every table is a NamedTuple of arrays, so that compiled code takes it as it is. Spreading factors
are indexed 0..5 for SF7..SF12, data rates 0..5 for SF12..SF7: factor index = 5 - data rate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
PERIODIC_ARRIVAL, POISSON_ARRIVAL = 0, 1
CLASS_A, CLASS_B, CLASS_C = 0, 1, 2


class Fleets(NamedTuple):
    """Kinds of devices, one row a fleet.

    `arrival` PERIODIC_ARRIVAL or POISSON_ARRIVAL; `jitter_s` spreads a periodic uplink uniformly
    over [0, jitter_s) after its time; `airtime_s` has shape (fleets, 6), by data rate, of an uplink
    with the fleet's payload; `lowest_rate` is the slowest data rate that carries it.
    `watched` fleets have their deliveries logged reading by reading.
    """

    arrival: I8
    jitter_s: F8
    confirmed: NDArray[np.bool_]
    adr: NDArray[np.bool_]
    device_class: I8
    lowest_rate: I8
    airtime_s: F8
    watched: NDArray[np.bool_]


class Devices(NamedTuple):
    """Devices, one row each: who they are and how they begin.

    `period_s` is the time between readings (the mean, for Poisson arrivals), `phase_s` the time of
    the first (Poisson: arrivals begin then). `data_rate` 0..5, `tx_index` 0..7, `nb_trans` 1..3 are
    the state at the start; a device not `joined` starts joining at its phase. Keys name the dice.
    """

    key: NDArray[np.uint64]
    fleet: I8
    period_s: F8
    phase_s: F8
    data_rate: I8
    tx_index: I8
    nb_trans: I8
    joined: NDArray[np.bool_]


class Links(NamedTuple):
    """Links in compressed rows, one row a device, strongest first, ties by gateway.

    `level_dbm` is the static level at the gateway's receiver of an uplink sent at TXPower 0.
    """

    indptr: I8
    gateway: I8
    level_dbm: F8


class Gateways(NamedTuple):
    """Gateways, one row each.

    `demodulators` has two columns: those that take any spreading factor, those that take SF5..SF10
    only (8 and 0 for an SX1301, 8 and 8 for an SX1302/3). `sensitivity_dbm` has shape
    (gateways, 6), SF7..SF12, noise rise included; an SNR is measured against `noise_dbm`.
    `rx1_gain_db`, `rx2_gain_db`: level at the device of a downlink minus the static level of an
    uplink at TXPower 0, in the ordinary sub-bands and at RX2's frequency.
    """

    key: NDArray[np.uint64]
    demodulators: I8
    sensitivity_dbm: F8
    noise_dbm: F8
    rx1_gain_db: F8
    rx2_gain_db: F8


class Channels(NamedTuple):
    """Uplink channels, one row each; the first `join_channels` of them carry join-requests.

    `band` indexes `Bands`. Somebody else's frames arrive on a channel at `outside_per_s`, last
    `outside_airtime_s` and are received at every gateway with a normal level of mean
    `outside_level_dbm` and deviation `outside_sigma_db`; they raise the noise in proportion to the
    time they overlap.
    """

    frequency_hz: I8
    band: I8
    outside_per_s: F8
    outside_airtime_s: F8
    outside_level_dbm: F8
    outside_sigma_db: F8


class Bands(NamedTuple):
    """Sub-bands and their duty cycles; RX2 is in band `Rules.rx2_band`."""

    device_duty: F8
    gateway_duty: F8


class Radio(NamedTuple):
    """The physics of a reception. `sir` are plain ratios, shape (6, 6), see `interference`.

    `energy` compares energies (power x overlap); otherwise the powers of the strongest overlapping
    frame of each factor, whatever the overlap. An interferer that ends within the first
    `grace_symbols` symbols of a frame does it no harm. Signals more than `cut_db` under the
    sensitivity are not looked at, nor links whose static level is `reach_db` below that.
    `device_sensitivity_dbm` has shape (6,), SF7..SF12.
    """

    sir: F8
    energy: bool
    grace_symbols: float
    cut_db: float
    reach_db: float
    fading_sigma_db: float
    rayleigh: bool
    slow_sigma_db: float
    slow_rho: float
    slow_tau_s: float
    device_sensitivity_dbm: F8


class Rules(NamedTuple):
    """LoRaWAN's timing and the network server's habits; airtimes have shape (6,), by data rate."""

    rx1_delay_s: float
    rx2_delay_s: float
    join_rx1_delay_s: float
    join_rx2_delay_s: float
    rx1_offset: int
    rx2_rate: int
    rx2_band: int
    join_channels: int
    most_confirmed: int
    most_command_tries: int
    response_timeout_s: float
    adr_margin_db: float
    max_rate: int
    max_tx_index: int
    join_spread_s: float
    symbol_s: F8
    join_request_s: F8
    join_accept_s: F8
    answer_s: F8
    acknowledgement_s: F8
    adr_order_s: F8


class Network(NamedTuple):
    """Everything that does not change while the network lives."""

    fleets: Fleets
    devices: Devices
    links: Links
    gateways: Gateways
    channels: Channels
    bands: Bands
    radio: Radio
    rules: Rules


class Orders(NamedTuple):
    """What happens from outside within a span, ordered by time.

    `kind` is one of the constants below; `who` a device, gateway, channel or group; `number` the
    alarm or command it is about (its row in `airtime_s`, shape (orders, 6), by data rate), or a
    value: gateway or power 1 on, 0 off; for CHANNEL_LOAD `value` is the new `outside_per_s`.
    """

    at_s: F8
    kind: I8
    who: I8
    number: I8
    value: F8
    airtime_s: F8


ALARM_ORDER, COMMAND_ORDER, GATEWAY_ORDER, POWER_ORDER, CHANNEL_ORDER, MULTICAST_ORDER = range(6)


class Groups(NamedTuple):
    """Multicast groups in compressed rows, one row a group: the devices that belong to it."""

    indptr: I8
    device: I8


def no_orders() -> Orders:
    """Return orders of nothing."""
    none, zero = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Orders(none, zero, zero, zero, none, np.zeros((0, 6)))


def no_groups() -> Groups:
    """Return no multicast group."""
    return Groups(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64))
