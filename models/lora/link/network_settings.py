"""What may be said of a LoRaWAN network that is a link, wherever its levels come from."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from models.lora.adr import INSTALLATION_MARGIN_DB
from models.lora.shadowing import ShadowingField
from twin.scenario.schema import Section

EngineName = Literal["window", "simpy", "surrogate"]


class OutsideSection(Section):
    """Somebody else's frames: how many on each channel, how long, how loud at a gateway."""

    per_s: tuple[float, ...] = Field(
        default=(), description="frames a second: none, one figure for all channels, or one each"
    )
    airtime_s: float = Field(default=0.2, gt=0.0, description="of one such frame [U]")
    level_dbm: float = Field(default=-118.0, description="mean level at a gateway [U]")
    sigma_db: float = Field(default=8.0, ge=0.0, description="spread of that level [U]")

    @model_validator(mode="after")
    def _no_negative_traffic(self) -> Self:
        if any(per_s < 0.0 for per_s in self.per_s):
            raise ValueError("per_s >= 0 | per_s >= 0")
        return self


class ShadowingSection(Section):
    """The shadowing of a place; see `models.lora.shadowing`."""

    sigma_db: float = Field(default=7.8, ge=0.0, description="Oulu [V]")
    rho: float = Field(default=0.5, ge=0.0, le=1.0, description="between two gateways [U]")
    decorrelation_m: float = Field(default=100.0, gt=0.0, description="in space [U]")

    def field(self) -> ShadowingField:
        """Return the law that these figures describe."""
        return ShadowingField(self.sigma_db, self.rho, self.decorrelation_m)


class NetworkKeys(Section):
    """What is said alike of any LoRaWAN network: its engine, its rates, its server, its answers."""

    engine: EngineName = Field(
        default="window", description="compiled; one process a device; approximated for long runs"
    )
    window_s: float = Field(
        default=900.0, gt=0.0, description="a policy reacts at most this long after a reception"
    )
    channels: int = Field(default=8, ge=1, le=8, description="of the usual eight, in order")
    fading_sigma_db: float = Field(default=3.0, ge=0.0, description="of one frame [U]")
    data_rate: int | None = Field(
        default=None, ge=0, le=5, description="of every device at the start; none: planned"
    )
    planning_margin_db: float = Field(
        default=10.0, description="beyond the sensitivity, for the data rate planned at the start"
    )
    adr: bool = Field(default=True, description="the network adapts data rates and powers")
    adr_margin_db: float = Field(default=INSTALLATION_MARGIN_DB, description="ChirpStack's [V]")
    joined: bool = Field(default=True, description="devices have a session at the start")
    join_spread_s: float = Field(
        default=60.0, ge=0.0, description="over which joins begin when power is back [U]"
    )
    rx2_rate: Literal[0, 3] = Field(
        default=0, description="0 the region's, 3 The Things Network's [V]"
    )
    backhaul_s: float = Field(
        default=0.0, ge=0.0, description="from the end of a frame to who reads it"
    )
    command_patience_s: float = Field(
        default=604_800.0, gt=0.0, description="after so long without news a command is lost [U]"
    )
    ping_periodicity: int = Field(
        default=7, ge=0, le=7, description="class B: a slot every 0.96 x 2^p s [V]"
    )
    outside: OutsideSection = OutsideSection()

    @model_validator(mode="after")
    def _traffic_on_each_channel(self) -> Self:
        if len(self.outside.per_s) not in {0, 1, self.channels}:
            raise ValueError(
                f"outside.per_s : 0, 1 ou {self.channels} valeurs, une par canal"
                f" | outside.per_s: 0, 1 or {self.channels} values, one a channel"
            )
        return self


class NetworkSettings(NetworkKeys):
    """A LoRaWAN network in EU868, and which engine plays it. Nothing ever changes the engine."""

    region: Literal["EU868"] = "EU868"
    chip: Literal["SX1301", "SX1302", "SX1303"] = Field(
        default="SX1303", description="the gateways'"
    )
    noise_rise_db: float = Field(
        default=0.0, ge=0.0, description="of the place, on the gateways' sensitivities"
    )
    interference: Literal["goursaud", "croce", "none", "aloha"] = "goursaud"
    shadowing: ShadowingSection = ShadowingSection()
    slow_sigma_db: float = Field(default=4.0, ge=0.0, description="what changes in days [U]")
    slow_rho: float = Field(default=0.7, ge=0.0, le=1.0, description="common to gateways [U]")
    slow_tau_s: float = Field(default=86_400.0, gt=0.0, description="between its nodes [U]")
    rayleigh: bool = Field(default=False, description="fading of one frame by Rayleigh's law")
    rx1_gain_db: float = Field(default=-6.0, description="downlink less uplink level, RX1 [D]")
    rx2_gain_db: float = Field(default=7.0, description="downlink less uplink level, RX2 [D]")
