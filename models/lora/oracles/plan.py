"""Known truths of the plan: what a gateway costs, and the fewest sites that hear everybody."""

from __future__ import annotations

from twin.lang import Text
from twin.oracle import Oracle

_SHEET = "TCO of a gateway, 10 years at 3.2 %, no residual value"
_LIVES = 64

_PRICES = {
    "gateway_hardware_eur": (450.0, 900.0, 2_000.0),
    "gateway_install_eur": (400.0, 1_200.0, 3_500.0),
    "gateway_power_eur": (0.0, 300.0, 2_500.0),
    "rent_public_eur_per_year": (0.0, 50.0, 300.0),
    "backhaul_eur_per_month": (2.0, 6.0, 15.0),
    "electricity_eur_per_year": (7.0, 18.0, 40.0),
    "maintenance_eur_per_year": (100.0, 200.0, 450.0),
}
"""Low, usual and high prices of the reference's prototype, beta (PERT) between them [U]."""

_LIFE_YEARS = (6.0, 8.0, 12.0)

_FANO = ((0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5))
"""Seven meters, the three sites of seven that each may be heard by: lines of the Fano plane."""


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of the bill and of siting.

    Returns
    -------
    tuple of Oracle
        Costs against the reference's formula, optima against a problem whose optimum is known.
    """
    return (
        Oracle(
            "lora.bill.gateway",
            Text("une passerelle sur 10 ans, aux prix usuels, HT",
                 "one gateway over 10 years, at usual prices, excluding VAT"),
            f"{_SHEET}; closed form: 2400 + 8.4438 x 340 + 1500/1.032^8", "€", 6_436.77, 0.005,
            _usual_eur,
        ),
        Oracle(
            "lora.bill.mean",
            Text("une passerelle sur 10 ans, moyenne sur les prix incertains, HT",
                 "one gateway over 10 years, mean over uncertain prices, excluding VAT"),
            f"{_SHEET}; draws of the procurement reference's prototype: 7.8 k€", "k€", 7.8, 0.05,
            _mean_keur,
        ),
        Oracle(
            "lora.siting.double",
            Text("le moins de sites, 7 compteurs entendus par deux des trois à leur portée",
                 "fewest sites, 7 meters heard by two of the three within reach"),
            "Fano plane: all points but one meet each line twice, no five do", "1", 6.0, 0.0,
            _fewest,
        ),
        Oracle(
            "lora.siting.bound",
            Text("plus petite somme de sites à 5 et 7 € qui vaille au moins 13,3 €",
                 "least sum of sites at €5 and €7 worth €13.3 at least"),
            "counted by hand: 7 + 7", "€", 14.0, 1e-9, _bound_eur,
        ),
    )  # fmt: skip


def _gateway_eur(prices: dict[str, float]) -> float:
    from models.lora.bill import gateway_tco
    from twin.scenario.schema import MoneySection

    money = MoneySection(horizon_years=10, discount_rate=0.032)
    return gateway_tco(prices.__getitem__, money, private=False, residual=False).total.ht_eur


def _usual_eur() -> float:
    usual = {name: price for name, (_, price, _) in _PRICES.items()}
    return _gateway_eur({**usual, "gateway_life_years": _LIFE_YEARS[1]})


def _mean_keur() -> float:
    import numpy as np

    from twin.decide.priors import Prior

    # Linear in every price, so that means are enough; the life alone is gone through.
    means = {name: Prior(name, *price).mean() for name, price in _PRICES.items()}
    lives = Prior("gateway_life_years", *_LIFE_YEARS).quantiles((np.arange(_LIVES) + 0.5) / _LIVES)
    costs = [_gateway_eur({**means, "gateway_life_years": float(life)}) for life in lives]
    return float(np.mean(costs)) / 1_000.0


def _fewest() -> float:
    import numpy as np

    from twin.decide.cover import CoverProblem, solve_cover
    from twin.streams import Streams

    reach = np.zeros((len(_FANO), 7), dtype=np.bool_)
    for meter, sites in enumerate(_FANO):
        reach[meter, list(sites)] = True
    problem = CoverProblem.from_dense(reach, cost_eur=np.ones(7), redundancy=2)
    solution = solve_cover(problem, Streams(36, 0).generator("lora", "oracle-siting"))
    return float(len(solution.sites))


def _bound_eur() -> float:
    import numpy as np

    from models.lora.bound import attainable

    return attainable(13.3, np.array([5.0, 7.0]))
