"""What `run.py warm` compiles of public lighting: sun, nights, load curves, fleet, tours, beats."""

from __future__ import annotations


def compile_all() -> None:
    """Play a few days of one place."""
    import numpy as np

    from models.lighting.crews.tour import plan_tour
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
    none = np.zeros(1)
    plan_tour(np.zeros((2, 2)), none, none, np.ones(1, dtype=np.bool_), 1, 1.0, 1.0, 1.0)
    beats, one = np.ones((1, 2), dtype=np.bool_), np.ones(1, dtype=np.int64)
    hearing = Hearing(1.0, beats, ~beats, one, one, 2.0, 2.0)
    heard_after(hearing, 0 * one, one)
    silence_after(hearing, 0 * one, one)
    laws = [(Life(1_000.0, 3.0), Darkness(15.0, 90.0, 1.0, 0.9, 3, 0.2))]
    play_fleet(Streams(1, 0), name_words(["lamp"]), np.zeros(1, np.int32), laws, 100.0, 1)


JOBS = (compile_all,)
