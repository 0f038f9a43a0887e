"""What a scenario's [lighting] section may say."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from models.lighting.inventory.settings import InventorySettings
from models.lighting.schedules.clock_times import HOUR_S, clock_s
from twin.scenario.schema import InputFile, Section

Control = Literal["clock", "remote-clock", "node"]
"""Who switches: a clock in each cabinet set by hand, one that speaks, a node on each lamp."""
Night = Literal["today", "all-night", "part-night", "dimmed", "detection", "file"]

CLOCK_TIME = r"([01]\d|2[0-3]):[0-5]\d"


class NightSection(Section):
    """What lamps do between dusk and dawn.

    `today`: as each commune does now, by its row of `hours`, or drawn.
    """

    kind: Night = "today"
    off_from: str = Field(default="23:00", pattern=CLOCK_TIME, description="local clock")
    off_to: str = Field(default="05:00", pattern=CLOCK_TIME, description="local clock")
    level: float = Field(
        default=0.3, gt=0.0, le=1.0, description="in the quiet hours: dimmed, or nobody detected"
    )
    detected_share: float = Field(
        default=0.2, ge=0.0, le=1.0, description="of the quiet hours somebody is detected [U]"
    )
    file: InputFile | None = Field(default=None, description="a schedule's TOML, kind = file")
    hours: InputFile | None = Field(
        default=None, description="today's hours of every commune, CSV; none: drawn"
    )

    @model_validator(mode="after")
    def _file_where_asked(self) -> Self:
        if (self.kind == "file") != (self.file is not None):
            raise ValueError(
                "file avec kind = « file », et là seulement | file with kind = 'file', only there"
            )
        return self


class RenewalSection(Section):
    """Lanterns replaced by LED ones, commune after commune, the most wasteful first."""

    led: bool = False
    years: float = Field(default=4.0, gt=0.0, le=20.0, description="from the start to the last one")
    resubscribe: bool = Field(
        default=True, description="contracts' power is brought down with the lamps"
    )


class ClocksSection(Section):
    """Clocks that speak, one a cabinet."""

    link: str = Field(default="own", description="a link's name")
    period_s: float = Field(default=21_600.0, ge=900.0, le=86_400.0)
    payload_bytes: int = Field(default=20, ge=1, le=51)
    height_m: float = Field(default=1.5, gt=0.0, le=20.0)
    use_case: str = "cabinet"
    misses: int = Field(
        default=0, ge=0, le=60, description="missed beats that raise an alarm; 0: by each one's own"
    )


class NodesSection(Section):
    """Nodes, one a lamp; one a cabinet is heard over the air, the others take after it."""

    link: str = Field(default="own", description="a link's name")
    period_s: float = Field(default=86_400.0, ge=3_600.0, le=86_400.0)
    payload_bytes: int = Field(default=24, ge=1, le=51)
    height_m: float = Field(default=7.0, gt=0.0, le=20.0)
    use_case: str = "lamp"
    misses: int = Field(
        default=0, ge=0, le=60, description="missed beats that raise an alarm; 0: by each one's own"
    )


class HearingSection(Section):
    """How long the link is listened to, and how the desk takes silences."""

    days: int = Field(default=28, ge=7, le=366, description="played; the years repeat them")
    false_alarms_per_year: float = Field(
        default=0.01, gt=0.0, le=10.0, description="a device, that the desk accepts of silences"
    )
    gated: bool = Field(default=True, description="no alarm where a whole neighbourhood is silent")
    tries: int = Field(default=3, ge=1, le=20, description="of a command before a hand sets it")


class CrewsSection(Section):
    """Who repairs, and how soon they should."""

    depots: tuple[str, ...] = Field(default=(), description="INSEE codes; none: chosen")
    depot_count: int = Field(default=4, ge=1, le=50, description="where they are chosen [U]")
    crews: int = Field(default=2, ge=1, le=20, description="per depot, with a platform [U]")
    lamp_days: int = Field(default=10, ge=1, le=250, description="working days for one lamp [U]")
    street_days: int = Field(default=1, ge=0, le=250, description="for a dark street or cabinet")
    check_days: int = Field(default=15, ge=1, le=250, description="for a silence")
    roads: InputFile | None = Field(default=None, description="a road graph; none: made up")


class ServiceSection(Section):
    """What holds whoever watches."""

    years: int = Field(default=10, ge=1, le=30)
    patrol_days: int = Field(default=90, ge=0, le=730, description="between rounds; 0: none")
    clock_visit_days: int = Field(
        default=365, ge=0, le=1_825, description="between settings of a silent clock; 0: none"
    )
    quiet_from: str = Field(default="23:00", pattern=CLOCK_TIME, description="less light is asked")
    quiet_to: str = Field(default="05:00", pattern=CLOCK_TIME)
    quiet_classes: int = Field(
        default=2, ge=0, le=5, description="classes lower that streets ask in the quiet hours [U]"
    )

    @property
    def quiet_h(self) -> tuple[float, float]:
        """Return when the quiet hours begin and end, hours of the local clock."""
        return clock_s(self.quiet_from) / HOUR_S, clock_s(self.quiet_to) / HOUR_S


class Settings(Section):
    """The [lighting] section."""

    inventory: InventorySettings = InventorySettings()
    control: Control = "clock"
    night: NightSection = NightSection()
    renewal: RenewalSection = RenewalSection()
    clocks: ClocksSection = ClocksSection()
    nodes: NodesSection = NodesSection()
    hearing: HearingSection = HearingSection()
    crews: CrewsSection = CrewsSection()
    service: ServiceSection = ServiceSection()

    @property
    def today(self) -> NightSection:
        """Return what lamps do today, whatever the option will do."""
        return NightSection(hours=self.night.hours)

    @property
    def link(self) -> str:
        """Return the link that carries what this control tells; none for a clock set by hand."""
        return {
            "clock": "none",
            "remote-clock": self.clocks.link,
            "node": self.nodes.link,
        }[self.control]
