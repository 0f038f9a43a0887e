"""Commands and multicasts under way: whoever sent one waits for an event."""

from __future__ import annotations

from typing import Any

import numpy as np
import simpy

from models.lora.link.engines import Known
from models.lora.link.multicast import Group, Multicast
from models.lora.network.fates import FATES, CommandLog, HearingLog
from twin.signals import Ack, Command, Fate, Lost


class Answers:
    """What was asked downwards, and what is known of it but not yet told.

    An acknowledgement is told `backhaul_s` after the frame that carried it.
    """

    def __init__(self, backhaul_s: float, patience_s: float) -> None:
        self._backhaul_s = backhaul_s
        self._patience_s = patience_s
        self._commands: dict[int, tuple[Command, float, simpy.Event]] = {}
        self._sent = 0
        self._casts: dict[int, tuple[Group, str, float, simpy.Event]] = {}
        self._known: list[tuple[float, simpy.Event, Any]] = []

    def of_command(self, command: Command, asked_s: float, event: simpy.Event) -> int:
        """Note a command whose fate `event` will tell; return its number."""
        self._sent += 1
        self._commands[self._sent] = (command, asked_s, event)
        return self._sent

    def of_multicast(
        self, number: int, group: Group, name: str, asked_s: float, event: simpy.Event
    ) -> bool:
        """Note a multicast that `event` will tell of; return whether its number was still free."""
        if number in self._casts:
            return False
        self._casts[number] = (group, name, asked_s, event)
        return True

    def file(self, known: Known) -> None:
        """Take in what became known."""
        self._file_commands(known.commands)
        self._file_hearings(known.hearings)

    def tell(self, before_s: float) -> None:
        """Let every event happen that was known before `before_s`, in order of time.

        A command nothing was heard of for `patience_s` is given up, whatever comes of it later.
        """
        self._give_up(before_s)
        known, self._known = self._known, []
        for at_s, event, answer in sorted(known, key=lambda each: each[0]):
            if at_s < before_s:
                event.succeed(answer)
            else:
                self._known.append((at_s, event, answer))

    def _give_up(self, before_s: float) -> None:
        for number, (command, asked_s, event) in list(self._commands.items()):
            given_up_s = asked_s + self._patience_s
            if given_up_s >= before_s:
                break  # in order of asking
            del self._commands[number]
            self._known.append((given_up_s, event, Lost(command, given_up_s, Fate.OUT_OF_REACH)))

    def _file_commands(self, log: CommandLog) -> None:
        for row in range(len(log.number)):
            if int(log.number[row]) not in self._commands:
                continue  # given up before
            command, _, event = self._commands.pop(int(log.number[row]))
            at_s = float(log.at_s[row])
            if log.acknowledged[row]:
                received_s = at_s + self._backhaul_s
                self._known.append((received_s, event, Ack(command, received_s)))
            else:
                lost = Lost(command, at_s, FATES[int(log.cause[row])])
                self._known.append((at_s, event, lost))

    def _file_hearings(self, log: HearingLog) -> None:
        for number in dict.fromkeys(log.number.tolist()):
            # The engine writes one row a member, in the order of the group's table.
            rows = np.flatnonzero(log.number == number)
            group, name, asked_s, event = self._casts.pop(number)
            ended_s = float(log.at_s[rows[0]])
            heard = {
                member.asset: bool(log.heard[row])
                for member, row in zip(group.members, rows, strict=True)
            }
            told = Multicast(group.name, name, asked_s, ended_s, heard)
            self._known.append((ended_s, event, told))
