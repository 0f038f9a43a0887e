"""What a search costs, and how it is begun: walking a district, or closing its valves by night.

A step test (îlotage de nuit) closes valve after valve at the hour when nearly nobody draws and
watches the district's meter: where the flow falls, the leak is. It costs a night of two people and
leaves a share of the pipes to walk, for each leak; where nothing falls, nobody walks. On short
districts walking costs less. That share and the price are assumptions [U].
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.water.figures import WorldDice
from twin.units import HOUR_S, YEAR_S

NIGHT_HOURS = 10.0
"""Business hours a step test takes of a crew, rest after the night included."""


@dataclass(frozen=True)
class Searching:
    """A service's reckoning of searches, at its own prices.

    Attributes
    ----------
    eur_per_km : float
        Of listening to a kilometre.
    eur_per_m3h : float
        What a rise of 1 m3/h would lose until it ends otherwise.
    step_eur : float
        Of a step test; infinite where the service makes none.
    step_share : float
        Of a district's pipes, left to walk for a leak after a step test.
    hidden_share, called_days : float
        Of leaks that begin, those nobody calls in soon; mean days until the others are.
    """

    eur_per_km: float
    eur_per_m3h: float
    step_eur: float = math.inf
    step_share: float = 1.0
    hidden_share: float = 1.0
    called_days: float = 1.0

    def by_night(self, km: float) -> bool:
        """Whether so many kilometres are better searched by a step test first."""
        return self.step_eur + self.step_share * km * self.eur_per_km < km * self.eur_per_km

    def hidden(self, age_days: float) -> float:
        """Return how likely it is that nobody will call in a rise that is so old (Bayes).

        Most leaks are called in within days, whoever watches: a rise of yesterday is likely one of
        them, a rise of three weeks is not.
        """
        others = (1.0 - self.hidden_share) * math.exp(-max(age_days, 0.0) / self.called_days)
        return self.hidden_share / (self.hidden_share + others)

    def pays(self, excess_m3h: float, km: float) -> bool:
        """Whether a rise is worth a search of so many kilometres."""
        walk = km * self.eur_per_km
        least = min(walk, self.step_eur + self.step_share * walk)
        return excess_m3h * self.eur_per_m3h >= least


def searching_of(
    dice: WorldDice, years: float, hidden_share: float, called_days: float, *, step_test: bool
) -> Searching:
    """Return a service's reckoning in a world: it knows what its searchers and its water cost.

    `years` is how long a rise that nobody calls in is thought to last without a search.
    """
    prices = dice.prices
    return Searching(
        eur_per_km=prices.searcher_eur_day / dice.figures.search_km_day,
        eur_per_m3h=prices.marginal_eur_m3 * years * YEAR_S / HOUR_S,
        step_eur=prices.step_eur if step_test else math.inf,
        step_share=dice.figures.step_share,
        hidden_share=hidden_share,
        called_days=called_days,
    )
