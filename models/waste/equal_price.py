"""The price of a full day at which a rule keeps today's service.

A rule that saves kilometres by leaving bins full has saved nothing. The price of one full day is
the rule's only knob between the two; it is set so that in the most expected world points are full
for the share of time they are under today's calendar. Settings may name a price instead.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

from twin.files import write_atomically

FIRST_EUR = 200.0
LEAST_EUR, MOST_EUR = 20.0, 3_000.0
TRIALS = 3
USUAL_SLOPE = -0.45
"""Change of the logarithm of time full with that of the price, seen on made-up points [D]; only
where to look first depends on it."""
SERVICE_MARGIN = 0.97
"""Share of today's time full that is aimed at: the trials are noisy."""


def equal_price(full_share: Callable[[float], float], today: float) -> float:
    """Return the price whose time full is about `today`'s: a secant in logarithms.

    Parameters
    ----------
    full_share
        Time full at a price, both positive; falls with the price.
    today
        The share wanted.
    """
    wanted = math.log(max(today * SERVICE_MARGIN, 1e-6))
    price, slope = math.log(FIRST_EUR), USUAL_SLOPE
    tried: list[tuple[float, float]] = []
    for _ in range(TRIALS):
        tried.append((price, math.log(max(full_share(math.exp(price)), 1e-6))))
        if len(tried) > 1:
            (x0, y0), (x1, y1) = tried[-2:]
            if abs(x1 - x0) > 1e-9:  # noqa: PLR2004 - the bounds stop the search
                # Noise must not turn the slope over, nor flatten it.
                slope = min(-0.15, max(-1.5, (y1 - y0) / (x1 - x0)))
        price = tried[-1][0] + (wanted - tried[-1][1]) / slope
        price = min(math.log(MOST_EUR), max(math.log(LEAST_EUR), price))
    return round(math.exp(price), 1)


def kept(file: Path, name: str, make: Callable[[], float]) -> float:
    """Return the number a file keeps under `name`, made and written where it is not there yet."""
    if not file.is_file():
        value = make()
        with write_atomically(file, "w") as handle:
            json.dump({name: value}, handle)
    return float(json.loads(file.read_text(encoding="utf-8"))[name])
