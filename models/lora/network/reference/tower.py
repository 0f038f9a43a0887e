"""Where downlinks leave: they start, end and are heard or not (5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from models.lora.network.fates import GATEWAY_DOWN, OUT_OF_REACH

if TYPE_CHECKING:
    from models.lora.network.reference.downlink import Reply
    from models.lora.network.reference.ether import Ether
    from models.lora.network.reference.gateway import Gateway
    from models.lora.network.reference.timeline import Callback, Moment, Timeline


class Tower:
    """The gateways as senders."""

    def __init__(self, timeline: Timeline, ether: Ether, gateways: list[Gateway]) -> None:
        self.timeline = timeline
        self.gateways = gateways
        self._ether = ether

    def plan(self, reply: Reply) -> None:
        """Reserve a downlink for later; `reply.over` happens at its end."""
        downlink = reply.downlink
        gateway = downlink.gateway
        gateway.plan(downlink)
        rank = self.timeline.downlink_start_rank + gateway.index
        self.timeline.at(downlink.start_s, rank, self._start, reply)
        self._end(reply)

    def send_now(self, reply: Reply, then: Callback) -> None:
        """Send a class C downlink at once; `then` is called at its end, when `heard` is known."""
        downlink = reply.downlink
        downlink.gateway.plan(downlink)
        self._begin(reply)
        self._end(reply)
        callbacks = reply.over.callbacks
        if callbacks is not None:
            callbacks.append(cast("Callable[[Any], None]", then))

    def is_heard(self, reply: Reply) -> bool:
        """Return whether a device hears a downlink, at its end."""
        device, downlink = reply.device, reply.downlink
        return (
            downlink.sent
            and downlink.gateway.up
            and device.session == reply.session
            and device.sending is None
            and self._ether.hears(device, downlink, reply.key)
        )

    def _start(self, moment: Moment) -> None:
        self._begin(moment.about)

    def _begin(self, reply: Reply) -> None:
        downlink = reply.downlink
        downlink.gateway.start(downlink)
        if downlink.sent and reply.command is not None:
            reply.command.tries += 1

    def _end(self, reply: Reply) -> None:
        downlink = reply.downlink
        rank = self.timeline.downlink_end_rank + downlink.gateway.index
        reply.over = self.timeline.at(downlink.end_s, rank, self._finish, reply)

    def _finish(self, moment: Moment) -> None:
        reply: Reply = moment.about
        downlink = reply.downlink
        downlink.gateway.finish(downlink)
        reply.heard = self.is_heard(reply)
        command = reply.command
        if command is not None and downlink.sent:
            command.cause = OUT_OF_REACH if downlink.gateway.up else GATEWAY_DOWN
