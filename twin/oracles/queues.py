"""Queues whose waits are known, lived on the kernel's own clock, dice and recorder."""

from __future__ import annotations

from collections.abc import Generator
from math import factorial
from typing import TYPE_CHECKING

from twin.lang import Text, same
from twin.oracle import Oracle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from twin.recorder import Part

CUSTOMERS = 20_000
_DEVIATIONS = 4.0


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of queues: one run each, its start cut by MSER-5, means of batches."""
    return tuple(
        Oracle(
            f"kernel.queue.mm{servers}",
            Text(
                f"attente moyenne M/M/{servers} à mi-charge, service 1 s, {CUSTOMERS} clients, à "
                "quatre erreurs types",
                f"mean wait M/M/{servers} at half load, service 1 s, {CUSTOMERS} customers, within "
                "four standard errors",
            ),
            "Erlang 1917 (Erlang C), closed form",
            "s",
            erlang_wait_s(servers, arrivals),
            _DEVIATIONS * wait_error_s(servers, arrivals),
            lambda servers=servers, arrivals=arrivals: steady_wait_s(servers, arrivals),  # type: ignore[misc]
        )
        for servers, arrivals in ((1, 0.5), (2, 1.0))
    )


def erlang_wait_s(servers: int, arrivals: float) -> float:
    """Return the mean wait of M/M/c in steady state; `arrivals` a second, service 1 s (Erlang C).

    >>> round(erlang_wait_s(1, 0.8), 6), round(erlang_wait_s(2, 1.6), 6)
    (4.0, 1.777778)
    """
    idle = sum(arrivals**k / factorial(k) for k in range(servers))
    busy = arrivals**servers / factorial(servers) * servers / (servers - arrivals)
    return busy / (idle + busy) / (servers - arrivals)


def wait_error_s(servers: int, arrivals: float) -> float:
    """Return about the standard error of the mean wait of `CUSTOMERS`, for heavy and light loads.

    Of M/M/1 the asymptotic variance of the mean of n waits is rho (2 + 5 rho - 4 rho^2 + rho^3) /
    (1 - rho)^4 / n (Daley 1968, J. Aust. Math. Soc. 8); c servers at the same load are taken as one
    c times as fast, which is prudent.
    """
    load = arrivals / servers
    variance = load * (2.0 + 5.0 * load - 4.0 * load**2 + load**3) / (1.0 - load) ** 4
    return float((variance / CUSTOMERS) ** 0.5) / servers


def steady_wait_s(servers: int, arrivals: float) -> float:
    """Return the mean wait of one run, its start cut."""
    from twin.decide.steady import steady_mean

    return steady_mean(waits_s(servers, arrivals, CUSTOMERS, 0)).interval.mean


def waits_s(servers: int, arrivals: float, customers: int, replication: int) -> NDArray[np.float64]:
    """Return the wait of each customer, in order of arrival, on the kernel's clock."""
    from datetime import datetime

    import numpy as np
    import simpy

    from twin.clock import Calendar, Clock
    from twin.streams import Streams

    dice = Streams(36, replication)
    between = dice.generator("queue", "arrivals").exponential(1.0 / arrivals, customers).tolist()
    service = dice.generator("queue", "services").exponential(1.0, customers).tolist()
    clock = Clock(Calendar(datetime(2025, 1, 1)))  # noqa: DTZ001 - local by contract
    desk = simpy.Resource(clock, capacity=servers)
    waits = np.empty(customers)

    def customer(number: int) -> Generator[simpy.Event, object, None]:
        came_s = clock.now
        with desk.request() as turn:
            yield turn
            waits[number] = clock.now - came_s
            yield clock.timeout(service[number])

    def arrive() -> Generator[simpy.Event, object, None]:
        for number in range(customers):
            yield clock.timeout(between[number])
            clock.process(customer(number), "customer")

    clock.process(arrive(), "arrivals")
    clock.run()
    return waits


def play_queue(servers: int, arrivals: float, customers: int, replication: int) -> Part:
    """Return a replication's part: the mean wait once the start is cut by MSER-5."""
    from twin.decide.steady import mser5
    from twin.recorder import Kpi, Recorder

    recorder = Recorder((Kpi("wait_s", same("wait"), "s"),))
    waits = waits_s(servers, arrivals, customers, replication)
    recorder.kpi("wait_s", float(waits[mser5(waits) :].mean()))
    return recorder.part()
