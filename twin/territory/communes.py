"""The communes of a territory, and the old codes of those that merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from twin.cells import raise_all
from twin.lang import Text
from twin.tables import Column, Kind, Table, read_table

INSEE_PATTERN = r"(\d{2}|2[AB])\d{3}"
INSEE_EXPECTED = Text(
    "un code INSEE de cinq caractères (36044 ; 01004 avec son zéro)",
    "a five-character INSEE code (36044; 01004 with its zero)",
)
INSEE = Column(Kind.TEXT, pattern=INSEE_PATTERN, expected=INSEE_EXPECTED)

COMMUNE_COLUMNS: dict[str, Column] = {
    "insee": Column(Kind.TEXT, pattern=INSEE_PATTERN, expected=INSEE_EXPECTED, unique=True),
    "name": Column(Kind.TEXT),
    "population": Column(Kind.INTEGER, minimum=0, maximum=10_000_000),
    "epci": Column(Kind.TEXT),
    "epci_name": Column(Kind.TEXT),
    "area_km2": Column(minimum=0.01, maximum=20_000.0),
    "zmin_m": Column(minimum=-20.0, maximum=5_000.0),
    "zmax_m": Column(minimum=-20.0, maximum=5_000.0),
    "x_m": Column(minimum=-500_000.0, maximum=1_500_000.0),
    "y_m": Column(minimum=5_900_000.0, maximum=7_300_000.0),
}
MERGER_COLUMNS: dict[str, Column] = {
    "old_insee": Column(Kind.TEXT, pattern=INSEE_PATTERN, expected=INSEE_EXPECTED, unique=True),
    "old_name": Column(Kind.TEXT),
    "insee": INSEE,
    "name": Column(Kind.TEXT),
    "merged_on": Column(
        Kind.TEXT,
        pattern=r"\d{4}-\d{2}-\d{2}",
        expected=Text("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
    ),
}


@dataclass(frozen=True)
class Commune:
    """One commune.

    `insee` five characters; `population` inhabitants; `epci` the SIREN of its group of communes;
    `area_km2` its published area; `zmin_m`, `zmax_m` its lowest and highest ground (IGN69);
    `x_m`, `y_m` its reference point in Lambert-93.
    """

    insee: str
    name: str
    population: int
    epci: str
    epci_name: str
    area_km2: float
    zmin_m: float
    zmax_m: float
    x_m: float
    y_m: float


@dataclass(frozen=True)
class Merger:
    """An old commune and the one it is now part of."""

    old_insee: str
    old_name: str
    insee: str
    name: str
    merged_on: str


def read_mergers(path: Path | str) -> dict[str, Merger]:
    """Return the mergers by old code, chains followed to the present commune.

    Raises
    ------
    DataError
        As :func:`twin.tables.read_table`; also where codes merge in a circle.
    """
    table = read_table(path, MERGER_COLUMNS)
    columns = [table.texts(name) for name in MERGER_COLUMNS]
    mergers = {row[0]: Merger(*row) for row in zip(*columns, strict=True)}
    faults = []
    present: dict[str, Merger] = {}
    for row, (old, merger) in enumerate(mergers.items()):
        last, seen = merger, {old}
        while last.insee in mergers and last.insee not in seen:
            seen.add(last.insee)
            last = mergers[last.insee]
        if last.insee in seen:
            faults.append(
                table.fault(
                    row,
                    "insee",
                    last.insee,
                    Text("une commune actuelle, ces codes tournent en rond",
                         "a present commune, these codes go in a circle"),
                    Text("corrigez la chaîne de fusions", "mend the chain of mergers"),
                )
            )  # fmt: skip
        present[old] = Merger(old, merger.old_name, last.insee, last.name, merger.merged_on)
    raise_all(faults)
    return present


def map_codes(
    codes: Sequence[str], mergers: Mapping[str, Merger], notices: list[Text]
) -> list[str]:
    """Return `codes` with old ones replaced by present ones; each replacement adds one notice."""
    met = dict.fromkeys(code for code in codes if code in mergers)
    notices.extend(merger_notice(mergers[old]) for old in met)
    return [mergers[code].insee if code in mergers else code for code in codes]


def merger_notice(merger: Merger) -> Text:
    """Return the sentence that tells of a replaced code."""
    return Text(
        "ancien code {old} ({old_name}) remplacé par {new} ({name}), fusion du {date}",
        "old code {old} ({old_name}) replaced by {new} ({name}), merged on {date}",
    ).format(
        old=merger.old_insee,
        old_name=merger.old_name,
        new=merger.insee,
        name=merger.name,
        date=merger.merged_on,
    )


def read_communes(
    path: Path | str,
    merged_path: Path | str | None = None,
    notices: list[Text] | None = None,
) -> tuple[Commune, ...]:
    """Return the communes of a table, sorted by INSEE code.

    Parameters
    ----------
    path
        CSV with the columns of `COMMUNE_COLUMNS`; others are refused.
    merged_path
        CSV of old codes. Rows of old communes are added to their present commune (population and
        area summed, ground range widened, the present or most populous one's point kept).
    notices
        Receives one sentence for each old code met.

    Raises
    ------
    DataError
        As :func:`twin.tables.read_table`; also malformed or repeated INSEE codes, lowest ground
        above the highest, an EPCI under two names, two communes at the same point.
    """
    table = read_table(path, COMMUNE_COLUMNS)
    _check_rows(table)
    communes = _communes(table)
    mergers = {} if merged_path is None else read_mergers(merged_path)
    present = map_codes([c.insee for c in communes], mergers, [] if notices is None else notices)
    members: dict[str, list[Commune]] = {}
    for code, commune in zip(present, communes, strict=True):
        members.setdefault(code, []).append(commune)
    return tuple(_joined(code, members[code], mergers) for code in sorted(members))


def _communes(table: Table) -> list[Commune]:
    columns = (
        table.texts("insee"),
        table.texts("name"),
        table.integers("population").tolist(),
        table.texts("epci"),
        table.texts("epci_name"),
        *(table.numbers(name).tolist() for name in ("area_km2", "zmin_m", "zmax_m", "x_m", "y_m")),
    )
    return [Commune(*row) for row in zip(*columns, strict=True)]


def _check_rows(table: Table) -> None:
    """Raise where columns contradict one another."""
    low, high = table.numbers("zmin_m"), table.numbers("zmax_m")
    faults = [
        table.fault(
            row,
            "zmin_m",
            f"{low[row]:g} > {high[row]:g}",
            Text("zmin_m inférieur ou égal à zmax_m", "zmin_m no higher than zmax_m"),
            Text("échangez les deux altitudes", "swap the two heights"),
        )
        for row in range(len(table))
        if low[row] > high[row]
    ]
    names: dict[str, str] = {}
    for row, (code, name) in enumerate(
        zip(table.texts("epci"), table.texts("epci_name"), strict=True)
    ):
        if names.setdefault(code, name) != name:
            faults.append(
                table.fault(
                    row,
                    "epci_name",
                    name,
                    Text(f"« {names[code]} », le nom déjà donné à {code}",
                         f"'{names[code]}', the name already given to {code}"),
                    Text("donnez un seul nom à chaque EPCI", "give each EPCI one name"),
                )
            )  # fmt: skip
    points: dict[tuple[float, float], int] = {}
    positions = zip(table.numbers("x_m").round(), table.numbers("y_m").round(), strict=True)
    for row, point in enumerate(positions):
        before = points.setdefault((float(point[0]), float(point[1])), row)
        if before != row:
            faults.append(
                table.fault(
                    row,
                    "x_m",
                    f"{point[0]:.0f}, {point[1]:.0f}",
                    Text(f"un point propre à la commune, déjà pris {table.places[before]}",
                         f"a point of its own, already taken at {table.places[before]}"),
                    Text("corrigez l'un des deux points", "mend one of the two points"),
                )
            )  # fmt: skip
    raise_all(faults)


def _joined(code: str, members: Sequence[Commune], mergers: Mapping[str, Merger]) -> Commune:
    """Return the present commune made of the rows that carry its code or an old one."""
    if len(members) == 1 and members[0].insee == code:
        return members[0]
    main = next((c for c in members if c.insee == code), None)
    name = main.name if main is not None else mergers[members[0].insee].name
    main = main or max(members, key=lambda c: c.population)
    return Commune(
        insee=code,
        name=name,
        population=sum(c.population for c in members),
        epci=main.epci,
        epci_name=main.epci_name,
        area_km2=sum(c.area_km2 for c in members),
        zmin_m=min(c.zmin_m for c in members),
        zmax_m=max(c.zmax_m for c in members),
        x_m=main.x_m,
        y_m=main.y_m,
    )
