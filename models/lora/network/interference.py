"""How much stronger a frame must be than what it overlaps, by spreading factors: the matrices.

Row: the wanted frame's SF7..SF12; column: the interferer's. A frame survives when, for every
interfering spreading factor, its energy over the energy received from that factor while it was on
air is at least the entry (Magrin, Centenaro & Vangelista, ICC 2017; cumulative within a factor).

========  =====================================================================  ======
name      source                                                                 status
========  =====================================================================  ======
goursaud  Goursaud & Gorce, EAI Endorsed Trans. IoT 2015; used by ns-3 lorawan    [V]
croce     Croce et al., IEEE Comm. Letters 22(4) 2018, 10.1109/LCOMM.2018.2797057 [V]
none      no frame harms another                                                  -
aloha     any overlap within a spreading factor destroys both (pure ALOHA)        -
========  =====================================================================  ======

The two published matrices differ by 8 to 14 dB between factors and by 5 dB within one [D]: a study
shows both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text

_GOURSAUD = (
    (6, -16, -18, -19, -19, -20),
    (-24, 6, -20, -22, -22, -22),
    (-27, -27, 6, -23, -25, -25),
    (-30, -30, -30, 6, -26, -28),
    (-33, -33, -33, -33, 6, -29),
    (-36, -36, -36, -36, -36, 6),
)
_CROCE = (
    (1, -8, -9, -9, -9, -9),
    (-11, 1, -11, -12, -13, -13),
    (-15, -13, 1, -13, -14, -15),
    (-19, -18, -17, 1, -17, -18),
    (-22, -22, -21, -20, 1, -20),
    (-25, -25, -25, -24, -23, 1),
)
NAMES = ("goursaud", "croce", "none", "aloha")


def sir_needed(name: str, same_factor_db: float | None = None) -> NDArray[np.float64]:
    """Return the needed energy ratios as plain numbers, shape (6, 6); 0 never, inf always harms.

    Parameters
    ----------
    name
        One of NAMES.
    same_factor_db
        Replaces the diagonal: 6 dB for LoRaSim's capture on any matrix.

    Raises
    ------
    InputError
        Unknown matrix.
    """
    if name == "none":
        ratios = np.zeros((6, 6))
    elif name == "aloha":
        ratios = np.where(np.eye(6) > 0.0, np.inf, 0.0)
    elif name in NAMES:
        ratios = 10.0 ** (np.array(_GOURSAUD if name == "goursaud" else _CROCE) / 10.0)
    else:
        known = ", ".join(NAMES)
        raise InputError(
            Fault(
                Text(f"un de : {known}", f"one of: {known}"),
                Text("choisissez une de ces matrices", "choose one of these matrices"),
                key="interference",
                value=name,
            )
        )
    if same_factor_db is not None:
        np.fill_diagonal(ratios, 10.0 ** (same_factor_db / 10.0))
    return ratios
