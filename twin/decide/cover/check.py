"""What makes a cover problem malformed: every fault is collected, then raised once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text

if TYPE_CHECKING:
    from twin.decide.cover.problem import CoverProblem, Grouping

_SHOWN = 5


def check_problem(problem: CoverProblem) -> None:
    """Raise one `InputError` carrying every fault of `problem`, or return."""
    faults = [
        *_matrix_faults(problem),
        *_vector_faults("weight", problem.weight, problem.n_demands),
        *_vector_faults("cost_eur", problem.cost_eur, problem.n_sites),
        *_redundancy_faults(problem),
        *_target_faults(problem),
        *_site_faults(problem),
    ]
    for grouping in problem.groupings:
        faults += _grouping_faults(grouping, problem.n_demands)
    if faults:
        raise InputError(*faults)


def _listed(where: NDArray[np.signedinteger]) -> str:
    tail = ", …" if where.size > _SHOWN else ""
    return ", ".join(str(i) for i in where[:_SHOWN]) + tail


def _matrix_faults(problem: CoverProblem) -> list[Fault]:
    indptr, indices = problem.indptr, problem.indices
    remedy = Text("reconstruire la matrice de couverture", "rebuild the cover matrix")
    if indptr.size < 2 or problem.n_sites == 0:  # noqa: PLR2004 - one row needs two pointers
        return [
            Fault(
                Text("au moins une demande et un site", "at least one demand and one site"),
                Text("vérifier les fichiers d'entrée", "check the input files"),
                key="indptr, cost_eur",
                value=f"{problem.n_demands} x {problem.n_sites}",
            )
        ]
    if indptr[0] != 0 or indptr[-1] != indices.size or bool((np.diff(indptr) < 0).any()):
        text = Text(
            "pointeurs croissants de 0 au nombre d'indices",
            "pointers increasing from 0 to the number of indices",
        )
        return [Fault(text, remedy, key="indptr", value=f"{indptr[0]}..{indptr[-1]}")]
    outside = np.flatnonzero((indices < 0) | (indices >= problem.n_sites))
    if outside.size:
        text = Text(
            f"un numéro de site entre 0 et {problem.n_sites - 1}",
            f"a site number between 0 and {problem.n_sites - 1}",
        )
        return [Fault(text, remedy, key="indices", value=str(indices[outside[0]]))]
    rows = np.repeat(np.arange(problem.n_demands), np.diff(indptr))
    stuck = np.flatnonzero((np.diff(indices) <= 0) & (rows[1:] == rows[:-1]))
    if stuck.size:
        text = Text(
            "les sites d'une demande en ordre strictement croissant",
            "the sites of a demand in strictly increasing order",
        )
        return [Fault(text, remedy, key="indices", value=f"row {rows[stuck[0]]}")]
    return []


def _vector_faults(key: str, values: NDArray[np.float64], count: int) -> list[Fault]:
    remedy = Text(f"corriger {key}", f"correct {key}")
    if values.shape != (count,):
        text = Text(f"{count} valeurs", f"{count} values")
        return [Fault(text, remedy, key=key, value=str(values.shape))]
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0.0)))
    if bad.size == 0:
        return []
    return [
        Fault(
            Text("un nombre fini, positif ou nul", "a finite number, zero or more"),
            remedy,
            key=f"{key}[{_listed(bad)}]",
            value=str(values[bad[0]]),
        )
    ]


def _redundancy_faults(problem: CoverProblem) -> list[Fault]:
    values = problem.redundancy
    if values.shape == (problem.n_demands,) and bool((values >= 1).all()):
        return []
    return [
        Fault(
            Text("un entier au moins égal à 1 par demande", "an integer of at least 1 per demand"),
            Text("demander au moins un site par objet", "ask for at least one site per object"),
            key="redundancy",
            value=str(values.min()) if values.size else "()",
        )
    ]


def _target_faults(problem: CoverProblem) -> list[Fault]:
    faults = []
    if not 0.0 < problem.share <= 1.0:
        faults.append(
            Fault(
                Text("une part dans ]0, 1]", "a share in (0, 1]"),
                Text("écrire 0.95 pour 95 %", "write 0.95 for 95 %"),
                key="share",
                value=str(problem.share),
            )
        )
    budget = problem.budget_eur
    if problem.requirement == "budget":
        if budget is None or not math.isfinite(budget) or budget < 0.0:
            faults.append(
                Fault(
                    Text("un montant fini, positif ou nul", "a finite amount, zero or more"),
                    Text("donner le budget en euros", "give the budget in euros"),
                    key="budget_eur",
                    value=str(budget),
                )
            )
    elif budget is not None:
        faults.append(
            Fault(
                Text("aucun budget pour cette exigence", "no budget with this requirement"),
                Text("choisir l'exigence « budget »", "choose the requirement 'budget'"),
                key="budget_eur",
                value=str(budget),
            )
        )
    if problem.requirement == "full" and problem.groupings:
        faults.append(
            Fault(
                Text(
                    "aucun groupe : tout est déjà exigé", "no groups: everything is asked already"
                ),
                Text("choisir l'exigence « share »", "choose the requirement 'share'"),
                key="groupings",
                value=str(len(problem.groupings)),
            )
        )
    if problem.requirement != "full" and not problem.weight.sum() > 0.0:
        faults.append(
            Fault(
                Text("un poids total positif", "a positive total weight"),
                Text("donner un poids aux demandes", "give the demands a weight"),
                key="weight",
                value=str(problem.weight.sum()),
            )
        )
    return faults


def _site_faults(problem: CoverProblem) -> list[Fault]:
    faults = []
    for key, sites in (("mandatory", problem.mandatory), ("forbidden", problem.forbidden)):
        outside = sites[(sites < 0) | (sites >= problem.n_sites)]
        if outside.size:
            faults.append(
                Fault(
                    Text(
                        f"un numéro de site entre 0 et {problem.n_sites - 1}",
                        f"a site number between 0 and {problem.n_sites - 1}",
                    ),
                    Text("retirer ce site de la liste", "remove this site from the list"),
                    key=key,
                    value=_listed(outside),
                )
            )
    both = np.intersect1d(problem.mandatory, problem.forbidden)
    if both.size:
        faults.append(
            Fault(
                Text("un site obligatoire ou interdit, pas les deux", "mandatory or forbidden"),
                Text("retirer le site de l'une des listes", "remove it from one of the lists"),
                key="mandatory, forbidden",
                value=_listed(both),
            )
        )
    return faults


def _grouping_faults(grouping: Grouping, n_demands: int) -> list[Fault]:
    faults = []
    key = f"groupings.{grouping.name}"
    groups = grouping.share.size
    if grouping.group.shape != (n_demands,):
        faults.append(
            Fault(
                Text(f"un groupe pour chacune des {n_demands} demandes", f"{n_demands} groups"),
                Text("donner -1 hors de tout groupe", "give -1 outside every group"),
                key=f"{key}.group",
                value=str(grouping.group.shape),
            )
        )
    elif grouping.group.size and (grouping.group.min() < -1 or grouping.group.max() >= groups):
        faults.append(
            Fault(
                Text(f"un numéro entre -1 et {groups - 1}", f"a number from -1 to {groups - 1}"),
                Text("donner une part à chaque groupe", "give each group a share"),
                key=f"{key}.group",
                value=f"{grouping.group.min()}..{grouping.group.max()}",
            )
        )
    bad = np.flatnonzero(~((grouping.share >= 0.0) & (grouping.share <= 1.0)))
    if bad.size:
        faults.append(
            Fault(
                Text("une part dans [0, 1]", "a share in [0, 1]"),
                Text("écrire 0.95 pour 95 %", "write 0.95 for 95 %"),
                key=f"{key}.share[{_listed(bad)}]",
                value=str(grouping.share[bad[0]]),
            )
        )
    if grouping.labels and len(grouping.labels) != groups:
        faults.append(
            Fault(
                Text(f"{groups} noms", f"{groups} names"),
                Text("nommer chaque groupe ou aucun", "name every group or none"),
                key=f"{key}.labels",
                value=str(len(grouping.labels)),
            )
        )
    return faults
