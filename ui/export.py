"""Export: what the page shows, as files."""

import copy
import json
import re
import shlex
from typing import Any

import streamlit as st

from hpme import figures, io
from hpme.analysis.provenance import provenance
from hpme.classifiers import model_title
from hpme.explainers import REFERENCE, Explainer
from ui import session, state

NOTE = """
Files of this very view. **JSON** and **GraphML** hold the graph, its masks, scores and provenance, and
are read again by the Upload page and by `hpme explain --input`. A panel as **PNG**, as it is zoomed: the
button in its upper right corner.
"""


def show(case: state.Case, story: figures.Story) -> None:
    """Buttons that download the view."""
    st.markdown(NOTE)
    structure = bool(st.session_state.get("structure", False))
    pictures(state.trio(case, bool(st.session_state.get("hide", False)), structure), name(case.pick))
    buttons("Pages", _pages(case, story, structure), name(case.pick))
    buttons("Data", _data(case, story), name(case.pick))


def name(pick: state.Pick) -> str:
    """How the names of the files start."""
    return f"{pick.dataset}-{pick.model}-{pick.graph}-{pick.explainer}"


def command(case: state.Case, story: figures.Story) -> str:
    """The shell command that gives the picked views as one page."""
    pick = case.pick
    own = pick.graph in session.graphs(pick.dataset)
    brought = session.datasets().get(pick.dataset)
    source = [pick.dataset] if brought is None else _source(brought)
    words = ["python", "-m", "hpme", "explain", *source, "--model", pick.model]
    words += ["--input", f"{name(pick)}-graph.json"] if own else ["--graph", str(pick.graph)]
    words += ["--seed", str(pick.seed)]
    words += [] if pick.explainer == REFERENCE else ["--explainer", pick.explainer]
    words += [] if pick.checkpoint is None else ["--checkpoint", str(pick.checkpoint)]
    words += [] if pick.k is None else ["--nodes", str(pick.k)]
    words += ["--donor", str(int(story.scene.donor.graph_id)), "--format", "html", "--output", "out.html"]
    before = [] if brought is None else _made(brought, pick)
    return " && ".join(map(shlex.join, [*before, words]))


def _source(own: session.OwnDataset) -> list[str]:
    """How the shell is told of an own dataset."""
    if own.built_in:
        return [own.built_in]
    return ["--data", own.dataset.spec.source, *(["--label", own.label] if own.label else [])]


def _made(own: session.OwnDataset, pick: state.Pick) -> list[list[str]]:
    """The commands that train the picked model, or take its weights, and fit HPME to it, as the app did."""
    card = own.classifiers[pick.model][1]
    words = [*_source(own), "--model", pick.model]
    how = ["--weights", card["weights"]] if "weights" in card else ["--epochs", str(card["epochs"])]
    train = ["python", "-m", "hpme", "train", *words, *how]
    return [train, ["python", "-m", "hpme", "fit", *words, "--seed", str(pick.seed)]]


def question(case: state.Case, story: figures.Story) -> str:
    """What the explanation answers."""
    who, said = f"Why does {model_title(case.pick.model)}", story.answers.said(0)
    if story.answers.scale is None:
        return f"{who} call {case.title} “{said}”?"
    return f"{who} predict {said} for {case.title}?"


def facts(case: state.Case, story: figures.Story) -> dict[str, Any]:
    """Where the explanation comes from."""
    pick = case.pick
    explainer: Explainer = case.hpme
    if not case.explainer.reference:  # its settings follow from its name
        explainer = case.explainer.build(case.model, pick.seed)
    picked = {
        "dataset": pick.dataset,
        "model": pick.model,
        "explainer": pick.explainer,
        "seed": pick.seed,
        "graph": pick.graph,
        "donor": int(story.scene.donor.graph_id),
        "checkpoint": pick.checkpoint,
        "nodes": pick.k,
        "command": command(case, story),
    }
    return provenance(case.model, explainer, picked)


def pictures(data: dict[str, Any], name: str) -> None:
    """Buttons that download linked panels as SVG: `data` is what `_trio` draws, `name` starts each file's."""
    drawn = figures.data_svgs(data, dark=state.dark())
    buttons(
        "Pictures",
        {f"{title}, SVG": (f"{_plain(title)}.svg", svg.encode()) for title, svg in drawn.items()},
        name,
    )


def _plain(title: str) -> str:
    """A title as a part of a file's name."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def _pages(case: state.Case, story: figures.Story, structure: bool) -> dict[str, tuple[str, bytes]]:
    title = question(case, story).replace("`", "")
    report = figures.report_html(story, title, command(case, story), facts(case, story), structure=structure)
    return {
        "Interactive page, HTML": ("panels.html", figures.page_html(story, title).encode()),
        "Report, HTML": ("report.html", report.encode()),
    }


def _data(case: state.Case, story: figures.Story) -> dict[str, tuple[str, bytes]]:
    noted = copy.copy(story.scene.explanation)
    noted.provenance = json.dumps(facts(case, story))
    graphs = {"json": "Graph, JSON", "graphml": "Graph, GraphML"}
    files = {
        label: (f"graph.{kind}", io.write_graph(story.scene.graph, noted, kind))
        for kind, label in graphs.items()
    }
    return files | {"Metrics, CSV": ("metrics.csv", io.csv_bytes(figures.metric_rows(story)))}


def buttons(title: str, files: dict[str, tuple[str, bytes]], name: str) -> None:
    """A row of buttons that download files: by its label the ending of each one's name, and its content."""
    st.markdown(f"**{title}**")
    with st.container(horizontal=True, gap="small"):
        for label, (ending, content) in files.items():
            st.download_button(
                label,
                content,
                f"{name}-{ending}",
                key=f"save-{name}-{ending}",
                on_click="ignore",
                width="content",
            )
