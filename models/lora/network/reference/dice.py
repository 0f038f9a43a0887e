"""The dice of `draws`, typed for plain Python: keys are ints of 64 bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from models.lora.network import draws, received

Draw = Callable[[int, int, int], float]

message_key = cast("Callable[[int, int, int, int], int]", draws.message_key)
"""(device key, kind, number, attempt): the key of one attempt of a message."""

unit = cast("Draw", draws.unit)
normal = cast("Draw", draws.normal)
exponential = cast("Draw", draws.exponential)
"""(key, purpose, gateway key or 0): a draw."""

slow_place = cast("Callable[[int, float, float], float]", received.slow_place)
slow_term = cast("Callable[[int, int, float], float]", received.slow_term)
slow_db = cast("Callable[[int, int, float, float, float, float], float]", received.slow_db)
fading_db = cast("Callable[[int, int, float, bool, bool], float]", received.fading_db)
milliwatt = cast("Callable[[float], float]", received.milliwatt)
"""As in `received`."""
