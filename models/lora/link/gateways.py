"""Where the gateways of a link stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.signals import AssetId


@dataclass(frozen=True)
class GatewaySites:
    """Gateways, one entry each: names, places in Lambert-93 metres, heights above ground.

    Raises
    ------
    InputError
        With every fault: no gateway, lengths that differ, a number that is not finite, two
        gateways of one name.
    """

    ids: tuple[AssetId, ...]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    height_m: NDArray[np.float64]

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise InputError(*faults)

    def __len__(self) -> int:
        """Return the number of gateways."""
        return len(self.ids)

    @cached_property
    def places(self) -> dict[AssetId, int]:
        """Return the index of each gateway by name."""
        return {name: index for index, name in enumerate(self.ids)}

    def _faults(self) -> Iterator[Fault]:
        if not self.ids:
            yield Fault(
                Text("au moins une passerelle", "at least one gateway"),
                Text("ou choisir le lien « none »", "or choose the link 'none'"),
                key="gateways",
            )
        if len(set(self.ids)) < len(self.ids):
            twice = next(name for name in self.ids if self.ids.count(name) > 1)
            yield Fault(
                Text("des noms tous différents", "names that all differ"),
                Text("renommer une passerelle", "rename a gateway"),
                key="gateways.ids",
                value=twice,
            )
        for key in ("x_m", "y_m", "height_m"):
            values: NDArray[np.float64] = getattr(self, key)
            if np.shape(values) != (len(self.ids),) or not np.all(np.isfinite(values)):
                yield Fault(
                    Text(
                        f"{len(self.ids)} nombres finis, un par passerelle",
                        f"{len(self.ids)} finite numbers, one a gateway",
                    ),
                    Text("corriger la table des passerelles", "correct the gateways' table"),
                    key=f"gateways.{key}",
                    value=f"{np.shape(values)}",
                )
