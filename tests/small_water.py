"""A year of water on four communes: small enough to live in a second."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from small_territory import COMMUNES, MERGED

from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.none import NoLink
from models.water.belief import belief_of
from models.water.figures import WorldDice, dice_of
from models.water.settings import Settings
from models.water.stage import WaterStage, load_stage
from models.water.year import Belief, WaterYear, live_year
from twin.ports import Link
from twin.recorder import Recorder
from twin.scenario import Scenario, load_scenario
from twin.streams import Streams
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import World

INDRE = Path(__file__).resolve().parents[1] / "scenarios" / "indre"
WINDOW_S = 3600.0
SCENARIO = """\
[study]
question = "Combien de compteurs ?"
question_en = "How many meters?"
seed = 7
replications = 3
quick_replications = 3
tornado_replications = 1
start = 2027-01-04

[models]
water = "models.water"

[territory]
name = "Essai"
communes = "communes.csv"
merged_communes = "merged_communes.csv"

[assumptions]
table = "water_assumptions.csv"

[links.contract]
package = "models.links"
kind = "constant"
loss_share = 0.2
delay_s = 30.0
window_s = 3600.0

[water.districts]
link = "contract"

[water.customers]
link = "contract"
sampled_share = 0.2

[water.service]
days = 28
settling_days = 28

[[option]]
id = "today"
name = "Rien"
name_en = "Nothing"
answers = false

[[option]]
id = "meters"
name = "Huit compteurs"
name_en = "Eight meters"
water.districts.meters = 8

[[option]]
id = "both"
name = "Compteurs et abonnés"
name_en = "Meters and customers"
answers = false
water.districts.meters = 8
water.customers.reading = "daily"
"""


def write_small_water(folder: Path, text: str = SCENARIO) -> Path:
    """Write a scenario of four communes; return its file."""
    (folder / "communes.csv").write_text(COMMUNES, encoding="utf-8")
    (folder / "merged_communes.csv").write_text(MERGED, encoding="utf-8")
    shutil.copy(INDRE / "water_assumptions.csv", folder)
    file = folder / "water.toml"
    file.write_text(text, encoding="utf-8")
    return file


@dataclass(frozen=True)
class SmallYear:
    """Everything to live years on."""

    scenario: Scenario
    workspace: Workspace
    settings: Settings
    stage: WaterStage
    belief: Belief

    def dice(self, replication: int = 0) -> WorldDice:
        """Return one world."""
        streams = Streams(self.scenario.study.seed, replication)
        return dice_of(World(self.scenario, Task("today", replication), streams, Recorder()))

    def live(
        self,
        meters: int,
        link: Callable[[Streams], Link],
        replication: int = 0,
        leaky: float | None = None,
        **changes: Any,
    ) -> WaterYear:
        """Live a year with so many district meters; `changes` of the [water.districts] section.

        `leaky`: the share lost, mostly by leaks, in place of the world's.
        """
        districts = self.settings.districts.model_copy(update={"meters": meters} | changes)
        settings = self.settings.model_copy(update={"districts": districts})
        dice = self.dice(replication)
        if leaky is not None:
            figures = replace(dice.figures, loss_share=leaky, break_factor=100.0)
            dice = replace(dice, figures=figures)
        return live_year(
            self.stage,
            settings,
            dice,
            self.belief,
            self.scenario.study.start,
            lambda: link(dice.streams),
        )


def small_year(folder: Path) -> SmallYear:
    """Return the small territory, its networks made."""
    scenario = load_scenario(write_small_water(folder))
    workspace = Workspace(folder / "run", folder / "cache")
    settings = scenario.option("today").settings["water"]
    assert isinstance(settings, Settings)
    stage = load_stage(scenario, settings, workspace, lambda *_: None)
    return SmallYear(
        scenario, workspace, settings, stage, belief_of(scenario, settings, stage, settings.service)
    )


ideal = partial(IdealLink, window_s=WINDOW_S)
dead = partial(NoLink, window_s=WINDOW_S)


def losing(share: float) -> Callable[[Streams], Link]:
    """Return a link that loses a share of messages."""
    return partial(ConstantLink, loss_share=share, delay_s=0.0, window_s=WINDOW_S)
