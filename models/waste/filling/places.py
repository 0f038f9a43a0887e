"""The drop-off points: names and positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text


@dataclass(frozen=True, eq=False)
class Places:
    """Drop-off points: their names, and positions in Lambert-93 metres, shape (points,).

    Raises
    ------
    InputError
        Lengths differ, a name occurs twice, or a position is not finite.
    """

    ids: tuple[str, ...]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]

    def __post_init__(self) -> None:
        faults = []
        if not len(self.ids) == len(self.x_m) == len(self.y_m):
            faults.append(
                Fault(
                    key="ids, x_m, y_m",
                    value=f"{len(self.ids)}, {len(self.x_m)}, {len(self.y_m)}",
                    expected=Text("trois longueurs égales", "three equal lengths"),
                    remedy=Text("donnez un nom et une position à chaque point",
                                "give each point a name and a position"),
                )
            )  # fmt: skip
        elif not (np.isfinite(self.x_m) & np.isfinite(self.y_m)).all():
            row = int(np.argmin(np.isfinite(self.x_m) & np.isfinite(self.y_m)))
            faults.append(
                Fault(
                    key=f"x_m, y_m, {self.ids[row]}",
                    value=f"{self.x_m[row]:g}, {self.y_m[row]:g}",
                    expected=Text("des mètres Lambert-93", "Lambert-93 metres"),
                    remedy=Text("corrigez la position", "mend the position"),
                )
            )
        if len(set(self.ids)) < len(self.ids):
            twice = next(name for name in self.ids if self.ids.count(name) > 1)
            faults.append(
                Fault(
                    key="ids",
                    value=twice,
                    expected=Text("un nom unique par point", "one unique name per point"),
                    remedy=Text("renommez l'un des deux", "rename one of the two"),
                )
            )
        if faults:
            raise InputError(*faults)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each point by name."""
        return {name: row for row, name in enumerate(self.ids)}

    def rows(self, names: Iterable[str], key: str) -> list[int]:
        """Return the rows of points by name; none named means all of them.

        Raises
        ------
        InputError
            A name that no point bears; `key` says where it was written.
        """
        wanted = list(names)
        unknown = [name for name in wanted if name not in self.row_of]
        if unknown:
            raise InputError(
                *(
                    Fault(
                        key=key,
                        value=name,
                        expected=Text("le nom d'un point de dépôt", "the name of a drop-off point"),
                        remedy=Text("corrigez le nom ou ajoutez le point",
                                    "mend the name or add the point"),
                    )
                    for name in unknown
                )
            )  # fmt: skip
        return [self.row_of[name] for name in wanted] if wanted else list(range(len(self)))
