"""Least-cost multi-cover: which sites, at the least cost, reach enough demands often enough."""

from twin.decide.cover.curve import CostCurve, CurvePoint, cost_curve
from twin.decide.cover.effort import DEEP, QUICK, STUDY, Effort
from twin.decide.cover.problem import CoverProblem, Grouping, Requirement
from twin.decide.cover.reach import multiplicity
from twin.decide.cover.solution import CoverSolution, Stop, TraceStep
from twin.decide.cover.solve import solve_cover

__all__ = [
    "DEEP",
    "QUICK",
    "STUDY",
    "CostCurve",
    "CoverProblem",
    "CoverSolution",
    "CurvePoint",
    "Effort",
    "Grouping",
    "Requirement",
    "Stop",
    "TraceStep",
    "cost_curve",
    "multiplicity",
    "solve_cover",
]
