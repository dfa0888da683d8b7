"""Measures how long the explorer lets its user wait between nodes, where nodes are predicted.

python -m benchmarks.node_latency [DATASET ...] [--clicks 30]

Prints a table of server times: to go to the next node, also with the drawing of the whole
graph open. A downloaded dataset, such as cora, needs a trained model and a fitted explainer first.
"""

from functools import partial

import typer
from streamlit.testing.v1 import AppTest

from benchmarks.app_latency import ACTION, Act, healthy, next_graph, row, timed, visitor
from hpme.shell.terminal import print_table

NAMES = ("ba-shapes", "cora")


def opened(app: AppTest, turn: int) -> None:
    """Clicks on "Next" while the whole graph is drawn."""
    app.session_state.whole_graph = True
    next_graph(app, turn)


ACTIONS: tuple[tuple[str, str, dict[str, str], Act], ...] = (
    ("next node, Explain", "explain", {}, next_graph),
    ("next node, whole graph drawn", "explain", {}, opened),
    ("next node, Compare", "compare", {}, next_graph),
    ("next node, Atlas", "atlas", {}, next_graph),
)


def main(datasets: list[str] = typer.Argument(None), clicks: int = 30) -> None:
    """Prints the table."""
    lines = []
    for name in datasets or NAMES:
        for what, page, query, act in ACTIONS:
            app = healthy(visitor(name, page, **query).run())
            times = [timed(partial(act, app, turn)) for turn in range(clicks + 1)][1:]
            healthy(app)
            lines.append(row(what, times, ACTION, name))
    print_table(lines, as_json=False)


if __name__ == "__main__":
    typer.run(main)
