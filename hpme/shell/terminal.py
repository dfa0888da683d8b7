"""Output of the shell: progress on standard error, results as tables or JSON, refusals as one sentence."""

import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import torch
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from typer.core import TyperGroup
from typer.exceptions import TyperException

from hpme.files import FULL, atomic_write
from hpme.home import VARIABLE, YoursInUse, user_folder

DEBUG = "HPME_DEBUG"


class Shell(TyperGroup):
    """A group of commands that answers bad input with one sentence and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command; with ``HPME_DEBUG=1`` an error also shows where it came from.

        Torch has one thread unless ``OMP_NUM_THREADS`` says how many: the tensors are small, and a second
        one mostly waits.
        """
        if "OMP_NUM_THREADS" not in os.environ:
            torch.set_num_threads(1)
        try:
            with notes():
                return super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader has stopped, as 'head' does: that is no error
        except (ValueError, KeyError, OSError, ModuleNotFoundError, TyperException) as error:
            if os.environ.get(DEBUG) == "1":
                traceback.print_exception(error)
            typer.echo(f"Error: {sentence(error)}", err=True)
            raise typer.Exit(2) from error


def sentence(error: Exception) -> str:
    """Returns an error as a sentence for the user."""
    if isinstance(error, TyperException):
        return error.format_message()
    if isinstance(error, OSError) and error.filename is not None:
        place, ours = Path(error.filename), user_folder()
        advice = "make room there" if error.errno in FULL else "check the path and its permissions"
        if place.is_relative_to(ours) or ours.is_relative_to(place):
            other = "on another disk" if error.errno in FULL else "that you can write to"
            advice = f"set {VARIABLE} to a folder {other}"
        return f"Could not read or write {str(place)!r} ({error.strerror}); {advice}"
    if isinstance(error, OSError) and error.strerror:
        return f"Could not go on ({error.strerror}); make room, or check permissions"
    return str(error.args[0] if error.args else type(error).__name__)


@contextmanager
def notes() -> Iterator[None]:
    """Within it, `YoursInUse` warnings are single lines on standard error."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *place: Any, **options: Any) -> None:
            if issubclass(category, YoursInUse):
                typer.echo(f"Note: {message}", err=True)
            else:
                usual(message, category, *place, **options)

        warnings.simplefilter("default", YoursInUse)
        warnings.showwarning = show
        yield


@contextmanager
def bar(title: str) -> Iterator[Callable[..., None]]:
    """Shows a progress bar on standard error, with the time left, and at the end the time taken.

    Yields the function that moves it, called as ``step(done, total, ...)``.
    """
    left = TimeRemainingColumn(elapsed_when_finished=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), left
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=3600) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total, *_: progress.update(task, completed=done, total=total)


@contextmanager
def writer(path: Path | None) -> Iterator[TextIO]:
    """Yields a text file that appears at a path once it is complete; without a path, standard output.

    Raises:
        ValueError: If the file's folder does not exist.
    """
    if path is None:
        yield sys.stdout
        return
    if not path.parent.is_dir():
        raise ValueError(f"Expected a folder that exists (got {str(path.parent)!r}); create it first")
    if path.exists() and not path.is_file():  # a pipe or a device takes the text as it comes
        with path.open("w", encoding="utf8") as file:
            yield file
        return
    with atomic_write(path) as part, part.open("w", encoding="utf8") as file:
        yield file


def print_table(value: dict[str, Any] | list[dict[str, Any]], as_json: bool) -> None:
    """Prints rows as a table and a single row as a list of facts, or either as JSON."""
    if as_json:
        typer.echo(json.dumps(value))
        return
    rows = value if isinstance(value, list) else [{"": key, " ": fact} for key, fact in value.items()]
    table = Table(*rows[0], show_header=isinstance(value, list))
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    console = Console()
    full = console.measure(table, options=console.options.update(max_width=10_000)).maximum
    console.width = max(console.width, full)  # no cell is cut off
    console.print(table)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)
