"""One replication of the gateway question: what it records holds together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from small_territory import write_small_territory

import models.lora.model as gateway_model
from models.lora.bill import Bill, network_bill
from models.lora.model import GatewayModel, build
from twin.recorder import Part
from twin.scenario import Scenario, load_scenario
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import play

OPTIONS = """
[[option]]
id = "operator"
name = "Opérateur"
name_en = "Operator"
answers = false
lora.network = "operator"

[[option]]
id = "decided"
name = "Un site décidé"
name_en = "One site decided"
answers = false
lora.sites.mandatory = ["M003"]
"""
OWN = ("two-gateways", "masts-only", "decided")
REPLICATIONS = 12


@dataclass(frozen=True)
class Played:
    """The replications of every option, KPI by KPI, and the meters each bill was made out for."""

    scenario: Scenario
    models: dict[str, GatewayModel]
    totals: dict[tuple[str, int], dict[str, float]]
    zones: dict[tuple[str, int], dict[tuple[str, str], float]]
    billed: dict[tuple[str, int], list[tuple[float, float]]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Played:
    """Return every option of the small territory, played."""
    folder = tmp_path_factory.mktemp("model")
    territory = write_small_territory(folder / "t", root / "scenarios/indre/assumptions.csv")
    file = territory.folder / "gateways.toml"
    territory.write("gateways.toml", file.read_text(encoding="utf-8") + OPTIONS)
    scenario = load_scenario(territory.scenario, quick=False)
    workspace = Workspace(folder / "prepared", folder / "cache")
    kept = Played(scenario, {}, {}, {}, {})
    with pytest.MonkeyPatch.context() as patched:
        for option in scenario.options:
            model = build(scenario, option)
            model.prepare(workspace, lambda _what, _share: None)
            kept.models[option.id] = model
            for replication in range(REPLICATIONS):
                key = (option.id, replication)
                kept.billed[key] = []
                patched.setattr(gateway_model, "network_bill", watching(kept.billed[key]))
                part = play(scenario, [model], Task(option.id, replication))
                kept.totals[key], kept.zones[key] = split(part)
    return kept


def watching(seen: list[tuple[float, float]]):  # type: ignore[no-untyped-def] # noqa: ANN201 - the bill's own signature
    """Return the bill, noting the meters heard and unheard it is made out for."""

    def bill(*args: object, **given: object) -> Bill:
        seen.append((given["meters_heard"], given["meters_unheard"]))  # type: ignore[arg-type]
        return network_bill(*args, **given)  # type: ignore[arg-type]

    return bill


def split(part: Part) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """Return a part's totals and its values by zone."""
    rows = list(zip(part.kpi.tolist(), part.zone.tolist(), part.value.tolist(), strict=True))
    totals = {kpi: value for kpi, zone, value in rows if zone == ""}
    return totals, {(kpi, zone): value for kpi, zone, value in rows if zone != ""}


def test_shares_hold_together(played: Played) -> None:
    """Two gateways hear no more meters than one; completing never hurts; flags match the shares."""
    for (option, _), kpi in played.totals.items():
        target = played.models[option].settings.target
        assert 0.0 <= kpi["share_2"] <= kpi["share_1"] <= 1.0
        assert kpi["share_final"] >= kpi["share_2"]
        assert kpi["target_met_final"] == float(kpi["share_final"] >= target.share)
        assert kpi["target_met_as_planned"] == float(kpi["share_2"] >= target.share)
        assert kpi["target_met_as_planned"] <= kpi["target_met_final"]


def test_zones_add_up_to_the_territory(played: Played) -> None:
    """Each commune and EPCI has shares in order; the EPCI's lie around the territory's."""
    for key, zones in played.zones.items():
        for (kpi, zone), value in zones.items():
            if kpi == "share_2":
                assert 0.0 <= value <= zones["share_1", zone] <= 1.0
        for kpi in ("share_1", "share_2"):
            epcis = [zones[kpi, epci] for epci in ("200000001", "200000002")]
            assert min(epcis) - 1e-12 <= played.totals[key][kpi] <= max(epcis) + 1e-12


def test_gateways_hold_together(played: Played) -> None:
    """What is fitted is what was planned, less what was refused, plus what was added."""
    for option in OWN:
        plan = played.models[option]._plan
        assert plan is not None
        for replication in range(REPLICATIONS):
            kpi = played.totals[option, replication]
            assert kpi["gateways_planned"] == len(plan.sites)
            assert 0 <= kpi["sites_refused"] <= kpi["gateways_planned"]
            assert kpi["gateways_final"] >= kpi["gateways_planned"] - kpi["sites_refused"]
            assert kpi["gateways_final"] <= plan.allowed.sum() - kpi["sites_refused"]
            if kpi["target_met_as_planned"]:
                assert kpi["gateways_final"] == kpi["gateways_planned"] - kpi["sites_refused"]
            assert kpi["first_gateway_days"] <= kpi["half_network_days"]
            assert kpi["half_network_days"] <= kpi["last_gateway_days"]


def test_money_holds_together(played: Played) -> None:
    """The total is the sum of its lines, taxes add, the refund takes away, and time discounts."""
    for (option, _), kpi in played.totals.items():
        lines = [kpi[f"{line}_ht_eur"] for line in ("gateways", "server", "manual", "operator")]
        assert min(lines) >= 0.0
        assert kpi["total_ht_eur"] == pytest.approx(sum(lines))
        assert kpi["total_ht_eur"] < kpi["total_net_eur"] <= kpi["total_ttc_eur"]
        assert kpi["total_ht_eur_at_4.5"] < kpi["total_ht_eur"] < kpi["total_ht_eur_at_2.0"]
        assert (kpi["gateways_ht_eur"] > 0) == (option != "operator" and kpi["gateways_final"] > 0)
        served = option == "operator" and kpi["share_1"] > 0
        assert (kpi["operator_ht_eur"] > 0) == served


def test_every_meter_is_billed_once(played: Played) -> None:
    """Meters heard and unheard make all of them, the same in every option of a replication."""
    for replication in range(REPLICATIONS):
        numbers = {
            round(heard + unheard, 6)
            for option in played.models
            for heard, unheard in played.billed[option, replication]
        }
        assert len(numbers) == 1
        assert 0.5 * 500 < numbers.pop() < 2.0 * 500
    for bills in played.billed.values():
        assert len(bills) == 3  # the rate used and two others
        assert all(heard >= 0 and unheard >= -1e-9 for heard, unheard in bills)


def test_a_decided_site_does_not_refuse(played: Played) -> None:
    """With one planned site decided, fewer can refuse than are planned."""
    plan = played.models["decided"]._plan
    assert plan is not None
    assert 2 in plan.sites  # M003
    for replication in range(REPLICATIONS):
        kpi = played.totals["decided", replication]
        assert kpi["sites_refused"] < kpi["gateways_planned"]
        assert kpi["gateways_final"] >= 1


def test_the_operator_has_masts_of_its_own(played: Played) -> None:
    """Scenario 0 is served from some masts nobody plans, refuses or dates."""
    heard = [played.totals["operator", each]["share_1"] for each in range(REPLICATIONS)]
    assert min(heard) < max(heard)
    for replication in range(REPLICATIONS):
        kpi = played.totals["operator", replication]
        assert 0 <= kpi["gateways_final"] <= 3
        assert kpi["gateways_planned"] == kpi["gateways_final"]
        assert kpi["sites_refused"] == 0
        assert "first_gateway_days" not in kpi
