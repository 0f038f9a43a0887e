"""What is due for a device, on the device heap."""

from __future__ import annotations

from models.lora.network.compiled import hot
from models.lora.network.heap import push
from models.lora.network.state import Counters, State

DEVICE_HEAP = Counters.DEVICE_HEAP
READING_DUE, ATTEMPT, COMMAND_TRY = 0, 1, 2
DEVICE_EVENTS = 4
"""Codes on the device heap: device times DEVICE_EVENTS, plus what is due."""


@hot
def wake(st: State, d: int, at_s: float, what: int) -> None:
    """Put something due for device `d` on the heap."""
    st.counters[DEVICE_HEAP] = push(
        st.heap_s, st.heap_code, st.counters[DEVICE_HEAP], at_s, d * DEVICE_EVENTS + what
    )
