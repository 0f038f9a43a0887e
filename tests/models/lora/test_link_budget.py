"""Link budgets: ERP against EIRP, lines that add up, the weaker direction named."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from models.lora.building_entry import BuildingType
from models.lora.link_budget import Direction, link_budget
from models.lora.pit import PIT_LOSS, pit_loss_db
from models.lora.region import DATA_RATES, SUB_BANDS, USUAL_CHANNELS, data_rate_of, sub_band_of
from models.lora.use_cases import UseCase
from twin.decide.priors import Status
from twin.errors import InputError


def test_fourteen_dbm_erp_is_sixteen_fifteen_eirp() -> None:
    """The legal 14 dBm ERP is 16.15 dBm EIRP, whatever antenna the gateway carries."""
    for gain in (-2.0, 5.0, 9.0):
        budget = link_budget("lamp", gateway_gain_dbi=gain)
        assert budget.eirp_dbm == pytest.approx(16.15)
    small, large = (link_budget("lamp", gateway_gain_dbi=gain) for gain in (2.0, 8.0))
    up = [b.max_path_loss_db(12, Direction.UPLINK) for b in (small, large)]
    down = [b.max_path_loss_db(12, Direction.DOWNLINK) for b in (small, large)]
    assert up[1] - up[0] == pytest.approx(6.0)
    assert down[1] == down[0]


def test_outdoor_meter_by_hand() -> None:
    """Up 16.15 - 2 - 6 + 5 - 1 - 3 + 141 = 150.15; down 16.15 - 2 - 6 + 2.15 - 3 + 137 = 144.30."""
    budget = link_budget(UseCase.METER_OUTDOOR)
    assert budget.max_path_loss_db(12, Direction.UPLINK) == pytest.approx(150.15)
    assert budget.max_path_loss_db(12, Direction.DOWNLINK) == pytest.approx(144.30)
    assert budget.max_path_loss_db(12) == pytest.approx(144.30)
    assert budget.weaker(12) is Direction.DOWNLINK
    deaf = link_budget("meter-outdoor", gateway_gain_dbi=-5.0, device_chip="SX1301")
    assert deaf.weaker(12) is Direction.UPLINK


@pytest.mark.parametrize(
    ("case", "factor", "way"), list(itertools.product(UseCase, (7, 12), Direction))
)
def test_lines_add_up(case: UseCase, factor: int, way: Direction) -> None:
    """The printed lines add up to the largest path loss, where the level meets the sensitivity."""
    budget = link_budget(case)
    rows = budget.rows(factor, way)
    most = budget.max_path_loss_db(factor, way)
    assert sum(line.value for line in rows) == pytest.approx(most)
    sensitivity = -rows[-1].value
    assert budget.level_dbm(most, way) - budget.noise_rise_db == pytest.approx(sensitivity)
    assert budget.margin_db(most, factor, way) == pytest.approx(0.0)
    assert all(line.label.fr and line.label.en for line in rows)


def test_use_cases_differ_by_what_stands_in_the_way() -> None:
    """A pit costs its prior's median, a building P.2109's; outdoors neither."""
    outdoor = link_budget("meter-outdoor").max_path_loss_db(12)
    assert outdoor - link_budget("meter-pit").max_path_loss_db(12) == pytest.approx(20.0)
    indoor = outdoor - link_budget("meter-indoor").max_path_loss_db(12)
    assert indoor == pytest.approx(14.219, abs=5e-4)
    tight = link_budget("meter-indoor", building=BuildingType.THERMALLY_EFFICIENT)
    assert outdoor - tight.max_path_loss_db(12) == pytest.approx(31.210, abs=5e-4)
    assert link_budget("lamp").max_path_loss_db(12) > outdoor


def test_fastest_factor() -> None:
    """The fastest factor that closes both directions is chosen; none beyond SF12's reach."""
    budget = link_budget("lamp")
    for factor in range(7, 13):
        assert budget.fastest_factor(budget.max_path_loss_db(factor)) == factor
    assert budget.fastest_factor(budget.max_path_loss_db(12) + 0.01) is None


def test_unlawful_and_negative_figures_are_refused() -> None:
    """16.15 typed as ERP, or a loss typed as a negative gain, is refused with the remedy."""
    with pytest.raises(InputError) as caught:
        link_budget("lamp", erp_dbm=16.15, cable_loss_db=-1.0)
    assert [fault.key for fault in caught.value.faults] == ["cable_loss_db", "erp_dbm"]


def test_pit_prior() -> None:
    """The pit loss is an unverified prior of 10 to 30 dB with its median at 20 dB."""
    assert PIT_LOSS.status is Status.UNVERIFIED
    assert pit_loss_db([0.0, 0.5, 1.0]).tolist() == pytest.approx([10.0, 20.0, 30.0])
    assert np.all(np.diff(pit_loss_db(np.linspace(0, 1, 50))) > 0)
    assert PIT_LOSS.mean() == pytest.approx(20.0)


def test_eu868() -> None:
    """Every usual channel lies in a 1 % sub-band at 14 dBm ERP; RX2's is 10 % at 27 dBm."""
    for channel in USUAL_CHANNELS:
        band = sub_band_of(channel.frequency_hz)
        assert (band.duty_cycle, band.erp_limit_dbm) == (0.01, 14.0)
    assert sub_band_of(869_525_000).erp_limit_dbm == 27.0
    assert [b.duty_cycle for b in SUB_BANDS] == [0.001, 0.01, 0.01, 0.001, 0.1, 0.01]
    assert [r.bit_rate for r in DATA_RATES] == [250, 440, 980, 1760, 3125, 5470, 11000, 50000]
    assert [data_rate_of(r.spreading_factor) for r in DATA_RATES[:6]] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(InputError):
        sub_band_of(868_650_000)
