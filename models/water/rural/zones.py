"""One distribution zone a commune, made up from people, ground and a few figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from models.water.rural.assemble import assemble
from models.water.rural.draw import Draw, draw_of
from models.water.rural.dwellings import Dwellings, dwellings
from models.water.rural.layout import MODEL, Layout, along_roads, hang_apart, lay_out
from models.water.rural.mains import laid
from models.water.rural.reducing import reducers, too_high
from models.water.rural.services import services_of
from models.water.rural.settings import DesignSection, RuralSettings
from models.water.rural.sizing import Sized, size
from models.water.rural.supply import supply_of
from models.water.zone import Zone
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams
from twin.terrain.grid import Terrain
from twin.territory.communes import Commune
from twin.territory.territory import Territory


def build_zones(
    territory: Territory,
    terrain: Terrain,
    settings: RuralSettings,
    seed: int,
    services: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
) -> tuple[Zone, ...]:
    """Return a zone for each inhabited commune, in the order of the communes.

    Every commune has dice of its own, named by its code: with the same areas and ground, a zone
    does not depend on the other communes, unless `shape.km_total` ties them together.

    Parameters
    ----------
    territory
        Communes and their areas.
    terrain
        The ground; it must cover the communes.
    settings
        The figures.
    seed
        Of all dice but the places of homes, which are those of the gateway question.
    services
        Service of each commune by INSEE code; :func:`services_of` without it.
    only
        INSEE codes of the communes to build; all without it.

    Raises
    ------
    DataError
        Where the terrain has no height somewhere in a commune.
    InputError
        As :func:`common_detour`.
    """
    streams = Streams(seed, 0)
    run_by = services_of(territory.communes) if services is None else services
    wanted = territory.population > 0
    if only is not None:
        wanted &= np.array([commune.insee in only for commune in territory.communes])
    homes = dwellings(territory, wanted, settings.people, streams)
    rows = np.flatnonzero(wanted).tolist()
    plans = [
        lay_out(
            territory.communes[row],
            row,
            territory.areas,
            terrain,
            homes[row],
            settings.shape,
            settings.design,
            streams,
        )
        for row in rows
    ]
    detour = common_detour(plans, settings)
    return tuple(
        build_zone(
            territory.communes[row],
            along_roads(
                plan, detour, settings.shape.longest_pipe_m, terrain, territory.communes[row]
            ),
            homes[row],
            settings,
            streams,
            run_by[territory.communes[row].insee],
        )
        for row, plan in zip(rows, plans, strict=True)
    )


def common_detour(plans: Collection[Layout], settings: RuralSettings) -> float:
    """Return the detour of all pipes: the given one, or the one that gives `km_total`.

    Raises
    ------
    InputError
        Where `km_total` is less than the straight lines.
    """
    if settings.shape.km_total is None or not plans:
        return settings.shape.detour
    straight_km = sum(plan.length_m for plan in plans) / 1e3
    if settings.shape.km_total < straight_km:
        raise InputError(
            Fault(
                key="rural.shape.km_total",
                value=f"{settings.shape.km_total:g}",
                expected=Text(
                    f"au moins {straight_km:.0f} km, ce que donnent les lignes droites",
                    f"at least {straight_km:.0f} km, which straight lines give",
                ),
                remedy=Text(
                    "corriger la longueur, ou demander moins de nœuds (junctions_base)",
                    "mend the length, or ask for fewer junctions (junctions_base)",
                ),
            )
        )
    return settings.shape.km_total / straight_km


def build_zone(
    commune: Commune,
    layout: Layout,
    homes: Dwellings,
    settings: RuralSettings,
    streams: Streams,
    service: str,
) -> Zone:
    """Return the zone of one commune from its plan along roads."""
    die = streams.uniform(MODEL, "borehole or bought water", commune.insee)
    borehole = die < settings.design.borehole_share
    for last in (False, True):
        draw = draw_of(commune, layout, homes, settings.people, streams)
        sized = _sized(commune, layout, draw, settings.design, streams)
        supply = supply_of(layout, draw, sized, settings.design, borehole=borehole)
        valves = reducers(layout, sized, supply.top_m, settings.design.most_pressure_m)
        high = too_high(layout, sized, valves, supply.top_m, draw.homes > 0.0)
        if last or not high.size:
            break
        layout = hang_apart(layout, high)
    return assemble(commune, service, layout, draw, sized, supply, valves)


def _sized(
    commune: Commune, layout: Layout, draw: Draw, design: DesignSection, streams: Streams
) -> Sized:
    lengths = np.concatenate([layout.way_m, layout.loop_m])
    away = np.hypot(layout.x_m - commune.x_m, layout.y_m - commune.y_m)
    away = np.concatenate([away, away[layout.loops].max(axis=1, initial=0.0)])
    year, material = laid(lengths, away, commune.insee, streams)
    return size(layout, draw, year, material, design)
