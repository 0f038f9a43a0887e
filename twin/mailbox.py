"""The inbox: what a link delivers, kept for whoever reads it.

The latest delivery of each asset is kept in arrays, one slot a device. Values are asked of the
fleet's sampler only for deliveries of a signal that somebody reads: a department of meters that
nobody looks at costs no physics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.signals import AssetId, Delivered, DeliveredBatch, Fleet, Reading, Signal

Handler = Callable[[DeliveredBatch], None]


@dataclass(frozen=True)
class _Slots:
    """The last delivery of one signal by each device of a fleet; `received_s` -inf: none yet.

    `known` says whether the value was read when it arrived.
    """

    values: NDArray[np.float64]
    sampled_s: NDArray[np.float64]
    received_s: NDArray[np.float64]
    gateways: NDArray[np.int16]
    known: NDArray[np.bool_]

    @classmethod
    def empty(cls, size: int) -> _Slots:
        return cls(
            values=np.full(size, np.nan),
            sampled_s=np.full(size, np.nan),
            received_s=np.full(size, -np.inf),
            gateways=np.zeros(size, np.int16),
            known=np.zeros(size, np.bool_),
        )

    def keep(
        self,
        assets: NDArray[np.int32],
        sampled_s: NDArray[np.float64],
        received_s: NDArray[np.float64],
        gateways: NDArray[np.int16],
        values: NDArray[np.float64] | None,
    ) -> None:
        """Keep what is newer, rows being in order of reception; None: values nobody read."""
        newer = received_s >= self.received_s[assets]
        rows = slice(None) if newer.all() else np.flatnonzero(newer)
        at = assets[rows]
        # Of a device that stands in several rows, numpy keeps the last.
        self.sampled_s[at] = sampled_s[rows]
        self.received_s[at] = received_s[rows]
        self.gateways[at] = gateways[rows]
        self.known[at] = values is not None
        if values is not None:
            self.values[at] = values[rows]


class Mailbox:
    """An inbox that a link fills; see :class:`twin.ports.Inbox`."""

    def __init__(self) -> None:
        self._fleets: dict[str, Fleet] = {}
        self._places: dict[AssetId, tuple[str, int]] = {}
        self._handlers: defaultdict[Signal, list[Handler]] = defaultdict(list)
        self._asked: set[Signal] = set()
        self._slots: dict[tuple[str, Signal], _Slots] = {}
        self._single: dict[tuple[AssetId, Signal], Delivered] = {}

    def register(self, fleet: Fleet) -> None:
        """Learn the names of a fleet's devices.

        Raises
        ------
        InputError
            The fleet, or one of its assets, is known already: an asset has one radio.
        """
        if fleet.name in self._fleets:
            raise InputError(_twice_fault("fleet", fleet.name))
        places = {asset: (fleet.name, row) for row, asset in enumerate(fleet.ids)}
        known = self._places.keys() & places.keys()
        if known:
            raise InputError(*(_twice_fault("asset", name) for name in sorted(known)[:3]))
        self._fleets[fleet.name] = fleet
        self._places.update(places)

    def place(self, asset: AssetId) -> tuple[str, int]:
        """Return the fleet of an asset and its index there.

        Raises
        ------
        InputError
            Nobody registered the asset.
        """
        if asset not in self._places:
            raise InputError(_unknown_fault(asset))
        return self._places[asset]

    def subscribe(self, signal: Signal, handler: Handler) -> None:
        """Call `handler` with each batch of deliveries of `signal` handed over from now on."""
        self._handlers[signal].append(handler)

    def wanted(self, signal: Signal) -> bool:
        """Tell whether somebody subscribed to `signal` or asked for a latest value of it."""
        return signal in self._handlers or signal in self._asked

    def latest(self, asset: AssetId, signal: Signal) -> Delivered | None:
        """Return the last delivery of `signal` from `asset`, or None if none ever arrived.

        Raises
        ------
        InputError
            Nobody registered the asset.
        """
        self._asked.add(signal)
        name, row = self.place(asset)
        single = self._single.get((asset, signal))
        slots = self._slots.get((name, signal))
        received_s = -np.inf if slots is None else float(slots.received_s[row])
        if slots is None or received_s == -np.inf:
            return single
        if single is not None and single.received_s >= received_s:
            return single
        fleet = self._fleets[name]
        if not slots.known[row]:
            # Nobody read this signal when the value arrived: it is worked out now.
            device = np.array([row], dtype=np.int32)
            slots.values[device] = _sampled(fleet, device, slots.sampled_s[device])
            slots.known[row] = True
        reading = Reading(
            asset,
            signal,
            float(slots.values[row]),
            float(slots.sampled_s[row]),
            fleet.payload_bytes,
        )
        return Delivered(reading, received_s, int(slots.gateways[row]))

    def arrive(
        self,
        fleet: str,
        assets: NDArray[np.int32],
        sampled_s: NDArray[np.float64],
        received_s: NDArray[np.float64],
        gateways: NDArray[np.int16],
    ) -> None:
        """Hand over periodic readings of a registered fleet, in any order.

        Arrays of equal length, `assets` being indices into the fleet. Values are sampled here, if
        somebody reads the fleet's signal.
        """
        sender = self._fleets[fleet]
        order = _order(received_s, sampled_s, assets)
        assets, sampled_s, received_s, gateways = (
            assets[order],
            sampled_s[order],
            received_s[order],
            gateways[order],
        )
        slots = self._slots_of(fleet, sender.signal)
        if not self.wanted(sender.signal):
            slots.keep(assets, sampled_s, received_s, gateways, None)
            return
        values = _sampled(sender, assets, sampled_s)
        slots.keep(assets, sampled_s, received_s, gateways, values)
        self._call(
            DeliveredBatch(
                signal=sender.signal,
                assets=assets,
                values=values,
                sampled_s=sampled_s,
                received_s=received_s,
                gateways=gateways,
                fleet=fleet,
                asset_ids=sender.ids,
            )
        )

    def deliver(self, batch: DeliveredBatch) -> None:
        """Hand over deliveries whose values are known, in any order; call who subscribed."""
        order = _order(batch.received_s, batch.sampled_s, batch.assets)
        batch = replace(
            batch,
            assets=batch.assets[order],
            values=batch.values[order],
            sampled_s=batch.sampled_s[order],
            received_s=batch.received_s[order],
            gateways=batch.gateways[order],
        )
        slots = self._slots_of(batch.fleet, batch.signal)
        slots.keep(batch.assets, batch.sampled_s, batch.received_s, batch.gateways, batch.values)
        self._call(batch)

    def deliver_reading(self, delivered: Delivered) -> None:
        """Hand over one event-driven reading (an alarm), itself and unchanged."""
        reading = delivered.reading
        name, row = self.place(reading.asset)
        before = self._single.get((reading.asset, reading.signal))
        if before is None or delivered.received_s >= before.received_s:
            self._single[reading.asset, reading.signal] = delivered
        self._call(
            DeliveredBatch(
                signal=reading.signal,
                assets=np.array([row], np.int32),
                values=np.array([reading.value]),
                sampled_s=np.array([reading.sampled_s]),
                received_s=np.array([delivered.received_s]),
                gateways=np.array([delivered.gateways], np.int16),
                fleet=name,
                asset_ids=self._fleets[name].ids,
            )
        )

    def _slots_of(self, fleet: str, signal: Signal) -> _Slots:
        if (fleet, signal) not in self._slots:
            self._slots[fleet, signal] = _Slots.empty(self._fleets[fleet].size)
        return self._slots[fleet, signal]

    def _call(self, batch: DeliveredBatch) -> None:
        if len(batch):
            for handler in tuple(self._handlers.get(batch.signal, ())):
                handler(batch)


def _order(
    received_s: NDArray[np.float64], sampled_s: NDArray[np.float64], assets: NDArray[np.int32]
) -> slice | NDArray[np.int64]:
    """Return the order of reception, then sampling, then device."""
    # Mostly ordered already, and looking costs less than sorting.
    if not np.any(received_s[1:] <= received_s[:-1]):
        return slice(None)
    return np.lexsort((assets, sampled_s, received_s))


def _sampled(
    fleet: Fleet, assets: NDArray[np.int32], sampled_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the values a fleet measured, NaN if it samples nothing."""
    if fleet.sample is None:
        return np.full(len(assets), np.nan)
    values = np.asarray(fleet.sample(assets, sampled_s), dtype=np.float64)
    if values.shape != assets.shape:
        raise ValueError(
            f"the sampler of '{fleet.name}' gave {values.shape} values for {assets.shape} readings"
        )
    return values


def _twice_fault(key: str, name: str) -> Fault:
    return Fault(
        key=key,
        value=name,
        expected=Text("un nom encore libre sur ce lien", "a name still free on this link"),
        remedy=Text("renommer ou n'inscrire qu'une fois", "rename it, or register it only once"),
    )


def _unknown_fault(asset: AssetId) -> Fault:
    return Fault(
        key="asset",
        value=asset,
        expected=Text("un objet inscrit sur ce lien", "an asset registered on this link"),
        remedy=Text("inscrire sa flotte d'abord", "register its fleet first"),
    )
