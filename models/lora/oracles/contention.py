"""Known truths of contention: ALOHA, capture on a disc, LoRaSim's example, Erlang's formula.

Each is played by the compiled engine on a cell of alike devices. Duty cycles are lifted, since the
formulas know none; G counts the other devices, for none collides with itself.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from twin.lang import Text
from twin.oracle import Oracle

if TYPE_CHECKING:
    from models.lora.network.setup import Network

FRAMES = 150_000
"""Frames a row plays."""

_DEVIATIONS = 3.0
_DEVICES = 2_000
_SF12_S = 1.318912
"""20 bytes on the air at SF12."""
_SYMBOL_S = 0.032768
_LOAD = 0.6595
_ERLANGS = 4.96
_EXPONENT, _CAPTURE_DB = 2.08, 6.0
_PLENTY = 100_000
"""Demodulators enough for everybody."""

_DISC_ERROR, _LORASIM_ERROR, _ERLANG_ERROR = 0.0015, 0.0016, 0.0008
"""Standard errors of `FRAMES` frames, measured over 100 other sets of dice each [D]."""


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of frames that contend for the air and for demodulators.

    Returns
    -------
    tuple of Oracle
        Shares of frames delivered or lost, each within three standard errors of what is played.
    """
    others = _LOAD * (_DEVICES - 1) / _DEVICES
    fr, en = (f"{FRAMES // 1000} 000 trames, trois erreurs types",
              f"{FRAMES:,} frames, three standard errors")  # fmt: skip
    return (
        Oracle(
            "lora.contention.aloha",
            Text(f"part livrée, ALOHA pur, G = 0,6595, {fr}",
                 f"share delivered, pure ALOHA, G = 0.6595, {en}"),
            "Abramson 1970; closed form: exp(-2G)", "1", math.exp(-2.0 * others),
            _DEVIATIONS * aloha_error(others, FRAMES), _aloha,
        ),
        Oracle(
            "lora.contention.disc",
            Text(f"part livrée, capture de 6 dB sur un disque, G = 0,6595, {fr}",
                 f"share delivered, 6 dB capture on a disc, G = 0.6595, {en}"),
            "closed form: (1 - exp(-a))/(k a) + (1 - 1/k) exp(-a), a = 2G, k = 10^(2h/10g)", "1",
            delivered_on_a_disc(2.0 * others), _DEVIATIONS * _DISC_ERROR,
            partial(_disc, _DEVICES, _DEVICES * _SF12_S / _LOAD, 0.0),
        ),
        Oracle(
            "lora.contention.lorasim",
            Text(f"part livrée, exemple de LoRaSim (500 objets, SF12), {fr}",
                 f"share delivered, LoRaSim's example (500 nodes, SF12), {en}"),
            "LoRaSim 0.2.1 (Bor et al. 2016), exp. 4: .3688 +- .0018 on six seeds; closed form",
            "1", 0.3710, _DEVIATIONS * _LORASIM_ERROR,
            # It spares both frames of a pair whose overlap ends within three symbols: six of ours.
            partial(_disc, 500, 1_000.0 + _SF12_S, 6.0),
        ),
        Oracle(
            "lora.contention.erlang",
            Text(f"part perdue faute de démodulateur, 8 pour 4,96 erlangs, {fr}",
                 f"share lost for want of a demodulator, 8 for 4.96 erlangs, {en}"),
            "Erlang 1917 (Erlang B), closed form", "1", erlang_b(8, _ERLANGS),
            _DEVIATIONS * _ERLANG_ERROR, _erlang,
        ),
    )  # fmt: skip


def aloha_error(load: float, frames: int) -> float:
    """Return the standard error of the share of frames that pure ALOHA delivers.

    Neighbours are spared or lost together: per frame the variance is p + 2 p e^-G - 3 p², with
    p = e^-2G, from the pair correlation of the isolated points of a Poisson process [D].

    >>> round(aloha_error(0.6595, 2_000_000), 5)
    0.00041
    """
    spared = math.exp(-2.0 * load)
    variance = spared + 2.0 * spared * math.exp(-load) - 3.0 * spared**2
    return math.sqrt(variance / frames)


def delivered_on_a_disc(met: float) -> float:
    """Return the share delivered on a disc where a frame meets `met` harmful others on average.

    >>> round(delivered_on_a_disc(2.0 * 0.6595), 4)
    0.3437
    """
    k: float = 10.0 ** (2.0 * _CAPTURE_DB / (10.0 * _EXPONENT))
    return (1.0 - math.exp(-met)) / (k * met) + (1.0 - 1.0 / k) * math.exp(-met)


def erlang_b(servers: int, load: float) -> float:
    """Return the share that finds no server, `load` in erlangs.

    >>> round(erlang_b(8, 4.96), 4), round(erlang_b(16, 12.41), 4)
    (0.0682, 0.0705)
    """
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def _aloha(seed: int = 36) -> float:
    interval_s = _DEVICES * _SF12_S / _LOAD
    return _delivered(_cell(_DEVICES, interval_s, seed, interference="aloha"), interval_s)


def _disc(devices: int, interval_s: float, grace_symbols: float, seed: int = 36) -> float:
    import numpy as np

    from models.lora.network.field import links_table
    from twin.streams import Streams

    net = _cell(
        devices,
        interval_s,
        seed,
        interference="goursaud",
        same_factor_db=_CAPTURE_DB,
        capture="peak",
        grace_symbols=grace_symbols,
    )
    # Devices at the quantiles of the disc: random places would move the share by 0.3/sqrt(N).
    area = (np.arange(devices) + 0.5) / devices
    level_dbm = -120.0 - 10.0 * _EXPONENT * np.log10(np.sqrt(area))
    dice = Streams(seed, 0).generator("lora", "oracle-disc")
    links = links_table(
        devices,
        np.arange(devices),
        np.zeros(devices, dtype=np.int64),
        dice.permutation(level_dbm),
        -math.inf,
    )
    return _delivered(net._replace(links=links), interval_s)


def _erlang(seed: int = 36) -> float:
    devices = 5 * _DEVICES  # those on the air are then missed by nobody
    interval_s = devices * _SF12_S / _ERLANGS
    net = _cell(devices, interval_s, seed, interference="none", channels=8, demodulators=8)
    return 1.0 - _delivered(net, interval_s)


def _cell(
    devices: int, interval_s: float, seed: int, channels: int = 1, demodulators: int = _PLENTY,
    **radio: object,
) -> Network:  # fmt: skip
    """Return a cell at SF12, 20 bytes on the air, that everybody is heard in."""
    from models.lora.cell import Cell, network

    cell = Cell(
        devices,
        interval_s=interval_s,
        payload_bytes=7,
        radius_m=100.0,
        path_loss_exponent=_EXPONENT,
        channels=channels,
        demodulators=demodulators,
        sf="fixed:12",
        seed=seed,
        **radio,  # type: ignore[arg-type] # checked by the cell itself
    )
    return network(cell)


def _delivered(net: Network, interval_s: float) -> float:
    """Return the share of `FRAMES` frames that arrive, nobody silenced by a duty cycle."""
    import numpy as np

    from models.lora.network.fates import DELIVERED, NOT_SENT
    from models.lora.network.window import WindowEngine

    lawless = net._replace(bands=net.bands._replace(device_duty=np.ones(3)))
    engine = WindowEngine(lawless)
    engine.run(FRAMES * interval_s / len(net.devices.key))
    fates = engine.state.tally["frames"].sum(axis=0)
    return float(fates[DELIVERED] / (fates.sum() - fates[NOT_SENT]))
