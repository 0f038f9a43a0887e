"""What `[lora.load]` may say: the planned gateways, the fleets, the targets, the mains cut."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from twin.scenario.schema import InputFile, Section

Place = Literal["meter", "outdoor", "indoor", "pit", "bin", "cabinet", "lamp"]
DAY_S = 86_400.0


class FleetSection(Section):
    """One kind of devices: how many, where, how it talks, what feeds it."""

    label: str = Field(default="", description="its name in the report, in French")
    label_en: str = Field(default="", description="its name in the report, in English")
    count: int = Field(
        default=0,
        ge=0,
        le=5_000_000,
        description="devices, spread over the communes by population; 0: the option has none",
    )
    meters: bool = Field(
        default=False, description="the water meters of [lora.meters]; `count` is then not used"
    )
    place: Place = Field(default="outdoor", description="what stands between it and the sky")
    height_m: float = Field(default=1.0, ge=0.0, le=60.0, description="antenna above ground")
    application_bytes: int = Field(ge=0, le=10_000, description="bytes of one reading")
    period_s: float = Field(gt=0.0, le=366 * DAY_S, description="time between two readings")
    jitter_s: float = Field(
        default=60.0, ge=0.0, le=DAY_S, description="each reading falls so much later at random"
    )
    confirmed: bool = Field(default=False, description="asks for an acknowledgement")
    adr: bool = Field(default=True, description="lets the server choose data rate and power")
    device_class: Literal["A", "C"] = "A"
    battery: str = Field(default="mains", description="a battery's name, or mains")
    growth_per_year: float = Field(default=0.0, ge=0.0, le=1.0, description="more devices a year")

    @model_validator(mode="after")
    def _someone(self) -> Self:
        if self.meters and self.count:
            raise ValueError(
                "meters = true sans count : le nombre de compteurs vient de [lora.meters]"
                " | meters = true without count: the number of meters comes from [lora.meters]"
            )
        if self.jitter_s > self.period_s:
            raise ValueError(
                "jitter_s <= period_s (réduisez jitter_s) | jitter_s <= period_s (lower jitter_s)"
            )
        return self

    @property
    def present(self) -> bool:
        """Whether the option has such devices."""
        return self.meters or self.count > 0


class TargetsSection(Section):
    """What must hold."""

    collection: float = Field(
        default=0.98, gt=0.0, le=1.0, description="devices with a reading of the day at D+1"
    )
    battery_years: float = Field(default=10.0, gt=0.0, le=20.0)
    battery_share: float = Field(
        default=0.95, gt=0.0, le=1.0, description="batteries that must last so long"
    )
    duty: float = Field(
        default=0.95,
        gt=0.0,
        le=1.0,
        description="share of its legal airtime a gateway may use; at 1 answers are refused",
    )


class StormSection(Section):
    """A mains cut over an area of lamp nodes, and everybody coming back at once."""

    fleet: str = Field(default="lamps", description="the fleet that loses its mains")
    devices: int = Field(default=10_000, ge=1, le=1_000_000)
    cut_s: float = Field(default=3_600.0, gt=0.0, le=DAY_S)
    watched_s: float = Field(
        default=10_800.0, ge=600.0, le=DAY_S, description="how long the return is watched"
    )
    spread_s: float = Field(
        default=60.0, ge=0.0, le=DAY_S, description="devices wait up to so long before joining [U]"
    )


class LoadSection(Section):
    """The `[lora.load]` section."""

    gateways: InputFile = Field(description="CSV of the planned gateways: a column `id`")
    fleets: dict[str, FleetSection] = Field(min_length=1)
    targets: TargetsSection = TargetsSection()
    storm: StormSection = StormSection()
    horizon_years: int = Field(default=10, ge=1, le=40)
    warm_up_s: float = Field(
        default=7_200.0, ge=0.0, le=7 * DAY_S, description="lived before anything is counted"
    )
    later_span_s: float = Field(
        default=DAY_S,
        ge=3_600.0,
        le=DAY_S,
        description="how long the network of the last year is watched",
    )
    adr_margin_db: float = Field(default=10.0, ge=0.0, le=30.0, description="ChirpStack: 10 dB")
    settling_frames: int = Field(
        default=40, ge=0, le=1000, description="frames each device has exchanged with ADR before"
    )
    rx2_data_rate: int = Field(default=0, ge=0, le=5, description="0 in the region, 3 at TTN")
    fading_sigma_db: float = Field(default=3.0, ge=0.0, le=15.0, description="frame by frame [U]")
    outside_airtime_s: float = Field(default=0.2, ge=0.0, le=4.0, description="others' frames [U]")
    outside_level_dbm: float = Field(default=-118.0, ge=-160.0, le=-60.0, description="[U]")
    outside_sigma_db: float = Field(default=8.0, ge=0.0, le=30.0, description="[U]")
    current_profile: str = Field(default="sx1272", description="what devices draw, by state")
