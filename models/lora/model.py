"""The gateway question as a model: plan once on what is known, then meet each world.

A replication draws what the planner could not know (propagation error, pit loss, shadowing,
refusals, prices), looks at who is heard by the network as planned, then lets the planner complete
it with the best remaining sites until the target is reached: *how many gateways, in this world?*
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora import deployment
from models.lora.bill import Bill, gateway_tco, network_bill
from models.lora.deployment import Order, Pace, service_days
from models.lora.levels import Losses, fixed_gain_db, placement_loss_db
from models.lora.links import LinkTable
from models.lora.meters import nominal_meters
from models.lora.outcomes import DATES, KPIS, discounted_kpi, discounted_name
from models.lora.plan import Plan, make_plan, plan_file, read_plan
from models.lora.redundancy import complete, count_heard
from models.lora.settings import Settings
from models.lora.shadowing import ShadowingField, shadowing_db
from models.lora.stage import Stage, load_stage
from twin.decide.robust import Requirement
from twin.lang import Text
from twin.ports import Model, Say
from twin.recorder import Kpi
from twin.scenario import Option, Scenario
from twin.workspace import Workspace
from twin.world import World

ASSUMPTIONS = (
    "gateway_hardware_eur",
    "gateway_install_eur",
    "gateway_power_eur",
    "rent_public_eur_per_year",
    "rent_private_eur_per_year",
    "backhaul_eur_per_month",
    "electricity_eur_per_year",
    "maintenance_eur_per_year",
    "gateway_life_years",
    "lns_eur_per_device_month",
    "operator_eur_per_device_year",
    "manual_read_eur",
    "manual_reads_per_year",
    "operator_mast_share",
    "pit_loss_db",
    "clutter_loss_db",
    "meter_antenna_loss_db",
    "noise_rise_db",
    "propagation_bias_db",
    "shadowing_sigma_db",
    "antenna_height_quantile",
    "site_refusal_share",
    "meters_per_nominal",
    *deployment.ASSUMPTIONS,
)
"""Every uncertain figure this model reads."""

DAYS_PER_MONTH = 365.25 / 12.0
MONTHS_WATCHED = 60
"""How far the deployment's progress is recorded."""

HOPELESS_SIGMAS = 4.0
"""Links this many sigmas short of their need are not given dice: one in 31,000 would be heard."""


def build(scenario: Scenario, option: Option) -> Model:
    """Return the model of one option: of the gateway question, or of the load question."""
    settings = option.settings["lora"]
    assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
    if settings.question == "load":
        from models.lora.load.model import LoadModel

        return LoadModel(scenario, option, settings)
    return GatewayModel(scenario, option, settings)


def asks_load(scenario: Scenario) -> bool:
    """Return whether a scenario asks the load question (every option asks the same)."""
    return any(
        isinstance(settings := option.settings.get("lora"), Settings)
        and settings.question == "load"
        for option in scenario.options
    )


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the cheapest planned option that answers the question and reaches the target.

    Where none reaches it, the one expected to serve the most. The load question has its own rule.
    """
    if asks_load(scenario):
        from models.lora.load.model import recommend as recommend_load

        return recommend_load(scenario, workspace)
    plans = {
        option.id: read_plan(plan_file(workspace, option.id))
        for option in scenario.options
        if option.answers
    }
    reached = {name: plan for name, plan in plans.items() if plan.reaches_target}
    if not reached:
        return max(sorted(plans), key=lambda name: plans[name].expected_share[1])
    return min(reached, key=lambda name: (reached[name].cost_eur, name))


@dataclass
class GatewayModel:
    """One option of the gateway question."""

    scenario: Scenario
    option: Option
    settings: Settings
    _stage: Stage | None = None
    _plan: Plan | None = None

    def check(self) -> list[Text]:
        """Read every table the option names, without computing anything long."""
        from models.lora.check import check_option

        return check_option(self.scenario, self.option, self.settings, ASSUMPTIONS)

    def prepare(self, workspace: Workspace, say: Say) -> None:
        """Load or make the stage and this option's plan."""
        self._stage = load_stage(self.scenario, self.settings, workspace, say)
        file = plan_file(workspace, self.option.id)
        if not file.is_file():
            make_plan(self.scenario, self.option, self.settings, self._stage, file, say)
        self._plan = read_plan(file)

    @property
    def yardsticks(self) -> tuple[str, ...]:
        """What options are judged by: the first indicator, then a service."""
        return ("total_ht_eur", "share_final")

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What an option must reach in a world to be acceptable there."""
        own = self.settings.network != "operator"
        return (Requirement("target_met_final", 1.0),) if own else ()

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """Every outcome a replication may record."""
        return (
            *KPIS,
            *DATES,
            *(discounted_kpi(rate) for rate in self.scenario.money.discount_sensitivities),
        )

    def play(self, world: World) -> None:
        """Meet one world and record the outcome."""
        assert self._stage is not None and self._plan is not None  # noqa: S101, PT018 - prepared first
        meters = self._meters_looked_at(world)
        links = self._stage.links.of(meters)
        heard = self._heard(world, links, meters)
        if self.settings.network == "operator":
            self._play_operator(world, links, meters, heard)
        else:
            self._play_own(world, links, meters, heard)

    def _meters_looked_at(self, world: World) -> NDArray[np.int64]:
        """Return this replication's meters: one in N, in rotation, the same for every option."""
        assert self._stage is not None  # noqa: S101 - prepared first
        step = 1 if self.scenario.quick else self.settings.sample_one_in
        start = world.task.replication % step
        return np.arange(start, len(self._stage.meters), step, dtype=np.int64)

    def _heard(
        self, world: World, links: LinkTable, meters: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return which links work in this world, shape (links,)."""
        assert self._stage is not None  # noqa: S101 - prepared first
        stage, radio = self._stage, self.settings.radio
        losses = Losses(
            pit_db=world.assume("pit_loss_db"),
            clutter_db=world.assume("clutter_loss_db"),
            antenna_db=world.assume("meter_antenna_loss_db"),
            noise_rise_db=world.assume("noise_rise_db"),
            bias_db=world.assume("propagation_bias_db"),
            entry_probability=world.streams.generator("lora", "building entry").uniform(
                0.001, 0.999, len(stage.meters)
            )[meters],
        )
        placement = stage.meters.placement(self.settings.meters)[meters]
        meter_db = placement_loss_db(radio, placement, losses)
        rows = links.rows()
        height_db = height_effect_db(
            links.height_effect_db, world.assume("antenna_height_quantile")
        )
        margin = (
            fixed_gain_db(radio)
            - links.loss_db.astype(np.float64)
            - height_db[links.site]
            - meter_db[rows]
        )
        sigma = world.assume("shadowing_sigma_db")
        heard = np.zeros(len(margin), dtype=np.bool_)
        alive = np.flatnonzero(margin > -HOPELESS_SIGMAS * sigma)
        field = ShadowingField(
            sigma_db=sigma, rho=radio.shadowing_correlation, decorrelation_m=radio.decorrelation_m
        )
        device = meters[rows[alive]]
        shadow = shadowing_db(
            field,
            world.streams,
            stage.sites.ids,
            links.site[alive],
            stage.meters.x_m[device],
            stage.meters.y_m[device],
        )
        heard[alive] = margin[alive] + shadow >= 0.0
        return heard

    def _play_operator(
        self,
        world: World,
        links: LinkTable,
        meters: NDArray[np.int64],
        heard: NDArray[np.bool_],
    ) -> None:
        """Scenario 0: an operator has equipped some masts; nobody knows which."""
        assert self._stage is not None  # noqa: S101 - prepared first
        sites = self._stage.sites
        share = world.assume("operator_mast_share")
        equipped = sites.is_kind("mast") & (site_draws(world, sites.ids, "operator mast") < share)
        counts = count_heard(links.indptr, links.site, heard, equipped)
        self._record(world, meters, counts, counts, equipped, equipped, refused=0)

    def _play_own(
        self,
        world: World,
        links: LinkTable,
        meters: NDArray[np.int64],
        heard: NDArray[np.bool_],
    ) -> None:
        """Own network: refusals, coverage as planned, then completion."""
        assert self._stage is not None and self._plan is not None  # noqa: S101, PT018 - prepared first
        sites, plan, target = self._stage.sites, self._plan, self.settings.target
        willing = site_draws(world, sites.ids, "refusal") >= world.assume("site_refusal_share")
        decided = np.zeros(len(sites), dtype=np.bool_)
        decided[sites.index_of(self.settings.sites.mandatory, "mandatory", self.scenario.path)] = 1
        willing |= decided  # a site already decided can no longer refuse
        planned = np.zeros(len(sites), dtype=np.bool_)
        planned[plan.sites] = True
        installed = planned & willing
        as_planned = count_heard(links.indptr, links.site, heard, installed)
        completion = complete(
            links.indptr,
            links.site,
            heard,
            installed,
            plan.allowed & willing,
            self._site_cost_eur(world),
            target.redundancy,
            target.share,
            least_gain=target.least_gain_meters * len(meters) / self._nominal_meters(),
        )
        final = installed.copy()
        final[completion.added] = True
        self._record_dates(world)
        self._record(
            world,
            meters,
            as_planned,
            completion.counts,
            planned,
            final,
            refused=int((planned & ~willing).sum()),
        )

    def _record_dates(self, world: World) -> None:
        """Record when the planned gateways come into service, in their programme's order."""
        assert self._stage is not None and self._plan is not None  # noqa: S101, PT018 - prepared first
        sites = self._stage.sites
        if not self._plan.programme:
            return  # nothing is fitted, so nothing has a date
        orders = [
            Order(sites.ids[step.site], step.year, private=sites.kind[step.site] == "mast")
            for step in self._plan.programme
        ]
        start = self.scenario.study.start
        days = np.sort(service_days(orders, start, Pace.of(world), world.streams, world.log))
        world.recorder.kpi("first_gateway_days", days[0])
        world.recorder.kpi("half_network_days", days[(len(days) - 1) // 2])
        world.recorder.kpi("last_gateway_days", days[-1])
        months = np.arange(3, MONTHS_WATCHED + 1, 3)
        fitted = np.searchsorted(days, months * DAYS_PER_MONTH, side="right")
        world.recorder.by_zone(
            "in_service", [f"m{month:03d}" for month in months], fitted.astype(np.float64)
        )

    def _nominal_meters(self) -> float:
        """Return how many meters those of the stage stand for."""
        assert self._stage is not None  # noqa: S101 - prepared first
        return nominal_meters(self._stage.meters, quick=self.scenario.quick)

    def _site_cost_eur(self, world: World) -> NDArray[np.float64]:
        """Return what each site costs over the horizon at this world's prices."""
        assert self._stage is not None  # noqa: S101 - prepared first
        money = self.scenario.money
        public = gateway_tco(world.assume, money, private=False).total.ht_eur
        private = gateway_tco(world.assume, money, private=True).total.ht_eur
        return np.where(self._stage.sites.is_kind("mast"), private, public)

    def _record(
        self,
        world: World,
        meters: NDArray[np.int64],
        as_planned: NDArray[np.int32],
        final: NDArray[np.int32],
        planned_sites: NDArray[np.bool_],
        final_sites: NDArray[np.bool_],
        *,
        refused: int,
    ) -> None:
        assert self._stage is not None  # noqa: S101 - prepared first
        say, target = world.recorder.kpi, self.settings.target
        say("gateways_planned", float(planned_sites.sum()))
        say("gateways_final", float(final_sites.sum()))
        say("sites_refused", float(refused))
        self._record_shares(world, meters, as_planned)
        met = float(np.mean(as_planned >= target.redundancy) >= target.share)
        say("target_met_as_planned", met)
        share = float(np.mean(final >= target.redundancy))
        say("share_final", share)
        say("target_met_final", float(share >= target.share))
        heard_share = float(np.mean(final >= 1))
        bill = self._bill(world, final_sites, heard_share, None)
        say("gateways_ht_eur", bill.gateways.ht_eur)
        say("server_ht_eur", bill.server.ht_eur)
        say("manual_ht_eur", bill.manual.ht_eur)
        say("operator_ht_eur", bill.operator.ht_eur)
        say("total_ht_eur", bill.total.ht_eur)
        say("total_ttc_eur", bill.total.ttc_eur)
        say("total_net_eur", bill.total.net_eur)
        for rate in self.scenario.money.discount_sensitivities:
            other = self._bill(world, final_sites, heard_share, rate)
            say(discounted_name(rate), other.total.ht_eur)

    def _record_shares(
        self, world: World, meters: NDArray[np.int64], counts: NDArray[np.int32]
    ) -> None:
        """Record who is heard by one and by two gateways, in all, per EPCI and per commune."""
        assert self._stage is not None  # noqa: S101 - prepared first
        communes = self._stage.communes
        home = self._stage.meters.commune[meters]
        epcis = sorted({commune.epci for commune in communes})
        of_epci = np.array([epcis.index(commune.epci) for commune in communes])
        for least in (1, 2):
            name = f"share_{least}"
            reached = counts >= least
            world.recorder.kpi(name, float(reached.mean()))
            for zones, group in (
                ([commune.insee for commune in communes], home),
                (epcis, of_epci[home]),
            ):
                met = np.bincount(group, minlength=len(zones))
                good = np.bincount(group, weights=reached, minlength=len(zones))
                present = np.flatnonzero(met)
                world.recorder.by_zone(
                    name, [zones[index] for index in present], good[present] / met[present]
                )

    def _bill(
        self,
        world: World,
        sites: NDArray[np.bool_],
        heard_share: float,
        discount: float | None,
    ) -> Bill:
        assert self._stage is not None  # noqa: S101 - prepared first
        number = self._nominal_meters() * world.assume("meters_per_nominal")
        mast = self._stage.sites.is_kind("mast")
        operated = self.settings.network == "operator"
        return network_bill(
            world.assume,
            self.scenario.money,
            public=0 if operated else int((sites & ~mast).sum()),
            private=0 if operated else int((sites & mast).sum()),
            meters_heard=number * heard_share,
            meters_unheard=number * (1.0 - heard_share),
            operated=operated,
            discount=discount,
        )


def site_draws(world: World, ids: tuple[str, ...], purpose: str) -> NDArray[np.float64]:
    """Return one draw in [0, 1) per site, by its name: adding a site moves no other draw."""
    return np.array([world.streams.uniform("lora", purpose, site) for site in ids])


def height_effect_db(effect: NDArray[np.float64], quantile: float) -> NDArray[np.float64]:
    """Return the change of loss at a place in the range of antenna heights, shape (sites,).

    Linear from the low end (quantile 0) through the mode (0.5) to the high end (1).
    """
    if quantile < 0.5:  # noqa: PLR2004 - the mode
        return effect[:, 0] * (1.0 - 2.0 * quantile)
    return effect[:, 1] * (2.0 * quantile - 1.0)
