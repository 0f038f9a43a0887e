"""The Indre's made-up lamps, roads as the crow flies, crews in four places, for whole years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache

import numpy as np

from models.lighting import dice
from models.lighting.catalogue import read_catalogue
from models.lighting.crews.crews import Roads
from models.lighting.figures import Figures
from models.lighting.hearing.record import Hearing
from models.lighting.inventory.draw import draw_inventory
from models.lighting.inventory.settings import InventorySettings
from models.lighting.living.ears import Ears
from models.lighting.living.fast.play import live_fast
from models.lighting.living.given import Given, Ground, Told
from models.lighting.living.left import YearsLeft
from models.lighting.living.lived import Lived
from models.lighting.living.years import live_years
from models.lighting.settings import RenewalSection, ServiceSection, Settings
from tests.models.lighting.inventory.test_inventory import indre
from twin.streams import Streams

DEPOTS = (60, 120, 180, 220)
USUAL = Figures(
    off_share=0.62, threshold_deg=-3.3, life_factor=1.0, light_factor=1.0,
    led_failures_year=0.01, led_w_factor=1.0,
    cabinet_faults_year=0.15, stuck_share=0.15, cable_faults_year=3.0, node_failures_year=0.015,
    clock_failures_year=0.02, gateway_outages_year=2.0,
    gateway_outage_h=6.0, call_days=15.0, street_call_days=1.5, drift_min_month=0.8,
    dst_share=0.05, meter_noise=0.02, changes_year=1.0,
)  # fmt: skip
START = date(2027, 1, 4)


@lru_cache(maxsize=1)
def ground() -> Ground:
    """Return the fixed part of every year."""
    communes, areas = indre()
    inventory = draw_inventory(communes, areas, read_catalogue(), InventorySettings())
    rows = [*range(len(communes)), *DEPOTS]
    x_m = np.array([communes[row].x_m for row in rows])
    y_m = np.array([communes[row].y_m for row in rows])
    away_m = 1.3 * np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    places = tuple(range(len(communes), len(rows)))
    depots = 3 * places
    owner = np.argmin(away_m[: len(communes), len(communes) :], axis=1) + len(communes)
    return Ground(
        inventory, Roads(away_m / (50.0 / 3.6), away_m), depots, owner,
        dice.words_of(inventory.lamps.ids), dice.words_of(inventory.cabinets.ids),
        dice.words_of(inventory.communes),
    )  # fmt: skip


def settings_of(control: str, **service: int) -> Settings:
    """Return an option's settings."""
    section = ServiceSection(**{"years": 1, **service})
    return Settings(control=control, service=section)  # type: ignore[arg-type]


def record_of(devices: int, share: float, misses: int = 3) -> Hearing:
    """Return a record of daily beats that arrive with a probability, independently."""
    heard = np.random.default_rng(9).random((devices, 60)) < share
    none = np.zeros_like(heard)
    limits = np.full(devices, misses)
    return Hearing(86_400.0, heard, none, limits, 0 * limits, 60.0 * devices, float(heard.sum()))


def told_of(control: str, share: float) -> Told:
    """Return what a link that lets a share of the beats through tells."""
    inventory = ground().inventory
    cabinets = len(inventory.cabinets)
    none = np.zeros(len(inventory.communes), dtype=np.int64)
    if control == "clock":
        return Told()
    ears = Ears(
        record_of(cabinets, share),
        np.arange(cabinets) if control == "remote-clock" else inventory.lamps.cabinet.astype(int),
        None if control == "remote-clock" else ground().lamp_words,
    )
    both = {"orders": none + 1, "lost": none, "by_hand": none}
    if control == "remote-clock":
        return Told(clocks=ears, **both)
    return Told(nodes=ears, **both)


def lived(
    control: str,
    share: float = 1.0,
    seed: int = 36,
    figures: Figures = USUAL,
    renewal: RenewalSection | None = None,
    play: Callable[[Given], Lived] = live_fast,
    **service: int,
) -> YearsLeft:
    """Return the years of an option in one world."""
    daily_h = np.full((len(ground().inventory.communes), 365), 11.2)
    settings = settings_of(control, **service)
    if renewal is not None:
        settings = settings.model_copy(update={"renewal": renewal})
    return live_years(
        ground(), settings, figures, Streams(seed, 0), START, daily_h, told_of(control, share), play
    )


def without_devices(figures: Figures = USUAL) -> Figures:
    """Return figures in which nodes and clocks never fail themselves."""
    return replace(figures, node_failures_year=0.0, clock_failures_year=0.0)
