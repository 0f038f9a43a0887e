"""Known truths of the control links: everything, nothing or a share arrives, after a known time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from twin.lang import Text
from twin.oracle import Oracle

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from models.links.windowed import WindowedLink
    from twin.clock import Clock
    from twin.signals import DeliveredBatch

_METERS, _READINGS, _LATER = 1_000, 100, 40
"""Meters, the hourly readings of each that are judged, and those after that end every wait."""

_PLAYED = _METERS * _READINGS
_PERIOD_S = 3_600.0
_DEVIATIONS = 3.0
_LOSS = 0.3
_KEPT = 1.0 - _LOSS
_LOSS_ERROR = (_LOSS * _KEPT / _PLAYED) ** 0.5
_PAIR_ERROR = ((_LOSS**2 * (1.0 - _LOSS**2) + 2.0 * _LOSS**3 * _KEPT) / _PLAYED) ** 0.5
"""Two pairs that follow one another share a reading, hence the second term [D]."""

_WAIT_ERROR = (_LOSS * (1.0 + _LOSS) / _KEPT**3 / _PLAYED) ** 0.5
"""Waits have variance p/(1-p)² and correlation p^j at j readings from one another [D]."""


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of the links that know no physics.

    Returns
    -------
    tuple of Oracle
        Exact for links that lose everything or nothing, then three laws of independent losses,
        within three standard errors of 100,000 readings played once.
    """
    return (*_certain(), *_lossy())


def _certain() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "links.none.share",
            Text("part des relevés qui arrivent, aucune liaison", "share that arrives, no link"),
            "by definition", "1", 0.0, 0.0, _share_without,
        ),
        Oracle(
            "links.ideal.share",
            Text("part des relevés qui arrivent à l'instant même, liaison idéale",
                 "share that arrives the very moment, ideal link"),
            "by definition", "1", 1.0, 0.0, _share_at_once,
        ),
        Oracle(
            "links.constant.command",
            Text("réponse à un ordre, liaison à délai de 3 s",
                 "answer to a command, link with a delay of 3 s"),
            "closed form: there and back, 2 x 3 s", "s", 6.0, 0.0, _answer_s,
        ),
    )  # fmt: skip


def _lossy() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "links.constant.loss",
            Text("part perdue, liaison qui perd 30 %, 100 000 relevés, trois erreurs types",
                 "share lost, link that loses 30 %, 100,000 readings, three standard errors"),
            "binomial law", "1", _LOSS, _DEVIATIONS * _LOSS_ERROR, _share_lost,
        ),
        Oracle(
            "links.constant.wait",
            Text("retard moyen en attendant le relevé suivant, perte de 30 %, un par heure, "
                 "trois erreurs types",
                 "mean delay until the next reading, loss of 30 %, one an hour, "
                 "three standard errors"),
            "geometric law, closed form: T p/(1 - p)", "h", _LOSS / _KEPT,
            _DEVIATIONS * _WAIT_ERROR, _mean_wait_h,
        ),
        Oracle(
            "links.constant.history",
            Text("part perdue d'un index répété dans deux trames, perte de 30 %, "
                 "trois erreurs types",
                 "share lost of an index repeated in two frames, loss of 30 %, "
                 "three standard errors"),
            "closed form: p²", "1", _LOSS**2, _DEVIATIONS * _PAIR_ERROR, _share_lost_twice,
        ),
    )  # fmt: skip


def _share_without() -> float:
    from models.links.none import NoLink
    from twin.streams import Streams

    return float(_arrivals(NoLink(Streams(36, 0)))[0].mean())


def _share_at_once() -> float:
    import numpy as np

    from models.links.ideal import IdealLink
    from twin.streams import Streams

    arrived, lags_s = _arrivals(IdealLink(Streams(36, 0)))
    return float(np.mean(arrived & (lags_s == 0.0)))


def _answer_s() -> float:
    from models.links.constant import ConstantLink
    from twin.signals import Ack, AssetId, Command
    from twin.streams import Streams

    link = ConstantLink(Streams(36, 0), 0.0, 3.0)
    clock = _started(link, lambda _batch: None)
    clock.run(50.0)
    answer = clock.run(link.downlink.send(Command(AssetId("meters/0"), "open", 1, 50.0)))
    return answer.received_s - 50.0 if isinstance(answer, Ack) else float("nan")


def _share_lost() -> float:
    return float(1.0 - _heard()[:, :_READINGS].mean())


def _mean_wait_h() -> float:
    import numpy as np

    heard = _heard()
    wait, total = np.zeros(_METERS), 0.0
    # From the end: how many readings after this one until one arrives.
    for number in range(_READINGS + _LATER - 1, -1, -1):
        wait = np.where(heard[:, number], 0.0, wait + 1.0)
        if number < _READINGS:
            total += float(wait.sum())
    return total / _PLAYED * _PERIOD_S / 3_600.0


def _share_lost_twice() -> float:
    heard = _heard()
    known = heard[:, :_READINGS] | heard[:, 1 : _READINGS + 1]
    return float(1.0 - known.mean())


@cache
def _heard() -> NDArray[np.bool_]:
    """Return which readings of each meter arrive on a link that loses `_LOSS` of them."""
    from models.links.constant import ConstantLink
    from twin.streams import Streams

    return _arrivals(ConstantLink(Streams(36, 0), _LOSS))[0]


def _arrivals(link: WindowedLink) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which readings arrive and how late, shape (meters, readings); NaN where none does."""
    import numpy as np

    # One more reading: those due while the last window is handed over.
    lags_s = np.full((_METERS, _READINGS + _LATER + 1), np.nan)

    def note(batch: DeliveredBatch) -> None:
        number = np.floor(batch.sampled_s / _PERIOD_S).astype(np.int64)
        lags_s[batch.assets, number] = batch.received_s - batch.sampled_s

    clock = _started(link, note)
    clock.run((_READINGS + _LATER) * _PERIOD_S + 2.0 * link.window_s)
    told = lags_s[:, : _READINGS + _LATER]
    return ~np.isnan(told), told


def _started(link: WindowedLink, read: Callable[[DeliveredBatch], None]) -> Clock:
    """Register hourly meters on a link and start it; `read` takes what it delivers."""
    from datetime import UTC, datetime

    import numpy as np

    from twin.clock import Calendar, Clock
    from twin.signals import Fleet, Signal

    nowhere = np.zeros(_METERS)
    index = Signal("water_index", "m3")
    phase_s = np.linspace(0.0, _PERIOD_S - 1.0, _METERS)
    link.register(
        Fleet("meters", index, nowhere, nowhere, nowhere, _PERIOD_S, phase_s, payload_bytes=12)
    )
    link.inbox.subscribe(index, read)
    clock = Clock(Calendar(datetime(2025, 1, 1, tzinfo=UTC)))
    link.start(clock)
    return clock
