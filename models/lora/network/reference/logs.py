"""What the engine writes down: rows while time runs, arrays when it stops."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.lora.network.fates import DELIVERED, NOT_SENT, CommandLog, FrameLog, HearingLog

if TYPE_CHECKING:
    from models.lora.network.reference.commands import Command
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.frame import Frame, Message, Reception

_FRAME_TYPES = (
    "i4",
    "i1",
    "i8",
    "i1",
    "f8",
    "f8",
    "f8",
    "i1",
    "i1",
    "i1",
    "i1",
    "i2",
    "i2",
    "f8",
    "?",
)
_COMMAND_TYPES = ("i8", "i4", "f8", "?", "i1")
_HEARING_TYPES = ("i8", "i4", "f8", "?")
"""Types of the columns of `fates`, in their order."""

_LARGEST_ATTEMPT = 127
"""A join may make more attempts than its column counts."""


class Logs:
    """Rows since the last :meth:`take`, in the order their fate became known."""

    def __init__(self) -> None:
        self._frames: list[tuple[Any, ...]] = []
        self._commands: list[tuple[Any, ...]] = []
        self._hearings: list[tuple[Any, ...]] = []

    def frame(self, frame: Frame, fate: int, decoded: list[Reception], *, first: bool) -> None:
        """Write a frame that ended."""
        message = frame.message
        best, level_dbm = -1, math.nan
        if decoded:
            best, level_dbm = decoded[0].gateway.index, decoded[0].level_dbm
        self._frames.append(
            (
                frame.device.index,
                message.kind,
                frame.number,
                min(frame.attempt, _LARGEST_ATTEMPT),
                message.due_s,
                frame.start_s,
                frame.airtime_s,
                frame.rate,
                frame.tx_index,
                frame.channel,
                fate,
                len(decoded),
                best,
                level_dbm,
                first,
            )
        )

    def not_sent(self, device: Device, message: Message, now_s: float) -> None:
        """Write a message given up before its first frame."""
        self._frames.append(
            (
                device.index,
                message.kind,
                message.number,
                message.attempt,
                message.due_s,
                now_s,
                0.0,
                device.rate,
                device.tx_index,
                -1,
                NOT_SENT,
                0,
                -1,
                math.nan,
                False,
            )
        )

    def command(self, command: Command, now_s: float, cause: int) -> None:
        """Write a command that was acknowledged (cause DELIVERED) or lost."""
        self._commands.append(
            (command.number, command.device.index, now_s, cause == DELIVERED, cause)
        )

    def hearing(self, number: int, device: Device, now_s: float, *, heard: bool) -> None:
        """Write whether a member heard a multicast."""
        self._hearings.append((number, device.index, now_s, heard))

    def take(self) -> tuple[FrameLog, CommandLog, HearingLog]:
        """Return the rows as arrays and begin anew."""
        taken = (
            FrameLog(*_columns(self._frames, _FRAME_TYPES)),
            CommandLog(*_columns(self._commands, _COMMAND_TYPES)),
            HearingLog(*_columns(self._hearings, _HEARING_TYPES)),
        )
        self._frames, self._commands, self._hearings = [], [], []
        return taken


def _columns(rows: list[tuple[Any, ...]], types: tuple[str, ...]) -> list[NDArray[Any]]:
    """Return rows as columns of the types named."""
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return [np.array(column, dtype=kind) for column, kind in zip(columns, types, strict=True)]
