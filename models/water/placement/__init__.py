"""Where pressure sensors see most leaks soonest: greedy with a bound, or proven best."""

from models.water.placement.exact import best_places
from models.water.placement.greedy import greedy, swapped
from models.water.placement.impact import days_to_see, detection, lost_m3
from models.water.placement.problem import Placement, PlacementProblem

__all__ = [
    "Placement",
    "PlacementProblem",
    "best_places",
    "days_to_see",
    "detection",
    "greedy",
    "lost_m3",
    "swapped",
]
