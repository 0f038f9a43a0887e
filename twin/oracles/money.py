"""Known truths of money and of belief: discounting, taxes, ranges."""

from __future__ import annotations

from twin.lang import Text
from twin.oracle import Oracle

_STRATEGY = "France Stratégie, guide complement of 21 October 2021: 3.2 %, year 22"
_FCTVA = "FCTVA 16.404 % of the amount incl. VAT; 100 excl. VAT is 120 incl. VAT"


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of money."""
    return (
        Oracle(
            "money.discount", Text("facteur d'actualisation à 3,2 %, an 22",
                                   "discount factor at 3.2 %, year 22"),
            _STRATEGY, "1", 0.5001, 5e-5, _discount,
        ),
        Oracle(
            "money.annuity", Text("annuités de 10 ans à 3,2 %", "annuity of 10 years at 3.2 %"),
            "closed form: (1 - 1.032^-10)/0.032", "1", (1.0 - 1.032**-10) / 0.032, 1e-9, _annuity,
        ),
        Oracle(
            "money.investment", Text("100 € HT investis, nets de FCTVA",
                                     "€100 excl. VAT invested, net of FCTVA"),
            _FCTVA, "€", 100.32, 0.005, _net_eur,
        ),
        Oracle(
            "money.pert", Text("moyenne PERT de 10, 20, 60", "PERT mean of 10, 20, 60"),
            "Malcolm et al. 1959: (low + 4 mode + high)/6", "1", 25.0, 1e-9, _pert_mean,
        ),
        Oracle(
            "money.pert.median", Text("médiane PERT de 0, 1/2, 1", "PERT median of 0, 1/2, 1"),
            "by symmetry", "1", 0.5, 1e-12, _pert_median,
        ),
    )  # fmt: skip


def _discount() -> float:
    from twin.decide.costs import discount_factor

    return float(discount_factor(0.032, 22))


def _annuity() -> float:
    from twin.decide.costs import annuity

    return float(annuity(0.032, 10))


def _net_eur() -> float:
    from twin.decide.costs import Kind, with_tax

    return float(with_tax(100.0, Kind.INVESTMENT).net_eur)


def _pert_mean() -> float:
    from twin.decide.priors import Prior

    return Prior("x", 10.0, 20.0, 60.0).mean()


def _pert_median() -> float:
    from twin.decide.priors import Prior

    return Prior("x", 0.0, 0.5, 1.0).quantile(0.5)
