"""Until when lights may burn: the order of 27 December 2018 on light nuisances [V: hours].

Streets have no hour in it: the mayor decides. Parks and gardens go out at 01:00 or an hour after
they close, whichever their opening says; heritage and shop windows at 01:00 or an hour after the
site closes; car parks two hours after what they serve closes; lit grounds of a business an hour
after it closes.
"""

from __future__ import annotations

from enum import StrEnum

from models.lighting.schedules.clock_times import DAY_S, HOUR_S

ONE_O_CLOCK_S = HOUR_S


class PlaceKind(StrEnum):
    """What is lit."""

    STREET = "street"
    PARK = "park"
    HERITAGE = "heritage"
    SHOP_WINDOW = "shop-window"
    CAR_PARK = "car-park"
    BUSINESS = "business"


_AFTER_CLOSING_H = {
    PlaceKind.PARK: 1.0, PlaceKind.HERITAGE: 1.0, PlaceKind.SHOP_WINDOW: 1.0,
    PlaceKind.CAR_PARK: 2.0, PlaceKind.BUSINESS: 1.0,
}  # fmt: skip
NEEDS_CLOSING = (PlaceKind.CAR_PARK, PlaceKind.BUSINESS)
"""Those that have no hour but the closing's."""


def latest_s(place: PlaceKind, closing_s: float | None) -> float | None:
    """Return until when a place may be lit, seconds after midnight; None where no hour is set.

    Raises
    ------
    ValueError
        The place's hour is its closing's, and no closing is given.
    """
    if place is PlaceKind.STREET:
        return None
    if closing_s is not None:
        return (closing_s + HOUR_S * _AFTER_CLOSING_H[place]) % DAY_S
    if place in NEEDS_CLOSING:
        raise ValueError(f"{place}: a closing time")
    return ONE_O_CLOCK_S
