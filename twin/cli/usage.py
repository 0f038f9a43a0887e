"""A command line nobody can read, told as any other fault: what was met, expected, to do."""

from __future__ import annotations

import re
from typing import Any

from twin.errors import Fault, InputError
from twin.lang import Text, same

_VALUE_AFTER = Text("une valeur après cette option", "a value after this option")
_NO_VALUE = Text("cette option sans valeur", "this option without a value")


def usage_error(error: Any) -> InputError:
    """Return what the command-line parser found, as a fault in both languages.

    `error` is one of Typer's usage errors; their classes are private, so each is known by its name
    and by what it carries.
    """
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "run.py"
    remedy = Text(f"lire {command} --help", f"read {command} --help")
    kind, parameter = type(error).__name__, getattr(error, "param", None)
    if kind == "MissingParameter" and parameter is not None:
        expected = Text("cet argument, obligatoire", "this argument, which is required")
        return InputError(Fault(expected, remedy, key=_name(parameter)))
    if parameter is not None:
        expected, met = _refused(error)
        return InputError(Fault(expected, remedy, key=_name(parameter), value=met))
    if kind == "NoSuchOption":
        return InputError(Fault(_options(error), remedy, value=error.option_name))
    if kind == "BadOptionUsage":
        expected = _NO_VALUE if "does not take a value" in error.message else _VALUE_AFTER
        return InputError(Fault(expected, remedy, key=error.option_name))
    commands = sorted(getattr(getattr(context, "command", None), "commands", ()))
    if commands:
        met = "".join(re.findall(r"No such command '(.*?)'", error.format_message()))
        listing = ", ".join(commands)
        expected = Text(f"une commande parmi : {listing}", f"a command among: {listing}")
        return InputError(Fault(expected, remedy, value=met))
    expected = Text("moins d'arguments", "fewer arguments")
    met = re.sub(r"^.*\((.*)\)$", r"\1", error.format_message())
    return InputError(Fault(expected, remedy, key=command, value=met))


def _name(parameter: Any) -> str:
    """Return an option as it is typed, an argument by its name."""
    return next((name for name in parameter.opts if name.startswith("-")), str(parameter.name))


def _options(error: Any) -> Text:
    """Return the options like the one nobody knows."""
    if error.possibilities:
        return same(", ".join(sorted(error.possibilities)))
    return Text("une option de cette commande", "an option of this command")


def _refused(error: Any) -> tuple[Text, str]:
    """Return what an argument should have been, and what it was."""
    from pydantic import ValidationError

    from twin.scenario.words import expected_text, shown

    if not isinstance(error.__cause__, ValidationError):
        return Text("une autre valeur", "another value"), ""
    item = error.__cause__.errors()[0]
    choices = re.search(r"is not one of (.*?)\.?$", item["msg"])
    if choices is not None:
        listing = choices.group(1).replace("'", "")
        return Text(f"l'un de {listing}", f"one of {listing}"), shown(item["input"])
    return expected_text(item), shown(item["input"])
