"""What a link refuses at once, and what it says then."""

from __future__ import annotations

import math
from collections.abc import Iterable

from models.lora.region import DATA_RATES, lowest_data_rate_for
from twin.errors import Fault, InputError
from twin.lang import Text, same


def refuse_long_payload(fleet: str, what: str, payload_bytes: int, slowest_rate: int) -> None:
    """Refuse a payload that `slowest_rate` does not carry.

    Raises
    ------
    InputError
        Naming the fleet, what was sent, and the most it may hold.
    """
    most = DATA_RATES[slowest_rate].most_application_bytes()
    if 0 <= payload_bytes <= most and lowest_data_rate_for(payload_bytes) <= slowest_rate:
        return
    raise InputError(
        Fault(
            Text(
                f"de 0 à {most} octets (la flotte peut descendre au débit {slowest_rate})",
                f"0 to {most} bytes (the fleet may go down to data rate {slowest_rate})",
            ),
            Text(
                "raccourcir ce message, ou le répartir sur plusieurs",
                "shorten this message, or spread it over several",
            ),
            key=f"{fleet}.{what}.payload_bytes",
            value=str(payload_bytes),
        )
    )


def refuse_unknown(key: str, value: str, known: Iterable[object]) -> None:
    """Refuse a name that is not among those known.

    Raises
    ------
    InputError
        Naming some of them.
    """
    names = [str(name) for name in known]
    if value in names:
        return
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")  # noqa: PLR2004 - one line
    raise InputError(
        Fault(
            Text(f"un de : {shown}", f"one of: {shown}"),
            Text("corriger ce nom", "correct this name"),
            key=key,
            value=value,
        )
    )


def refuse_late(key: str, name: str) -> None:
    """Refuse a fleet or a group declared once the network lives.

    Raises
    ------
    InputError
        Always.
    """
    raise InputError(
        Fault(
            Text("déclaré avant le démarrage du lien", "declared before the link is started"),
            Text(
                "inscrire toutes les flottes et tous les groupes, puis démarrer ; ce qu'on pose"
                " plus tard s'inscrit avec une phase plus tardive",
                "register every fleet and group, then start; what is installed later is"
                " registered with a later phase",
            ),
            key=key,
            value=name,
        )
    )


def refuse_shared_names(fleet: str, names: Iterable[str]) -> None:
    """Refuse devices that bear a gateway's name: an outage is ordered by name.

    Raises
    ------
    InputError
        With every name.
    """
    faults = [
        Fault(
            Text("un nom qu'aucune passerelle ne porte", "a name no gateway has"),
            Text("renommer l'un des deux", "rename one of the two"),
            key=f"{fleet}.asset_ids",
            value=name,
        )
        for name in sorted(names)
    ]
    if faults:
        raise InputError(*faults)


def refuse_negative(key: str, value: float) -> None:
    """Refuse a figure that is negative or not finite.

    Raises
    ------
    InputError
        Naming the key.
    """
    if not 0.0 <= value < math.inf:
        remedy = Text("corriger cette valeur", "correct this value")
        raise InputError(Fault(same(">= 0"), remedy, key=key, value=f"{value:g}"))


def refuse_of_surrogate(engine: str, what: str) -> None:
    """Refuse, when it is asked, what the surrogate does not model; other engines do it all.

    Raises
    ------
    InputError
        The engine is the surrogate.
    """
    if engine != "surrogate":
        return
    raise InputError(
        Fault(
            Text(
                "ni commande, ni multidiffusion, ni coupure d'objet",
                "no command, no multicast, no power cut of a device",
            ),
            Text("choisir engine = « window »", "choose engine = 'window'"),
            key=f"engine.{what}",
            value=engine,
        )
    )
