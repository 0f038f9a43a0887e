"""Nothing bought: nothing ever arrives. The baseline of every purchase."""

from __future__ import annotations

from models.links.windowed import WINDOW_S, WindowedLink
from twin.signals import Fate
from twin.streams import Streams


class NoLink(WindowedLink):
    """A link on which every reading is out of reach and every command is lost at once."""

    def __init__(self, streams: Streams, window_s: float = WINDOW_S) -> None:
        super().__init__(streams, loss_share=1.0, cause=Fate.OUT_OF_REACH, window_s=window_s)
