"""The policy an option names, made for one stream."""

from __future__ import annotations

from models.waste.policies.fixed import FixedCalendar, Schedule
from models.waste.policies.fixed_number import FixedNumber
from models.waste.policies.predictive import Predictive
from models.waste.policies.prize import OverflowPrize, PrizeCollecting, Worth
from models.waste.policies.threshold import Threshold
from models.waste.settings import PolicySection
from models.waste.stage import StreamStage
from models.waste.stream import Rule

CALENDARS = ("current", "calendar")


def make_rule(section: PolicySection, stage: StreamStage, schedule: Schedule | None) -> Rule:
    """Return a fresh policy: one that remembers must not remember another world."""
    if section.kind in CALENDARS:
        assert schedule is not None  # noqa: S101 - prepared for the kinds that need one
        return FixedCalendar(schedule)
    if section.kind == "number":
        return FixedNumber(section.number)
    if section.kind == "threshold":
        return Threshold(section.threshold)
    if section.kind == "predictive":
        return Predictive(section.risk, stage.near, section.soon_days)
    if section.kind == "overflow":
        return OverflowPrize(section.rho)
    assert section.full_day_eur is not None  # noqa: S101 - set when the model is prepared
    return PrizeCollecting(
        Worth(section.full_day_eur, section.must, section.cycle_share, section.patience)
    )
