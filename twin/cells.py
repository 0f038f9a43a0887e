"""The cells of a CSV file a planner wrote: encoding, dialect and rows, before any meaning.

Two dialects are read: the French one (`;` between cells, decimal comma, usually a UTF-8 byte order
mark, as French spreadsheets write it) and the international one (`,` and decimal point).
Lines that begin with `#` are comments.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from twin.errors import DataError, Fault
from twin.lang import Text

SEPARATORS = (";", ",")
WRONG_SEPARATORS = {"\t": "tab", "|": "|", ":": ":"}
SHOWN_FAULTS = 20
SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Cells:
    """Named columns of text cells, with the place of every row in its file.

    `columns` maps a name to its cells, all of the same length; `places` says where each row is in
    both languages' shorthand (`l. 12`: line 12; `n. 3`: feature number 3). `decimal_comma` tells
    that numbers may be written `1 234,5`.
    """

    file: str
    columns: dict[str, list[str]]
    places: list[str]
    decimal_comma: bool = False

    def __len__(self) -> int:
        return len(self.places)


def shorten(value: str) -> str:
    """Return a printable form of a value met in a file, cut to a readable length."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
    return clean if len(clean) <= SHOWN_CHARACTERS else clean[: SHOWN_CHARACTERS - 1] + "…"


def raise_all(faults: Sequence[Fault]) -> None:
    """Raise one DataError with every fault, the first twenty spelled out; return if there is none.

    Raises
    ------
    DataError
        When `faults` is not empty.
    """
    if not faults:
        return
    if len(faults) <= SHOWN_FAULTS:
        raise DataError(*faults)
    more = Fault(
        file=faults[0].file,
        expected=Text(
            "… et {n} autres fautes non affichées", "… and {n} more faults not shown"
        ).format(n=len(faults) - SHOWN_FAULTS),
        remedy=Text("corrigez les premières puis relancez", "mend the first ones, then run again"),
    )
    raise DataError(*faults[:SHOWN_FAULTS], more)


def read_bytes(path: Path, file: str) -> bytes:
    """Return a file's content.

    Raises
    ------
    DataError
        Where the file is absent, unreadable or empty.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = "absent" if isinstance(error, FileNotFoundError) else type(error).__name__
        raise DataError(
            Fault(
                file=file,
                value=reason,
                expected=Text("un fichier lisible", "a readable file"),
                remedy=Text("vérifiez le chemin et les droits", "check the path and its rights"),
            )
        ) from error
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise DataError(
            Fault(
                file=file,
                expected=Text("un tableau, le fichier est vide", "a table, the file is empty"),
                remedy=Text(
                    "exportez de nouveau le tableau avec sa ligne d'en-tête",
                    "export the table again with its header line",
                ),
            )
        )
    return content


def decode(content: bytes, file: str) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark.

    Raises
    ------
    DataError
        Where the bytes are a workbook, UTF-16, cp1252 or anything else that is not UTF-8.
    """
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError(
            Fault(
                file=file,
                expected=Text("un texte CSV, ceci est un classeur", "CSV text, this is a workbook"),
                remedy=Text("enregistrez la feuille en CSV UTF-8", "save the sheet as CSV UTF-8"),
            )
        )
    met = ""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        met = "UTF-16"
    elif b"\x00" in content:
        met = "NUL"
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # The byte decoded as cp1252 shows the reader the accented letter to look for.
            line = content.count(b"\n", 0, error.start) + 1
            letter = content[error.start : error.start + 1].decode("cp1252", "replace")
            met = f"l. {line} : {letter}"
    raise DataError(
        Fault(
            file=file,
            value=met,
            expected=Text(
                "un texte en UTF-8 (celui-ci semble en cp1252, latin-1 ou UTF-16)",
                "UTF-8 text (this one looks like cp1252, latin-1 or UTF-16)",
            ),
            remedy=Text(
                "enregistrez en UTF-8 (tableur : « CSV UTF-8 »)",
                "save as UTF-8 (spreadsheet: 'CSV UTF-8')",
            ),
        )
    )


def _header_line(lines: Sequence[str]) -> int | None:
    """Return the index of the first line that is neither blank nor a comment."""
    for index, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            return index
    return None


def _separator(header: str, known: Collection[str], file: str) -> str:
    """Return the separator that reveals most known names in the header line."""

    def score(separator: str) -> tuple[int, int]:
        names = [name.strip().strip('"').lower() for name in header.split(separator)]
        return len(set(names) & set(known)), len(names)

    best = max(SEPARATORS, key=score)
    for wrong, name in WRONG_SEPARATORS.items():
        if score(wrong) > score(best) and score(wrong)[1] > 1 and score(best)[1] == 1:
            raise DataError(
                Fault(
                    file=file,
                    key="l. 1",
                    value=name,
                    expected=Text("le séparateur « ; » ou « , »", "the separator ';' or ','"),
                    remedy=Text(
                        "enregistrez en CSV avec le séparateur « ; »",
                        "save as CSV with the separator ';'",
                    ),
                )
            )
    return best


def _records(
    lines: Iterable[str], separator: str, offset: int, file: str
) -> list[tuple[int, list[str]]]:
    """Return (line number, cells) of every record; blank and comment records are left out."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    records: list[tuple[int, list[str]]] = []
    start = offset + 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and not stripped[0].startswith("#"):
                records.append((start, stripped))
            start = offset + reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            Fault(
                file=file,
                key=f"l. {start}",
                value=str(error),
                expected=Text("une ligne CSV bien formée", "a well-formed CSV row"),
                remedy=Text(
                    "fermez les guillemets ouverts sur cette ligne",
                    "close the quotes opened on this line",
                ),
            )
        ) from error
    return records


def _check_header(names: Sequence[str], file: str) -> list[Fault]:
    """Return a fault for each nameless or repeated column."""
    faults = []
    for index, name in enumerate(names):
        if not name or name in names[:index]:
            faults.append(
                Fault(
                    file=file,
                    key=f"col. {index + 1}",
                    value=shorten(name) or "∅",
                    expected=Text(
                        "un nom de colonne, unique", "a column name that occurs only once"
                    ),
                    remedy=Text("renommez ou ôtez la colonne", "rename or remove the column"),
                )
            )
    return faults


def _check_lengths(
    records: Sequence[tuple[int, list[str]]], width: int, separator: str, file: str
) -> list[Fault]:
    """Return a fault for each row that has not one cell per column."""
    hint = Text("", "")
    if separator == ",":
        hint = Text(
            " ; une virgule décimale demande le séparateur « ; »",
            "; a decimal comma asks for the separator ';'",
        )
    remedy = Text("complétez la ligne", "complete the row")
    return [
        Fault(
            file=file,
            key=f"l. {line}",
            value=str(len(cells)),
            expected=Text("{n} cellules", "{n} cells").format(n=width),
            remedy=Text(remedy.fr + hint.fr, remedy.en + hint.en),
        )
        for line, cells in records
        if len(cells) < width or any(cells[width:])
    ]


def read_cells(path: Path, known: Collection[str]) -> Cells:
    """Return the cells of a CSV file.

    Parameters
    ----------
    path
        The file.
    known
        Lower-case column names the caller knows; they decide between the two separators.

    Raises
    ------
    DataError
        File absent or empty, not UTF-8, wrong separator, nameless or repeated columns, rows of
        unequal length, unbalanced quotes, no row at all.
    """
    file = path.name
    text = decode(read_bytes(path, file), file)
    lines = list(io.StringIO(text, newline=""))
    first = _header_line(lines)
    header = [] if first is None else [lines[first]]
    separator = _separator(header[0], known, file) if header else SEPARATORS[0]
    records = _records(lines[first or 0 :], separator, first or 0, file) if header else []
    if not records:
        raise DataError(
            Fault(
                file=file,
                expected=Text("une ligne d'en-tête", "a header line"),
                remedy=Text("ajoutez les noms de colonnes", "add the column names"),
            )
        )
    names = records[0][1]
    while names and not names[-1]:
        names.pop()  # spreadsheets pad the header with empty cells
    rows = records[1:]
    faults = _check_header(names, file) + _check_lengths(rows, len(names), separator, file)
    if not rows:
        faults.append(
            Fault(
                file=file,
                expected=Text(
                    "au moins une ligne sous l'en-tête", "at least one row under the header"
                ),
                remedy=Text("ajoutez les données", "add the data"),
            )
        )
    raise_all(faults)
    return Cells(
        file=file,
        columns={name: [cells[i] for _, cells in rows] for i, name in enumerate(names)},
        places=[f"l. {line}" for line, _ in rows],
        decimal_comma=separator == ";",
    )
