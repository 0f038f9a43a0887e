"""The territory: communes, their areas and who touches whom, in Lambert-93."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault
from twin.lang import Text
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune
from twin.territory.power import power_areas

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class Epci:
    """A group of communes: SIREN `code` and `name`."""

    code: str
    name: str


@dataclass(frozen=True)
class Territory:
    """Communes in a fixed order (the index used everywhere) with their areas.

    Build with :func:`build_territory`. All arrays have shape (communes,).
    """

    communes: tuple[Commune, ...]
    epcis: tuple[Epci, ...]
    areas: CommuneAreas

    def __len__(self) -> int:
        return len(self.communes)

    def _array(self, name: str) -> NDArray[np.float64]:
        return np.array([getattr(c, name) for c in self.communes], dtype=np.float64)

    @cached_property
    def x_m(self) -> NDArray[np.float64]:
        """Return the east of each commune's point, Lambert-93 m."""
        return self._array("x_m")

    @cached_property
    def y_m(self) -> NDArray[np.float64]:
        """Return the north of each commune's point, Lambert-93 m."""
        return self._array("y_m")

    @cached_property
    def population(self) -> NDArray[np.int64]:
        """Return the inhabitants of each commune."""
        return np.array([c.population for c in self.communes], dtype=np.int64)

    @cached_property
    def area_km2(self) -> NDArray[np.float64]:
        """Return the published area of each commune, km²."""
        return self._array("area_km2")

    @cached_property
    def zmin_m(self) -> NDArray[np.float64]:
        """Return the lowest ground of each commune, m."""
        return self._array("zmin_m")

    @cached_property
    def zmax_m(self) -> NDArray[np.float64]:
        """Return the highest ground of each commune, m."""
        return self._array("zmax_m")

    @cached_property
    def epci(self) -> NDArray[np.int16]:
        """Return the index in `epcis` of each commune's group."""
        index = {epci.code: i for i, epci in enumerate(self.epcis)}
        return np.array([index[c.epci] for c in self.communes], dtype=np.int16)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {c.insee: i for i, c in enumerate(self.communes)}

    def commune_index(self, insee: str) -> int:
        """Return the index of a commune.

        Raises
        ------
        DataError
            Where the code is not in the territory.
        """
        if insee not in self._index:
            raise DataError(
                Fault(
                    key="insee",
                    value=insee,
                    expected=Text("le code d'une commune du territoire",
                                  "the code of a commune of the territory"),
                    remedy=Text("corrigez le code, ou ajoutez la commune à la table",
                                "mend the code, or add the commune to the table"),
                )
            )  # fmt: skip
        return self._index[insee]

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) of the areas, Lambert-93 m, to one owner cell."""
        rows, columns = np.nonzero(self.areas.owner >= 0)
        west, north, r = self.areas.west_m, self.areas.north_m, self.areas.resolution_m
        return (
            west + float(columns.min()) * r,
            north - float(rows.max() + 1) * r,
            west + float(columns.max() + 1) * r,
            north - float(rows.min()) * r,
        )

    def locate(self, x_m: float, y_m: float) -> int:
        """Return the index of the commune that owns a point, -1 outside."""
        return int(self.areas.at(np.array([x_m]), np.array([y_m]))[0])

    @cached_property
    def graph(self) -> nx.Graph[str]:
        """Return the graph of touching communes.

        Nodes are INSEE codes with `kind` ("commune"), `index`, `name`, `population`, `x_m`, `y_m`
        (Lambert-93); edges carry `kind` ("border"), `border_m` (length of the common limit) and
        `distance_m` (between the two points). `graph.graph["crs"]` is "EPSG:2154".
        """
        import networkx as nx

        graph: nx.Graph[str] = nx.Graph(crs="EPSG:2154")
        for index, c in enumerate(self.communes):
            graph.add_node(
                c.insee,
                kind="commune",
                index=index,
                name=c.name,
                population=c.population,
                x_m=c.x_m,
                y_m=c.y_m,
            )
        for (i, j), border_m in self.areas.borders_m().items():
            a, b = self.communes[i], self.communes[j]
            graph.add_edge(
                a.insee,
                b.insee,
                kind="border",
                border_m=border_m,
                distance_m=float(np.hypot(a.x_m - b.x_m, a.y_m - b.y_m)),
            )
        return graph


def build_territory(communes: Sequence[Commune], areas: CommuneAreas | None = None) -> Territory:
    """Return the territory of some communes.

    `areas` must have been built from the same communes in the same order; without it, power cells
    that reproduce the published areas stand in (label: approximate limits).
    """
    epcis = tuple(
        Epci(code, name) for code, name in sorted({(c.epci, c.epci_name) for c in communes})
    )
    found = areas if areas is not None else power_areas(communes)
    return Territory(communes=tuple(communes), epcis=epcis, areas=found)
