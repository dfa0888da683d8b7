"""Measures how long the explorer lets its user wait between nodes, where nodes are predicted.

python -m benchmarks.node_latency [DATASET ...] [--clicks 30]

Prints a table of server times: to go to another node, drawn from all test nodes, with the drawing of the
whole graph open, too, and to the next one by its number; a dataset may begin with its most crowded ones.
A downloaded dataset, such as cora, needs a trained model and a fitted explainer first.
"""

import random
from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time
from typing import Annotated

import typer
from streamlit.testing.v1 import AppTest

from benchmarks.app_latency import ACTION, Act, healthy, next_graph, row, timed, visitor
from hpme.shell.terminal import print_table

NAMES = ["ba-shapes", "cora"]


def another(app: AppTest, _: int) -> None:
    """Clicks on "Random"."""
    app.button(key="step0").click().run()


def another_drawn(app: AppTest, turn: int) -> None:
    """Clicks on "Random" while the whole graph is drawn."""
    app.session_state.whole_graph = True
    another(app, turn)


ACTIONS: tuple[tuple[str, str, Act], ...] = (
    ("another node, Explain", "explain", another),
    ("another node, whole graph drawn", "explain", another_drawn),
    ("another node, Compare", "compare", another),
    ("another node, Atlas", "atlas", another),
    ("next node, Explain", "explain", next_graph),
)


def measured(act: Callable[[], object]) -> tuple[float, float]:
    """Returns the milliseconds that something takes, and those of a processor, which others do not change."""
    start = process_time()
    return timed(act), 1000 * (process_time() - start)


def main(
    datasets: Annotated[list[str] | None, typer.Argument(help="Names; default: ba-shapes and cora.")] = None,
    clicks: int = 30,
) -> None:
    """Prints the table."""
    lines = []
    for name in datasets or NAMES:
        for turn, (what, page, act) in enumerate(ACTIONS):
            random.seed(turn)  # other nodes each time, as what was seen once is kept
            app = healthy(visitor(name, page).run())
            turns = [measured(partial(act, app, click)) for click in range(clicks + 1)][1:]
            healthy(app)
            times, processor = zip(*turns, strict=True)
            lines.append(row(what, [*times], ACTION, name) | {"processor, median ms": median(processor)})
    print_table(lines, as_json=False)


if __name__ == "__main__":
    typer.run(main)
