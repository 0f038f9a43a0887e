"""Known truths of frames: their time on air, and how many of them the band's rules allow."""

from __future__ import annotations

from functools import partial

from twin.lang import Text
from twin.oracle import Oracle

_STACKS = "test vectors of The Things Stack and ChirpStack"
_CLASS_B = "LoRaWAN 1.0.4 class B, RP002 EU868"
_FRAMES_S = 1.0


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of time on air and of duty cycles.

    Returns
    -------
    tuple of Oracle
        Durations to the last digit published, then counts and waits of the 1 % and 10 % rules.
    """
    return (*_airtimes(), *_rules())


def _airtimes() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "lora.airtime.sf7",
            Text("durée d'émission, SF7, 10 octets", "time on air, SF7, 10 bytes"),
            _STACKS, "ms", 41.216, 5e-4, partial(_airtime_ms, 10, 7),
        ),
        Oracle(
            "lora.airtime.sf12",
            Text("durée d'émission, SF12, 10 octets", "time on air, SF12, 10 bytes"),
            _STACKS, "ms", 991.232, 5e-4, partial(_airtime_ms, 10, 12),
        ),
        Oracle(
            "lora.airtime.coding",
            Text("durée d'émission, SF7, 10 octets, codage 4/8",
                 "time on air, SF7, 10 bytes, coding 4/8"),
            _STACKS, "ms", 53.504, 5e-4, partial(_airtime_ms, 10, 7, coding_rate=4),
        ),
        Oracle(
            "lora.airtime.full_rate",
            Text("durée d'émission, SF12, 13 octets, sans optimisation des bas débits",
                 "time on air, SF12, 13 bytes, no low-data-rate optimisation"),
            _STACKS, "ms", 1155.072, 5e-4, partial(_airtime_ms, 13, 12, low_data_rate=False),
        ),
        Oracle(
            "lora.airtime.beacon",
            Text("durée de la balise de classe B (SF9, 17 octets)",
                 "duration of the class-B beacon (SF9, 17 bytes)"),
            _CLASS_B, "ms", 152.576, 5e-4, _beacon_ms,
        ),
    )  # fmt: skip


def _rules() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "lora.duty.frames",
            Text("trames par heure permises à 1 %, SF7, 20 octets",
                 "frames an hour allowed at 1 %, SF7, 20 bytes"),
            "EN 300 220-2: 36 s an hour over 56.576 ms", "1/h", 636.3, 0.05, _frames_an_hour,
        ),
        Oracle(
            "lora.duty.device",
            Text("période la plus courte de trames de 1,8 s, 20 dans toute heure glissante à 1 %",
                 "shortest period of 1.8 s frames, 20 in any sliding hour at 1 %"),
            "closed form: (3600 - 1.8)/(20 - 1)", "s", 189.378947, 5e-7, _device_period_s,
        ),
        Oracle(
            "lora.duty.gateway",
            Text("secondes émises en une heure par une passerelle qui appelle sans cesse, 10 %",
                 "seconds sent in an hour by a gateway that never stops asking, 10 %"),
            "EN 300 220-2, sub-band P: 360 s an hour", "s", 360.0, 0.0, _gateway_hour_s,
        ),
        Oracle(
            "lora.duty.joins",
            Text("1 000 objets acceptés par une passerelle en RX2, SF12",
                 "1,000 nodes accepted by one gateway in RX2, SF12"),
            "closed form: 1000 x 1.810432 s over 360 s an hour", "h", 5.02898, 5e-6, _join_hours,
        ),
    )  # fmt: skip


def _airtime_ms(
    size: int, factor: int, coding_rate: int = 1, low_data_rate: bool | None = None
) -> float:
    from models.lora.airtime import time_on_air_s

    seconds = time_on_air_s(size, factor, coding_rate=coding_rate, low_data_rate=low_data_rate)
    return 1000.0 * float(seconds)


def _beacon_ms() -> float:
    from models.lora.airtime import time_on_air_s
    from models.lora.region import DATA_RATES
    from models.lora.rx_windows import BEACON_BYTES, BEACON_DATA_RATE, BEACON_PREAMBLE_SYMBOLS

    seconds = time_on_air_s(
        BEACON_BYTES,
        DATA_RATES[BEACON_DATA_RATE].spreading_factor,
        preamble_symbols=BEACON_PREAMBLE_SYMBOLS,
        crc=False,
        implicit_header=True,
    )
    return 1000.0 * float(seconds)


def _frames_an_hour() -> float:
    from models.lora.airtime import frames_per_hour, time_on_air_s

    return float(frames_per_hour(time_on_air_s(20, 7)))


def _device_period_s() -> float:
    from models.lora.duty import free_at_s

    return float(free_at_s(0.0, 1.8, 1.8, 0.01)) + 1.8


def _gateway_hour_s() -> float:
    from models.lora.duty import (
        HOUR_S,
        gateway_ledger,
        gateway_may_send,
        gateway_note_sent,
        hour_budget_ns,
    )

    books = gateway_ledger()
    budget_ns = hour_budget_ns(0.10)
    sent_s, end_s = 0.0, _FRAMES_S
    while end_s <= HOUR_S:
        if gateway_may_send(*books, end_s, _FRAMES_S, budget_ns):
            gateway_note_sent(*books, end_s, _FRAMES_S)
            sent_s += _FRAMES_S
        end_s += _FRAMES_S
    return sent_s


def _join_hours() -> float:
    from models.lora.join_storm import join_storm

    return join_storm(1_000, 12, rx1=False).hours
