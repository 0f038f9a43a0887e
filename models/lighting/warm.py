"""What `run.py warm` compiles of public lighting: sun, nights, load curves, fleet, years."""

from __future__ import annotations


def compile_all() -> None:
    """Play a few days of one place."""
    import numpy as np

    from models.lighting.demand.curves import Load, load_curves_w
    from models.lighting.failures.fleet import play_fleet
    from models.lighting.failures.laws import Darkness, Life
    from models.lighting.hearing.record import Hearing, heard_after, silence_after
    from models.lighting.schedules.nights import nights_profile
    from models.lighting.schedules.presets import part_night
    from models.lighting.sun.grid import altitudes_deg
    from models.lighting.sun.passages import crossings
    from twin.device_keys import name_words
    from twin.streams import Streams

    altitudes_deg([46.8], [1.7], [0.0], 0.0, 10)
    first_day = 20_086
    found = crossings([46.8], [1.7], [0.0], first_day, 371, -0.8333)
    profile = nights_profile(part_night("23:00", "05:00"), found, 2025)
    watts = np.ones(1)
    load_curves_w(np.zeros(1, dtype=np.int32), [Load(profile, watts, watts, watts)])
    beats, one = np.ones((1, 2), dtype=np.bool_), np.ones(1, dtype=np.int64)
    hearing = Hearing(1.0, beats, ~beats, one, one, 2.0, 2.0)
    heard_after(hearing, 0 * one, one)
    silence_after(hearing, 0 * one, one)
    laws = [(Life(1_000.0, 3.0), Darkness(15.0, 90.0, 1.0, 0.9, 3, 0.2))]
    play_fleet(Streams(1, 0), name_words(["lamp"]), np.zeros(1, np.int32), laws, 100.0, 1)


def compile_years() -> None:
    """Live two days of one lamp."""
    from datetime import date
    from typing import Any

    import numpy as np

    from models.lighting.crews.crews import Roads
    from models.lighting.figures import FIGURE_ROWS, Figures
    from models.lighting.inventory.inventory import Cabinets, Inventory, Lamps, Streets
    from models.lighting.lamp_types import LampType
    from models.lighting.living.fast.play import live_fast
    from models.lighting.living.faults import Faults
    from models.lighting.living.given import Given, Ground, Told, within_days
    from models.lighting.living.patrols import Patrols
    from models.lighting.living.place import Laws
    from models.lighting.renewal import plan_renewal
    from models.lighting.settings import CrewsSection, RenewalSection
    from twin.device_keys import name_words
    from twin.lang import same

    one, none, key = np.ones(1), np.zeros(1, dtype=np.int32), name_words(["one"])
    figures = Figures(*[1.0] * len(FIGURE_ROWS))
    inventory = Inventory(
        communes=("one",),
        types=(LampType("led", "led", 1.0, 0.0, 1.0, True, 0.1, 1.0, 1.0, 0.0),),  # noqa: FBT003
        streets=Streets(("one",), none, ("P4",), one, one, one, one),
        cabinets=Cabinets(("one",), one, one, none, one),
        lamps=Lamps(("one",), one, one, one, none, none, none, none - 1, none),
        source=same("one"),
        synthetic=True,
    )
    renewal = plan_renewal(inventory, RenewalSection())
    far: Any = np.zeros((2, 2))
    ground = Ground(
        inventory, Roads(far, far), (1,), np.ones(1, dtype=np.int64), key, key, key
    )  # fmt: skip
    live_fast(
        Given(
            ground=ground,
            figures=figures,
            control="clock",
            laws=Laws(inventory, figures, none.astype(np.int64)),
            renewal=renewal,
            keys=(key, key),
            first_shares=one,
            faults=Faults(none[:0].astype(np.int8), none[:0].astype(np.int64), one[:0]),
            patrols=Patrols(key, 0),
            told=Told(),
            errands=((), ()),
            working=np.ones(2, dtype=np.bool_),
            within_days=within_days(CrewsSection()),
            start=date(2027, 1, 4),
            daily_h=np.ones((1, 2)),
        )
    )


JOBS = (compile_all, compile_years)
