"""What a store says: of a disk that refuses, a part that is damaged, a folder of another study."""

from __future__ import annotations

from pathlib import Path

from twin.errors import Fault, StoreError
from twin.lang import Text
from twin.study.plan import Task

HASH_FILE = "scenario.sha256"
"""Where a folder keeps the content hash of the study that filled it."""


def not_written(task: Task, folder: Path, said: str) -> StoreError:
    """Return the error of a part that the disk refused."""
    return StoreError(
        Text(
            f"{folder} : le résultat de {task} n'a pas pu être écrit ({said}) ; les "
            "précédents sont intacts. Faire de la place ou rendre le dossier inscriptible, puis "
            "relancer",
            f"{folder}: the part of {task} could not be written ({said}); earlier ones are "
            "intact. Make room or make the folder writable, then run again",
        )
    )


def damaged_part(path: Path, why: str) -> Fault:
    """Return the fault of a part that cannot be read."""
    return Fault(
        file=str(path),
        value=why,
        expected=Text("un fichier Parquet entier", "a whole Parquet file"),
        remedy=Text(
            "supprimer ce fichier et relancer l'étude : seule cette réplication sera refaite",
            "delete this file and run the study again: only this replication will be redone",
        ),
    )


def set_aside(path: Path, aside: Path, why: str) -> Fault:
    """Return the fault of a part that was damaged and is played again."""
    return Fault(
        file=str(path),
        value=why,
        expected=Text("le fichier tel qu'il a été écrit", "the file as it was written"),
        remedy=Text(
            f"rien à faire : mis de côté ({aside.parent.name}/), cette réplication est refaite",
            f"nothing to do: set aside ({aside.parent.name}/), this replication is played again",
        ),
    )


def other_scenario(folder: Path, there: str, wanted: str) -> Fault:
    """Return the fault of a folder filled by another study."""
    return Fault(
        file=str(folder / HASH_FILE),
        value=there,
        expected=Text(f"l'empreinte du scénario, {wanted}", f"the scenario's hash, {wanted}"),
        remedy=Text(
            "le scénario a changé depuis : choisir un autre dossier ou vider celui-ci",
            "the scenario has changed since: choose another folder or empty this one",
        ),
    )
