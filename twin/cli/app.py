"""The application: finds commands, turns errors into one clear message and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from twin.cli import (
    query_command,
    replicate_command,
    schema_command,
    sensitivity_command,
    study_command,
    validate_command,
    verify_command,
    warm_command,
)
from twin.cli.language import LangOption, lang_in, say
from twin.cli.spoken import SpokenApp
from twin.errors import TwinError
from twin.lang import Lang, Text
from twin.roads import matrix_command
from twin.routing import route_command

EXIT_INTERRUPTED = 130
EXIT_READER_GONE = 141
"""As a shell reports a program whose reader (head, less) closed its output."""

MODELS = Path(__file__).resolve().parents[2] / "models"

INTERRUPTED = Text(
    "interrompu : les réplications terminées sont gardées ; relancer la même commande les reprend",
    "interrupted: finished replications are kept; the same command takes them up again",
)


def build_app() -> typer.Typer:
    """Return the application with the kernel's commands and those of every utility present."""
    app = SpokenApp(
        add_completion=False,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        help=say(
            "Le jumeau du territoire : jouer l'achat avant de signer la commande.",
            "The territory twin: play the purchase out before the order is signed.",
        ),
    )
    app.callback()(_root)
    for module in (
        study_command,
        validate_command,
        replicate_command,
        sensitivity_command,
        query_command,
        verify_command,
        schema_command,
        matrix_command,
        route_command,
        warm_command,
    ):
        module.register(app)
    for folder in sorted(MODELS.iterdir()):
        if (folder / "commands.py").is_file():
            importlib.import_module(f"models.{folder.name}.commands").register(app)
    return app


def _root(ctx: typer.Context, lang: LangOption = Lang.FR) -> None:
    # A language given before the command holds for the command.
    commands = getattr(ctx.command, "commands", {})
    ctx.default_map = {name: {"lang": lang.value} for name in commands}
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 well, 2 bad input, 1 a failed run, 130 Ctrl-C."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    sys.exit(run(words))


def run(words: Sequence[str]) -> int:
    """Run one command line and return its exit code; messages go to standard error."""
    lang = lang_in(words)
    try:
        outcome = build_app()(args=list(words), prog_name="run.py", standalone_mode=False)
        sys.stdout.flush()
    except TwinError as error:
        return _complain(error, lang)
    except KeyboardInterrupt:
        return _interrupted(lang)
    except BrokenPipeError:
        # Nothing is wrong with the run; what is left to print goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_READER_GONE
    except OSError as error:
        from twin.cli.refused import refused

        told = refused(error)
        if told is None:
            raise
        return _complain(told, lang)
    except Exception as error:
        if not _is_usage(error):
            raise
        from twin.cli.usage import usage_error

        return _complain(usage_error(error), lang)
    # Typer returns the exit code of a command that left early, 130 for Ctrl-C among them.
    code = outcome if isinstance(outcome, int) else 0
    return _interrupted(lang) if code == EXIT_INTERRUPTED else code


def _complain(error: TwinError, lang: Lang) -> int:
    print(error.say(lang), file=sys.stderr)  # noqa: T201 - the message itself
    return error.exit_code


def _interrupted(lang: Lang) -> int:
    print(INTERRUPTED.say(lang), file=sys.stderr)  # noqa: T201 - the message itself
    return EXIT_INTERRUPTED


def _is_usage(error: Exception) -> bool:
    """Return whether the command-line parser raised it (its classes are private to Typer)."""
    from typer.exceptions import TyperException

    return isinstance(error, TyperException)
