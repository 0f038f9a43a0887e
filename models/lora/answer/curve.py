"""What each share of the meters costs: the recommended option solved again for other targets."""

from __future__ import annotations

from dataclasses import dataclass

from models.lora.answer.findings import Findings
from models.lora.plan import Siting

SHARES = (0.60, 0.70, 0.80, 0.85, 0.90, 0.93, 0.96, 0.98)
"""Targets solved beside the option's own; a quick study solves every other one."""


@dataclass(frozen=True)
class CurveStep:
    """One point: expected share of the meters, ten-year cost of its gateways, their number."""

    share: float
    cost_eur: float
    gateways: int
    chosen: bool


def cost_steps(findings: Findings) -> tuple[CurveStep, ...]:
    """Return the curve, ascending in share and in cost.

    Every network is solved at the recommended plan's planning margin; its share is the one expected
    with shadowing, so a point may lie beside the target it was solved for.
    """
    judged, scenario = findings.best, findings.scenario
    siting = Siting.of(scenario, judged.settings, findings.stage)
    plan = judged.plan
    steps = [CurveStep(plan.expected_share[1], plan.cost_eur, len(plan.sites), chosen=True)]
    for share in SHARES[1::2] if scenario.quick else SHARES:
        solution = siting.attempt(plan.margin_db, share, scenario.study.seed, draft=True)
        expected = siting.expected(solution.sites, one_in=4)[1]
        step = CurveStep(expected, float(solution.cost_eur), len(solution.sites), chosen=False)
        # A network that is no better than the chosen one yet dearer tells the reader nothing.
        if abs(step.share - steps[0].share) > 0.004:  # noqa: PLR2004 - two points one cannot tell apart
            steps.append(step)
    return efficient(steps)


def efficient(steps: list[CurveStep]) -> tuple[CurveStep, ...]:
    """Return the steps no other step beats on both share and cost; the chosen one always stays."""
    kept = [
        step
        for step in steps
        if step.chosen
        or not any(other.share >= step.share and other.cost_eur < step.cost_eur for other in steps)
    ]
    # Two targets that one network serves make one point.
    return tuple(sorted(dict.fromkeys(kept), key=lambda step: (step.share, step.cost_eur)))
