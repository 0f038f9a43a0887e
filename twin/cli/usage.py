"""A command line nobody can read, told as any other fault: what was met, expected, to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twin.errors import Fault, InputError
from twin.lang import Text, same

_KINDS = {
    "integer": Text("un nombre entier", "a whole number"),
    "integer range": Text("un nombre entier permis", "a whole number allowed"),
    "float": Text("un nombre", "a number"),
    "float range": Text("un nombre permis", "a number allowed"),
    "boolean": Text("oui ou non", "yes or no"),
}


def usage_error(error: Any, arguments: Sequence[str]) -> InputError:
    """Return what the command-line parser found, as a fault in both languages.

    `error` is one of Typer's usage errors; its classes are private, so it is known by what it
    carries.
    """
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "run.py"
    remedy = Text(f"lire {command} --help", f"read {command} --help")
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return InputError(_parameter_fault(error, parameter, remedy, arguments))
    name = getattr(error, "option_name", "")
    if name and type(error).__name__ == "NoSuchOption":
        known = ", ".join(sorted(error.possibilities or ())) or Text(
            "une option de cette commande", "an option of this command"
        )
        expected = same(known) if isinstance(known, str) else known
        return InputError(Fault(expected=expected, remedy=remedy, value=name))
    if name:
        expected = Text("une valeur après cette option", "a value after this option")
        return InputError(Fault(expected=expected, remedy=remedy, key=name))
    commands = sorted(getattr(getattr(context, "command", None), "commands", ()))
    if commands:
        met = next((word for word in arguments if not word.startswith("-")), "")
        listing = ", ".join(commands)
        expected = Text(f"une commande parmi : {listing}", f"a command among: {listing}")
        return InputError(Fault(expected=expected, remedy=remedy, value=met))
    expected = Text("des arguments que la commande connaît", "arguments the command knows")
    return InputError(
        Fault(expected=expected, remedy=remedy, key=command, value=error.format_message())
    )


def _parameter_fault(error: Any, parameter: Any, remedy: Text, arguments: Sequence[str]) -> Fault:
    """Return the fault of one argument or option: missing, or of the wrong kind."""
    options = [name for name in parameter.opts if name.startswith("-")]
    key = options[0] if options else str(parameter.human_readable_name).upper()
    if type(error).__name__ == "MissingParameter":
        return Fault(
            expected=Text("cet argument, obligatoire", "this argument, which is required"),
            remedy=remedy,
            key=key,
        )
    return Fault(
        expected=_expected(parameter),
        remedy=remedy,
        key=key,
        value=_given(options, arguments),
    )


def _expected(parameter: Any) -> Text:
    """Return what an argument may be."""
    choices = getattr(parameter.type, "choices", None)
    if choices:
        listing = ", ".join(str(getattr(choice, "value", choice)) for choice in choices)
        return Text(f"l'une des valeurs {listing}", f"one of {listing}")
    kind = _KINDS.get(
        getattr(parameter.type, "name", ""), Text("une autre valeur", "another value")
    )
    low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if low is not None:
        kind = Text(f"{kind.fr}, au moins {low}", f"{kind.en}, at least {low}")
    if high is not None:
        kind = Text(f"{kind.fr}, au plus {high}", f"{kind.en}, at most {high}")
    return kind


def _given(options: Sequence[str], arguments: Sequence[str]) -> str:
    """Return the value written after an option."""
    for index, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name in options:
            return value if equals else "".join(arguments[index + 1 : index + 2])
    return ""
