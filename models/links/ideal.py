"""Everything arrives: what a perfect network would be worth, the ceiling of every purchase."""

from __future__ import annotations

from models.links.windowed import WINDOW_S, WindowedLink
from twin.streams import Streams


class IdealLink(WindowedLink):
    """A link that receives every reading the moment it is sampled and acknowledges at once.

    Readings are still handed over at the end of a window, with their true times.
    """

    def __init__(self, streams: Streams, window_s: float = WINDOW_S) -> None:
        super().__init__(streams, loss_share=0.0, window_s=window_s)
