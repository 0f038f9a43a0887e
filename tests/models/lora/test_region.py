"""EU868: payload limits, powers, channels and the lookup by name."""

from __future__ import annotations

import pytest

from models.lora.region import (
    DATA_RATES,
    DEFAULT_CHANNELS,
    EU868,
    JOIN_DATA_RATES,
    SUB_BANDS,
    TTN_RX2_DATA_RATE,
    TX_POWER_EIRP_DBM,
    USUAL_CHANNELS,
    channel_sub_bands,
    gateway_erp_dbm,
    lowest_data_rate_for,
    region,
    sub_band_index_of,
)
from twin.errors import InputError


def test_payload_limits() -> None:
    """RP002's N and, 13 bytes more, the PHY payload: 64 to 255 bytes, 235 behind a repeater."""
    assert [r.most_phy_bytes() for r in DATA_RATES] == [64, 64, 64, 128, 255, 255, 255, 255]
    behind = [r.most_phy_bytes(repeater=True) for r in DATA_RATES]
    assert behind == [64, 64, 64, 128, 235, 235, 235, 235]
    # M, the MAC payload, is N + FHDR 7 + FPort 1.
    mac = [r.most_application_bytes(repeater=True) + 8 for r in DATA_RATES]
    assert mac == [59, 59, 59, 123, 230, 230, 230, 230]


@pytest.mark.parametrize(
    ("size", "repeater", "rate"),
    [
        (0, False, 0),
        (51, False, 0),
        (52, False, 3),
        (115, True, 3),
        (116, True, 4),
        (222, True, 4),
        (242, False, 4),
    ],
)
def test_lowest_data_rate(size: int, repeater: bool, rate: int) -> None:
    """The slowest data rate that carries the payload: DR0 to 51 B, DR3 to 115, DR4 beyond."""
    assert lowest_data_rate_for(size, repeater) == rate


@pytest.mark.parametrize(("size", "repeater", "limit"), [(243, False, 242), (223, True, 222)])
def test_too_large_a_payload(size: int, repeater: bool, limit: int) -> None:
    """A payload no data rate carries is refused, payload and limit named; so is a negative one."""
    with pytest.raises(InputError) as caught:
        lowest_data_rate_for(size, repeater=repeater)
    message = str(caught.value)
    assert str(size) in message
    assert str(limit) in message
    with pytest.raises(InputError):
        lowest_data_rate_for(-1)


def test_powers() -> None:
    """Devices step from 16 to 2 dBm EIRP; gateways radiate 14 dBm ERP, 27 in sub-band P alone."""
    assert TX_POWER_EIRP_DBM == (16, 14, 12, 10, 8, 6, 4, 2)
    assert gateway_erp_dbm(868_100_000) == 14.0
    assert gateway_erp_dbm(869_525_000) == 27.0
    assert [band.name for band in SUB_BANDS if band.erp_limit_dbm == 27.0] == ["P"]
    with pytest.raises(InputError):
        gateway_erp_dbm(868_650_000)


def test_channels_spend_their_sub_band() -> None:
    """The default channels share sub-band M, the five others L: two budgets for eight channels."""
    names = [SUB_BANDS[i].name for i in channel_sub_bands()]
    assert names == ["M"] * 3 + ["L"] * 5
    assert channel_sub_bands(DEFAULT_CHANNELS) == (2, 2, 2)
    assert SUB_BANDS[sub_band_index_of(869_525_000)].name == "P"


def test_lookup_by_name() -> None:
    """EU868 is found; another region is refused by name with the one that is known."""
    plan = region("EU868")
    assert plan is EU868
    assert plan.usual_channels == USUAL_CHANNELS
    assert plan.data_rates[plan.rx2_data_rate].spreading_factor == 12
    assert plan.data_rates[TTN_RX2_DATA_RATE].spreading_factor == 9
    assert plan.join_data_rates == JOIN_DATA_RATES == range(6)
    with pytest.raises(InputError, match=r"US915.*EU868"):
        region("US915")
