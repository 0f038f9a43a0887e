"""A share is lost, whoever sends and from wherever: an operator's contract taken at its word."""

from __future__ import annotations

from models.links.windowed import WINDOW_S, WindowedLink
from twin.streams import Streams


class ConstantLink(WindowedLink):
    """A link that loses each message independently with the same probability.

    `loss_share` is that probability, in [0, 1]; `delay_s` from sampling to reception. No collision,
    no distance, no bad meter that fails every day: the mean of a real network, not its shape.
    """

    def __init__(
        self,
        streams: Streams,
        loss_share: float,
        delay_s: float = 0.0,
        window_s: float = WINDOW_S,
    ) -> None:
        super().__init__(streams, loss_share=loss_share, delay_s=delay_s, window_s=window_s)
