"""Every link of the house, made and started alike, so that each law is tested on each of them.

To join, a link adds one :class:`LinkCase` to `CASES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np
from small_territory import write_small_territory

from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.none import NoLink
from models.lora.link.disc_levels import DiscLevels
from models.lora.link.engines import SURROGATE
from models.lora.link.gateways import GatewaySites
from models.lora.link.link import LoraLink
from models.lora.link.network_settings import NetworkSettings as LoraSettings
from models.lora.network.eu868 import uplink_airtimes_s
from twin.clock import Clock
from twin.links import LinkContext, make_link
from twin.ports import Link
from twin.scenario import Scenario, load_scenario
from twin.scenario.links import read_links
from twin.scenario.origins import Origins
from twin.signals import AssetId, Fleet
from twin.streams import Streams

ROOT = Path(__file__).resolve().parents[2]
ORIGINS = Origins(ROOT / "scenario.toml")

DELAY_S = 37.5
"""Of the constant link: more than a short window and less than a long one."""


class LinkFactory(Protocol):
    """Makes a link that carries `fleets` and is started on `clock`."""

    def __call__(
        self,
        clock: Clock,
        streams: Streams,
        fleets: Sequence[Fleet],
        loss: float,
        window_s: float,
    ) -> Link:
        """Return the link; `loss` in [0, 1] makes it worse: 0 is its best, 1 lets nothing pass."""
        ...


@dataclass(frozen=True)
class LinkCase:
    """One link under test, and which laws concern it.

    `airtime_s` is the least time from sampling to reception, `delay_s` the most (a run lasts that
    much longer than what it looks at). `ideal`: loses nothing whatever the loss asked for.
    `crowded`: devices disturb one another, so that a frame more may cost another its delivery, and
    one reading may be several frames. `engages`: an alarm keeps its device busy, so that a reading
    due meanwhile is sent later. `commands`: it carries them.
    """

    name: str
    make: LinkFactory
    airtime_s: float = 0.0
    delay_s: float = 0.0
    ideal: bool = False
    crowded: bool = False
    engages: bool = False
    commands: bool = True


def started(link: Link, clock: Clock, fleets: Sequence[Fleet]) -> Link:
    """Return the link with its fleets, started."""
    for fleet in fleets:
        link.uplink.register(fleet)
    link.start(clock)
    return link


def _none(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    return started(NoLink(streams, window_s), clock, fleets)


def _ideal(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    return started(IdealLink(streams, window_s), clock, fleets)


def _constant(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    return started(ConstantLink(streams, loss, DELAY_S, window_s), clock, fleets)


def made_by(words: dict[str, Any], context: LinkContext) -> Link:
    """Return the link that a scenario's section [links.under-test] makes."""
    links, faults = read_links({"under-test": words}, None, ORIGINS, ORIGINS)
    assert not faults, faults
    return make_link(links["under-test"], context)


def _scenario(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    words = {
        "package": "models.links",
        "kind": "constant",
        "loss_share": loss,
        "window_s": window_s,
    }
    context = LinkContext(ground().scenario, streams, lambda _name: 0.0)
    return started(made_by(words, context), clock, fleets)


@dataclass(frozen=True)
class Ground:
    """A small territory whose assumptions hold the radio's figures, and a cache beside it."""

    scenario: Scenario
    folder: Path
    kept: TemporaryDirectory[str]


@lru_cache(maxsize=1)
def ground() -> Ground:
    """Return the territory, written once; it goes with the process."""
    kept = TemporaryDirectory(prefix="link-laws-")
    folder = Path(kept.name)
    assumptions = ROOT / "scenarios" / "indre" / "load_assumptions.csv"
    territory = write_small_territory(folder / "territory", assumptions)
    territory.write("planned.csv", "id\nM001\nC36904\n")
    return Ground(load_scenario(territory.scenario), folder, kept)


def _terrain(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    """Return the link of a territory's section; loss is an error of the propagation model."""
    here = ground()
    folder = here.folder / "territory"
    words = {
        "package": "models.lora.link",
        "gateways": str(folder / "planned.csv"),
        "sites": {
            "masts": str(folder / "masts.csv"),
            "municipal": str(folder / "municipal_sites.csv"),
        },
        "window_s": window_s,
        "adr": False,
        "data_rate": 5,
    }

    def assume(name: str) -> float:
        if name == "propagation_bias_db":
            return 40.0 * loss if loss < 1.0 else 1_000.0
        return here.scenario.assumptions[name].mean()

    link = made_by(words, LinkContext(here.scenario, streams, assume, here.folder / "cache"))
    there = [
        replace(
            fleet,
            x_m=fleet.x_m + 602_000.0,
            y_m=fleet.y_m + 6_643_000.0,
            jitter_s=min(fleet.jitter_s, fleet.period_s),
        )
        for fleet in fleets
    ]
    return started(link, clock, there)


SHORTEST_S = float(uplink_airtimes_s(3 + 13)[5])
"""Airtime of the shortest frame of the laws, an alarm of 3 bytes, at the fastest data rate."""

QUIET: dict[str, Any] = {"interference": "none", "adr": False, "data_rate": 5}
"""No frame harms another and loss changes no frame: then less loss only adds deliveries."""

MASTS = GatewaySites(
    (AssetId("mast/a"), AssetId("mast/b")),
    np.array([0.0, 2_500.0]),
    np.array([0.0, 0.0]),
    np.array([20.0, 20.0]),
)


@dataclass(frozen=True)
class LoraFactory:
    """Makes a LoRaWAN link whose loss is distance: up to 30 dB, and all of it at loss 1.

    `settings` are those of the link. A fleet's jitter is cut to its period, beyond which this link
    refuses it; `confirmed` makes every reading wait for its acknowledgement.
    """

    settings: dict[str, Any]
    confirmed: bool = False

    def __call__(
        self,
        clock: Clock,
        streams: Streams,
        fleets: Sequence[Fleet],
        loss: float,
        window_s: float,
    ) -> Link:
        """Return the link, started."""
        settings = LoraSettings(window_s=window_s, **self.settings)
        gain_db = 2.0 - 30.0 * loss if loss < 1.0 else -1_000.0
        levels = DiscLevels(streams, gain_db=gain_db, shadowing=settings.shadowing.field())
        link = LoraLink(streams, MASTS, levels, settings)
        fleets = [
            replace(
                fleet,
                jitter_s=min(fleet.jitter_s, fleet.period_s),
                confirmed=self.confirmed,
            )
            for fleet in fleets
        ]
        return started(link, clock, fleets)


def _lora(name: str, *, confirmed: bool = False, crowded: bool = False, **keys: Any) -> LinkCase:
    """Return a LoRaWAN link under test."""
    make = LoraFactory(keys, confirmed)
    commands = keys.get("engine") != "surrogate"
    return LinkCase(
        name, make, airtime_s=SHORTEST_S, crowded=crowded, engages=True, commands=commands
    )


LORA_CASES: tuple[LinkCase, ...] = (
    _lora("lora", **QUIET),
    _lora("lora-late", **QUIET, backhaul_s=12.5),
    _lora("lora-simpy", **QUIET, engine="simpy"),
    _lora("lora-crowded", crowded=True, confirmed=True, joined=False),
)
if find_spec(SURROGATE) is not None:
    LORA_CASES = (*LORA_CASES, _lora("lora-surrogate", **QUIET, engine="surrogate"))

CASES: tuple[LinkCase, ...] = (
    LinkCase("none", _none),
    LinkCase("ideal", _ideal, ideal=True),
    LinkCase("constant", _constant, airtime_s=DELAY_S, delay_s=DELAY_S),
    LinkCase("constant-without-delay", _scenario),
    LinkCase("lora-terrain", _terrain, airtime_s=SHORTEST_S, crowded=True, engages=True),
    *LORA_CASES,
)
