"""Which file wrote each key, so that a message names it and a relative path starts from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any


class Origins:
    """Which file gave each dotted key; `top` is the file the person named."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._file_of: dict[str, Path] = {}

    def note(self, tree: Mapping[str, Any], file: Path, prefix: str = "") -> None:
        """Remember that every key of `tree` was given by `file`."""
        for key, value in tree.items():
            dotted = f"{prefix}{key}"
            self._file_of[dotted] = file
            if isinstance(value, Mapping):
                self.note(value, file, f"{dotted}.")
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, Mapping):
                        self._file_of[f"{dotted}[{index}]"] = file
                        self.note(item, file, f"{dotted}[{index}].")

    def of(self, dotted: str) -> Path:
        """Return the file of `dotted`, of the nearest key above it, or the file named."""
        while dotted and dotted not in self._file_of:
            cut = max(dotted.rfind("."), dotted.rfind("["))
            dotted = dotted[:cut] if cut > 0 else ""
        return self._file_of.get(dotted, self.top)

    def name(self, dotted: str) -> str:
        """Return the key as a message should name it."""
        return dotted


class OptionOrigins(Origins):
    """Where the keys met under one option were written: in the option, else in the base.

    `raw` is what the option says and `shared` the sections it lays over the base.
    """

    def __init__(
        self, base: Origins, index: int, raw: Mapping[str, Any], shared: Collection[str]
    ) -> None:
        super().__init__(base.top)
        self._base, self._raw, self._shared = base, raw, shared
        self._place = f"option[{index}]"
        # People count from one, and know their options by name.
        named = raw.get("id")
        self._label = f"option[{named if isinstance(named, str) else index + 1}]"

    def of(self, dotted: str) -> Path:
        """Return the file that wrote the key."""
        return self._base.of(f"{self._place}.{dotted}" if self._written(dotted) else dotted)

    def name(self, dotted: str) -> str:
        """Return the key, with the option's name where the option wrote it."""
        return f"{self._label}.{dotted}" if self._written(dotted) else dotted

    def _written(self, dotted: str) -> bool:
        parts = re.sub(r"\[\d+\]", "", dotted).split(".")
        if parts[0] not in self._shared:
            return True
        node: Any = self._raw
        for part in parts:
            if not (isinstance(node, Mapping) and part in node):
                return False
            node = node[part]
        return True
