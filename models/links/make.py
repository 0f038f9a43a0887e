"""From a scenario's words to a link."""

from __future__ import annotations

from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.none import NoLink
from models.links.settings import Settings
from twin.links import LinkContext
from twin.ports import Link


def make_link(settings: Settings, context: LinkContext) -> Link:
    """Return the link that a scenario asks for, not yet started."""
    streams = context.streams
    match settings.kind:
        case "none":
            return NoLink(streams, settings.window_s)
        case "ideal":
            return IdealLink(streams, settings.window_s)
        case "constant":
            return ConstantLink(streams, settings.loss_share, settings.delay_s, settings.window_s)
