"""The linked panels as plain values for JSON: what their script draws, for both themes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch_geometric.data import Data

from hpme.figures.alt import alt_texts
from hpme.figures.answer import Answers
from hpme.figures.networks import Panel, panels
from hpme.figures.palette import DARK, LIGHT, Theme
from hpme.figures.skeleton import Sketch, as_molecule, legend, two
from hpme.figures.story import Story
from hpme.figures.window import near

VIEWS = ("Whole graph", "Subgraph alone", "Rest alone", "Mixed graph")
_THEMES = {"light": LIGHT, "dark": DARK}
UNDER = ((0,), (1, 2), (3,))  # which of the four each panel reports
_REST = 2
_LISTED = 40  # kept nodes; of more, none is listed under the panel
_QUESTIONS = ("what matters?", "what is kept?", "does it carry over?")  # that the panels answer
PanelData = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How panels are drawn."""

    dark: bool | None = None  # the one theme to draw; by default both, for files that are looked at anywhere
    structure: bool = False  # whether molecules are drawn as such
    numbers: bool = False  # whether their atoms carry numbers


PLAIN = Look()


def trio_data(story: Story, *, show_dropped: bool = True, look: Look = PLAIN) -> dict[str, Any]:
    """The three views of an explanation.

    Args:
        story: What to show.
        show_dropped: Whether dropped nodes stay, faintly.
        look: How to draw them.

    Returns:
        As `linked_data`.
    """
    scene = story.scene
    kept = [{"id": node, "name": scene.name(node)} for node in scene.ranked if scene.kept[node]]

    def draw(theme: Theme) -> list[PanelData]:
        views = panels(scene, dark=theme is DARK, show_dropped=show_dropped)
        parts = zip(views, UNDER, alt_texts(story), _QUESTIONS, strict=True)
        first, second, third = (
            panel_data(near(panel, scene.ranked), verdicts(story, under), alt)
            | {"title": f"{number}\u2002{panel.name}: {question}"}
            for number, (panel, under, alt, question) in enumerate(parts, 1)
        )
        return [first, second | {"listed": kept if len(kept) <= _LISTED else []}, third]

    return linked_data(scene.graph, draw, look, two(scene.graph, scene.donor))


def linked_data(
    graph: Data,
    draw: Callable[[Theme], list[PanelData]],
    look: Look = PLAIN,
    molecules: Sketch | None = None,
) -> dict[str, Any]:
    """Panels about one graph, in one theme or in both.

    Args:
        graph: What the panels are about; a selection lasts as long as it stays the same.
        draw: Gives the panels in the colours of a theme.
        look: How to draw them.
        molecules: What their nodes are atoms of, if they are.

    Returns:
        Plain values for JSON: ``light`` and ``dark`` panels or one of the two, a ``token`` that names the
        graph, no selection.
    """
    token = f"{graph.get('graph_id')}-{graph.num_nodes}"
    themes = {name: theme for name, theme in _THEMES.items() if look.dark in (None, theme is DARK)}
    views = {name: draw(theme) for name, theme in themes.items()}
    if molecules and look.structure:
        views = {
            name: [_as_molecule(panel, molecules, themes[name], look) for panel in view]
            for name, view in views.items()
        }
    return {"token": token, "selected": None} | views


def _as_molecule(panel: PanelData, molecules: Sketch, theme: Theme, look: Look) -> PanelData:
    parts = as_molecule(panel["nodes"], panel["edges"], molecules, theme, numbers=look.numbers)
    return panel | parts | {"legend": legend(panel["legend"], theme)}


def panel_data(panel: Panel, verdicts: list[dict[str, Any]], alt: str | None = None) -> PanelData:
    """A panel as plain values: the model's predictions go below it, and `alt` to those who do not see it.

    Without `alt`, the panel's name and the predictions are read out.
    """
    spoken = alt or " ".join([f"{panel.name}.", *(verdict["words"] for verdict in verdicts)])
    return vars(panel) | {"verdicts": verdicts, "alt": spoken}


def verdicts(story: Story, views: Sequence[int]) -> list[dict[str, Any]]:
    """The model's predictions on the named ones of a story's four views, as bars."""
    return [verdict(story.answers, view, VIEWS[view], rest=view == _REST) for view in views]


def verdict(answers: Answers, view: int, name: str, *, rest: bool = False) -> dict[str, Any]:
    """The model's prediction on a view as a bar, with its words.

    That the `rest` alone gives the prediction too is no success, so its mark neither praises nor blames.
    """
    holds = answers.holds(view)
    marks = ("≠", "=") if rest else ("✗", "✓")
    too = f" {'The rest alone says it, too.' if holds else 'Not what the whole graph says.'}" if rest else ""
    return {
        "what": name,
        "share": answers.bar_length(view),
        "line": 0.5 if answers.scale is None else answers.bar_length(0),
        "text": answers.bar_text(view),
        "holds": holds,
        "mark": marks[holds],
        "kind": "rest" if rest else "holds" if holds else "lost",
        "words": f"{name}: {answers.statement(view)}.{too}",
    }
