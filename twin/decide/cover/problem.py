"""What a least-cost multi-cover problem is: demands, candidate sites, and what counts as enough.

A *demand* is covered once at least `redundancy` chosen sites reach it. Three requirements exist:

========  ==================================================================================
FULL      every demand is covered by min(k, sites in its reach): the set multi-cover problem
SHARE     the weight of covered demands is at least a share of the total, also per group
BUDGET    the covered weight is the largest one money can buy: the maximal-cover problem
========  ==================================================================================

SHARE and BUDGET count a demand that too few sites can reach as never covered, and keep its weight
in the denominator; FULL asks of it what its reach allows.

References: Church & ReVelle, *The maximal covering location problem*, Papers of the RSA 32 (1974)
101-118, 10.1111/j.1435-5597.1974.tb00902.x; Daskin & Owen, *Two new location covering problems:
the partial P-center problem and the partial set covering problem*, Geographical Analysis 31 (1999)
217-235, 10.1111/j.1538-4632.1999.tb00979.x.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.cover.check import check_problem


class Requirement(StrEnum):
    """What has to be reached; see the module's table."""

    FULL = "full"
    SHARE = "share"
    BUDGET = "budget"


@dataclass(frozen=True, eq=False)
class Grouping:
    """One way of cutting the demands into groups, each with a minimum share of covered weight.

    Parameters
    ----------
    name
        How the grouping is called in messages (a word of the caller's trade).
    group
        Group index per demand, shape (n_demands,); -1 for a demand outside every group.
    share
        Minimum share of the group's own weight, per group, shape (n_groups,), in [0, 1].
    labels
        Name of each group for messages; empty for plain numbers.
    """

    name: str
    group: NDArray[np.int32]
    share: NDArray[np.float64]
    labels: tuple[str, ...] = ()

    def label(self, index: int) -> str:
        """Return the name of group `index` as a reader knows it."""
        return self.labels[index] if self.labels else str(index)


def _no_sites() -> NDArray[np.int32]:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class CoverProblem:
    """A least-cost multi-cover problem; checked on construction, never changed afterwards.

    Prefer :meth:`from_csr` and :meth:`from_dense`, which convert and fill in what is uniform.

    Parameters
    ----------
    indptr, indices
        Cover matrix in CSR form, demands by sites: the sites that reach demand `j` are
        `indices[indptr[j]:indptr[j + 1]]`, strictly increasing.
    weight
        Weight per demand, shape (n_demands,), >= 0: how many objects it stands for.
    cost_eur
        Cost per site, shape (n_sites,), >= 0.
    redundancy
        Sites asked for per demand, shape (n_demands,), >= 1.
    requirement
        FULL, SHARE or BUDGET.
    share
        Share of the total weight to cover, in (0, 1]; read by SHARE only.
    groupings
        Minimum shares per group; read by SHARE and BUDGET.
    mandatory, forbidden
        Sites that must, or must not, be chosen.
    budget_eur
        Ceiling on the cost; BUDGET needs it, the others refuse it.

    Raises
    ------
    InputError
        With every fault found: sizes, NaN, negative figures, a site both mandatory and forbidden...
    """

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    weight: NDArray[np.float64]
    cost_eur: NDArray[np.float64]
    redundancy: NDArray[np.int32]
    requirement: Requirement = Requirement.FULL
    share: float = 1.0
    groupings: tuple[Grouping, ...] = ()
    mandatory: NDArray[np.int32] = field(default_factory=_no_sites)
    forbidden: NDArray[np.int32] = field(default_factory=_no_sites)
    budget_eur: float | None = None

    def __post_init__(self) -> None:
        """Refuse a malformed problem, with every fault at once."""
        check_problem(self)

    @property
    def n_demands(self) -> int:
        """Number of demands (rows)."""
        return int(self.indptr.size - 1)

    @property
    def n_sites(self) -> int:
        """Number of candidate sites (columns)."""
        return int(self.cost_eur.size)

    @classmethod
    def from_csr(
        cls,
        indptr: ArrayLike,
        indices: ArrayLike,
        *,
        cost_eur: ArrayLike,
        weight: ArrayLike | None = None,
        redundancy: ArrayLike = 1,
        requirement: Requirement = Requirement.FULL,
        share: float = 1.0,
        groupings: tuple[Grouping, ...] = (),
        mandatory: ArrayLike = (),
        forbidden: ArrayLike = (),
        budget_eur: float | None = None,
    ) -> CoverProblem:
        """Build a problem from a CSR cover matrix; scalars are spread over the demands.

        Raises
        ------
        InputError
            See the class.
        """
        rows = np.asarray(indptr, dtype=np.int32)
        count = max(rows.size - 1, 0)
        return cls(
            indptr=rows,
            indices=np.asarray(indices, dtype=np.int32),
            weight=np.asarray(_spread(1.0 if weight is None else weight, count), dtype=np.float64),
            cost_eur=np.asarray(cost_eur, dtype=np.float64),
            redundancy=_whole(_spread(redundancy, count)),
            requirement=requirement,
            share=float(share),
            groupings=groupings,
            mandatory=np.unique(np.asarray(mandatory, dtype=np.int32)),
            forbidden=np.unique(np.asarray(forbidden, dtype=np.int32)),
            budget_eur=budget_eur,
        )

    @classmethod
    def from_dense(
        cls,
        covers: NDArray[np.bool_],
        *,
        cost_eur: ArrayLike,
        weight: ArrayLike | None = None,
        redundancy: ArrayLike = 1,
        requirement: Requirement = Requirement.FULL,
        share: float = 1.0,
        groupings: tuple[Grouping, ...] = (),
        mandatory: ArrayLike = (),
        forbidden: ArrayLike = (),
        budget_eur: float | None = None,
    ) -> CoverProblem:
        """Build a problem from a boolean matrix, shape (n_demands, n_sites).

        Raises
        ------
        InputError
            See the class.
        """
        indptr = np.zeros(covers.shape[0] + 1, dtype=np.int32)
        np.cumsum(covers.sum(axis=1), out=indptr[1:])
        return cls.from_csr(
            indptr,
            np.nonzero(covers)[1],
            cost_eur=cost_eur,
            weight=weight,
            redundancy=redundancy,
            requirement=requirement,
            share=share,
            groupings=groupings,
            mandatory=mandatory,
            forbidden=forbidden,
            budget_eur=budget_eur,
        )


def _spread(values: ArrayLike, count: int) -> ArrayLike:
    array = np.asarray(values)
    return np.full(count, array) if array.ndim == 0 else array


def _whole(values: ArrayLike) -> NDArray[np.int32]:
    """Return whole numbers; anything else becomes 0, which the check refuses."""
    array = np.asarray(values, dtype=np.float64)
    whole: NDArray[np.int32] = np.where(array == np.rint(array), array, 0.0).astype(np.int32)
    return whole
