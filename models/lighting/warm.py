"""What `run.py warm` compiles of public lighting: the sun, a night, load curves, a fleet."""

from __future__ import annotations


def compile_all() -> None:
    """Play a few days of one place."""
    import numpy as np

    from models.lighting.demand.curves import Load, load_curves_w
    from models.lighting.failures.fleet import play_fleet
    from models.lighting.failures.laws import Darkness, Life
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
    laws = [(Life(1_000.0, 3.0), Darkness(15.0, 90.0, 1.0, 0.9, 3, 0.2))]
    play_fleet(Streams(1, 0), name_words(["lamp"]), np.zeros(1, np.int32), laws, 100.0, 1)


JOBS = (compile_all,)
