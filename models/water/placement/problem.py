"""Where to put k sensors: each event is charged to the chosen sensor that limits it best.

    minimise  sum over events e of weight_e x min(nothing_e, least impact_se over chosen s)

The p-median problem with a dummy site (Berry et al. 2006, J. Water Resour. Plann. Manage. 132,
218-224). With impacts of 0 (seen) and 1 (not), it is maximal covering.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Floats
from twin.errors import Fault, InputError
from twin.lang import Text


@dataclass(frozen=True, eq=False)
class PlacementProblem:
    """A placement problem; `create` checks and fills in.

    Attributes
    ----------
    impact : Floats
        What an event costs when this place is the best sensor, never more than `nothing`; shape
        (places, events).
    nothing : Floats
        What it costs without any sensor; shape (events,).
    weight : Floats
        Of each event: how often it happens, say; shape (events,).
    """

    impact: Floats
    nothing: Floats
    weight: Floats

    @classmethod
    def create(
        cls, impact: ArrayLike, nothing: ArrayLike, weight: ArrayLike | None = None
    ) -> PlacementProblem:
        """Return a problem; impacts above `nothing` are cut off at it.

        Parameters
        ----------
        impact
            Shape (places, events); infinite for an event that this place never sees.
        nothing
            Cost without a sensor: one, or by event; finite.
        weight
            By event; 1 / events if None, so that the objective is a mean.

        Raises
        ------
        InputError
            Wrong shapes, no place, values below zero or no numbers.
        """
        matrix = np.asarray(impact, dtype=np.float64)
        if matrix.ndim != 2 or not matrix.size:  # noqa: PLR2004 - places and events
            raise _fault(
                "impact", str(matrix.shape), Text("(lieux, événements)", "(places, events)")
            )
        events = matrix.shape[1]
        bare = np.asarray(nothing, dtype=np.float64)
        weights = np.asarray(1.0 / events if weight is None else weight, dtype=np.float64)
        number = Text("un nombre positif ou nul", "a number of zero or more")
        if not bool((matrix >= 0.0).all()):
            raise _fault("impact", "NaN or below 0", number)
        for key, values in (("nothing", bare), ("weight", weights)):
            if values.shape not in {(), (events,)}:
                raise _fault(key, str(values.shape), Text(f"{events} valeurs", f"{events} values"))
            if not bool((np.isfinite(values) & (values >= 0.0)).all()):
                raise _fault(key, "NaN, infinite or below 0", number)
        bare = np.broadcast_to(bare, (events,))
        return cls(np.minimum(matrix, bare), bare, np.broadcast_to(weights, (events,)))

    @property
    def places(self) -> int:
        """Number of places a sensor may stand."""
        return int(self.impact.shape[0])

    def value(self, chosen: ArrayLike) -> float:
        """Return the objective for these places."""
        places = np.asarray(chosen, dtype=np.int64).ravel()
        least = np.minimum(self.nothing, self.impact[places].min(axis=0, initial=np.inf))
        return float(self.weight @ least)

    def check_count(self, k: int) -> None:
        """Raise an InputError unless 1 <= k <= places."""
        if not 1 <= k <= self.places:
            text = Text(f"entre 1 et {self.places} capteurs", f"from 1 to {self.places} sensors")
            raise _fault("k", str(k), text)


@dataclass(frozen=True, eq=False)
class Placement:
    """Places chosen, and how good they are proven to be.

    Attributes
    ----------
    chosen : tuple of int
        In the order chosen by the greedy search, ascending otherwise.
    value : float
        The objective.
    bound : float
        No k places have a lower objective.
    proven : bool
        Whether `value` is the optimum.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float
    proven: bool

    @property
    def gap(self) -> float:
        """Share of the objective that better places might still save; 0 when proven."""
        if self.proven or self.value <= 0.0:
            return 0.0
        return max(0.0, (self.value - self.bound) / self.value)


def _fault(key: str, value: str, expected: Text) -> InputError:
    remedy = Text(f"corriger {key}", f"correct {key}")
    return InputError(Fault(expected, remedy, key=key, value=value))
