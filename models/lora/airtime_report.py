"""What `run.py airtime` says of a frame: duration, lawful rates, lawful payload; bad options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from models.lora.airtime import (
    FSK_BIT_RATE,
    LARGEST_PHY_BYTES,
    MAC_OVERHEAD_BYTES,
    frame_symbols,
    frames_per_hour,
    fsk_time_on_air_s,
    lora_bit_rate,
    low_data_rate_needed,
    symbol_s,
)
from models.lora.duty import off_s
from models.lora.region import DATA_RATES, DataRate
from twin.errors import Fault, InputError
from twin.lang import Text

BANDWIDTHS_HZ = (125_000, 250_000, 500_000)
SHARES = (("0_1", 0.001), ("1", 0.01), ("10", 0.1))
"""Duty cycles of the EU868 sub-bands, as keys say them and as shares of time."""


@dataclass(frozen=True)
class Frame:
    """A frame as the command line describes it; the defaults are those of an EU868 uplink.

    `payload_bytes` is the application payload, or the whole PHY payload where `phy`.
    `spreading_factor` is None for FSK; `low_data_rate` is None to follow the 16 ms rule.
    """

    payload_bytes: int
    spreading_factor: int | None = None
    bandwidth_hz: int = 125_000
    coding_rate: int = 1
    preamble_symbols: int = 8
    crc: bool = True
    implicit_header: bool = False
    low_data_rate: bool | None = None
    phy: bool = False
    fsk: bool = False


def airtime_report(frame: Frame) -> dict[str, object]:
    """Return what the command prints, by name; units are in the names.

    `symbols`, `symbol_ms` and the LoRa settings are absent for FSK. `data_rate` and
    `payload_is_legal` are None where EU868 has no such data rate, the interval for any hour where
    the frame alone fills the hour's airtime.

    Raises
    ------
    InputError
        Every option out of range, or a payload over the limit of its data rate.
    """
    _check(frame)
    rate = _data_rate(frame)
    _check_payload(frame, rate)
    phy_bytes = frame.payload_bytes + (0 if frame.phy else MAC_OVERHEAD_BYTES)
    radio = _fsk_terms(phy_bytes) if frame.fsk else _lora_terms(frame, phy_bytes)
    seconds = radio["time_on_air_ms"] / 1000.0
    report: dict[str, object] = {
        "modulation": "FSK" if frame.fsk else "LoRa",
        "data_rate": None if rate is None else rate.index,
        "phy_bytes": phy_bytes,
        "application_bytes": max(phy_bytes - MAC_OVERHEAD_BYTES, 0),
    }
    if not frame.fsk:
        report |= {
            "spreading_factor": frame.spreading_factor,
            "bandwidth_hz": frame.bandwidth_hz,
            "coding_rate": f"4/{4 + frame.coding_rate}",
            "preamble_symbols": frame.preamble_symbols,
            "crc": frame.crc,
            "implicit_header": frame.implicit_header,
            "low_data_rate": _is_slow(frame),
        }
    report |= radio
    for name, share in SHARES:
        report[f"uplinks_per_hour_at_{name}_percent"] = float(frames_per_hour(seconds, share))
    report["least_interval_at_1_percent_s"] = seconds / 0.01
    strict_s = seconds + float(off_s(seconds, 0.01))
    report["least_interval_any_hour_at_1_percent_s"] = strict_s if isfinite(strict_s) else None
    report["largest_phy_bytes"] = _largest_phy_bytes(rate)
    report["payload_is_legal"] = None if rate is None else phy_bytes <= _largest_phy_bytes(rate)
    return report


def _lora_terms(frame: Frame, phy_bytes: int) -> dict[str, float]:
    """Return duration, symbols and bit rate of a LoRa frame."""
    assert frame.spreading_factor is not None  # noqa: S101 - _check has refused it
    slow = _is_slow(frame)
    symbols = frame_symbols(
        phy_bytes,
        frame.spreading_factor,
        frame.bandwidth_hz,
        frame.coding_rate,
        preamble_symbols=frame.preamble_symbols,
        crc=frame.crc,
        implicit_header=frame.implicit_header,
        low_data_rate=slow,
    )
    one_ms = 1000.0 * float(symbol_s(frame.spreading_factor, frame.bandwidth_hz))
    bit_rate = lora_bit_rate(
        frame.spreading_factor, frame.bandwidth_hz, frame.coding_rate, low_data_rate=slow
    )
    return {
        "time_on_air_ms": round(float(symbols) * one_ms, 9),
        "symbols": float(symbols),
        "symbol_ms": one_ms,
        "bit_rate_bps": float(bit_rate),
    }


def _is_slow(frame: Frame) -> bool:
    """Return whether the low-data-rate optimisation is in force; SF5 and SF6 have none."""
    assert frame.spreading_factor is not None  # noqa: S101 - _check has refused it
    if frame.low_data_rate is None:
        return bool(low_data_rate_needed(frame.spreading_factor, frame.bandwidth_hz))
    return frame.low_data_rate and frame.spreading_factor > 6  # noqa: PLR2004 - see above


def _fsk_terms(phy_bytes: int) -> dict[str, float]:
    """Return duration and bit rate of an FSK frame."""
    seconds = float(fsk_time_on_air_s(phy_bytes))
    return {"time_on_air_ms": round(seconds * 1000.0, 9), "bit_rate_bps": FSK_BIT_RATE}


def _data_rate(frame: Frame) -> DataRate | None:
    """Return the EU868 data rate of a frame, if it has one."""
    wanted = (0, 0) if frame.fsk else (frame.spreading_factor, frame.bandwidth_hz)
    rates = [row for row in DATA_RATES if (row.spreading_factor, row.bandwidth_hz) == wanted]
    return rates[0] if rates else None


def _largest_phy_bytes(rate: DataRate | None) -> int:
    """Return the largest PHY payload of a data rate, or what a frame can carry at all."""
    return LARGEST_PHY_BYTES if rate is None else rate.most_phy_bytes()


def _check(frame: Frame) -> None:
    """Raise one InputError with every option out of range."""
    most = LARGEST_PHY_BYTES - (0 if frame.phy else MAC_OVERHEAD_BYTES)
    faults: list[Fault] = []
    if not 0 <= frame.payload_bytes <= most:
        faults.append(
            _fault(
                "--payload-bytes",
                frame.payload_bytes,
                Text(f"de 0 à {most} octets", f"0 to {most} bytes"),
            )
        )
    faults += _fsk_faults(frame) if frame.fsk else _lora_faults(frame)
    if faults:
        raise InputError(*faults)


def _lora_faults(frame: Frame) -> Iterator[Fault]:
    """Yield the LoRa options out of range."""
    factor = frame.spreading_factor
    if factor is None or not 5 <= factor <= 12:  # noqa: PLR2004 - what chips offer
        met = "" if factor is None else factor
        yield _fault("--sf", met, Text("de 5 à 12, ou --fsk", "5 to 12, or --fsk"))
    if frame.bandwidth_hz not in BANDWIDTHS_HZ:
        yield _fault(
            "--bandwidth-hz",
            frame.bandwidth_hz,
            Text("125000, 250000 ou 500000", "125000, 250000 or 500000"),
        )
    if not 1 <= frame.coding_rate <= 4:  # noqa: PLR2004 - 4/5 to 4/8
        yield _fault(
            "--coding-rate",
            frame.coding_rate,
            Text("1 à 4 pour 4/5 à 4/8", "1 to 4 for 4/5 to 4/8"),
        )
    if not 1 <= frame.preamble_symbols <= 65_535:  # noqa: PLR2004 - a 16-bit register
        yield _fault("--preamble", frame.preamble_symbols, Text("de 1 à 65535", "1 to 65535"))


def _fsk_faults(frame: Frame) -> Iterator[Fault]:
    """Yield the LoRa options given with --fsk, which has none of them."""
    usual = Frame(frame.payload_bytes)
    given = {
        "--sf": frame.spreading_factor is not None,
        "--bandwidth-hz": frame.bandwidth_hz != usual.bandwidth_hz,
        "--coding-rate": frame.coding_rate != usual.coding_rate,
        "--preamble": frame.preamble_symbols != usual.preamble_symbols,
        "--no-crc": not frame.crc,
        "--implicit-header": frame.implicit_header,
        "--low-data-rate": frame.low_data_rate is not None,
    }
    for key, is_given in given.items():
        if is_given:
            yield _fault(
                key,
                "",
                Text("aucune option LoRa avec --fsk", "no LoRa option with --fsk"),
                Text("retirez cette option ou --fsk", "remove this option or --fsk"),
            )


def _check_payload(frame: Frame, rate: DataRate | None) -> None:
    """Raise an InputError where an application payload is over the limit of its data rate."""
    if frame.phy or rate is None or frame.payload_bytes <= rate.application_bytes:
        return
    carriers = [row for row in DATA_RATES[:6] if frame.payload_bytes <= row.application_bytes]
    slowest = carriers[0].spreading_factor
    limit = rate.application_bytes
    raise InputError(
        _fault(
            "--payload-bytes",
            frame.payload_bytes,
            Text(
                f"au plus {limit} octets au débit DR{rate.index} (SF{rate.spreading_factor})",
                f"at most {limit} bytes at DR{rate.index} (SF{rate.spreading_factor})",
            ),
            Text(
                f"SF{slowest} au plus pour cette charge, ou une charge plus courte ; --phy calcule "
                "la durée sans cette limite",
                f"SF{slowest} at most for this payload, or a shorter payload; --phy computes the "
                "duration without this limit",
            ),
        )
    )


def _fault(key: str, value: object, expected: Text, remedy: Text | None = None) -> Fault:
    """Return a fault of one option."""
    usual = Text("corrigez cette valeur", "correct this value")
    return Fault(key=key, value=str(value), expected=expected, remedy=remedy or usual)
