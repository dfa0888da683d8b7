"""Export: the view as files."""

import json
import re
import shlex
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from hpme import figures, io
from hpme.analysis.answered import with_answer
from hpme.analysis.provenance import provenance
from hpme.chemistry.fragments import part_smiles
from hpme.chemistry.sdf import marked_sdf
from hpme.classifiers import model_title
from hpme.explainers import REFERENCE, Explainer
from hpme.own_data import own_datasets
from ui import session, state

NOTE = """
Download this view. **JSON** and **GraphML** hold the graph with its masks, scores and provenance{again}.
For a **PNG** of a panel as you zoomed it, use the button in its upper right corner.
"""


AGAIN = {
    "graph": "; the Upload page and `hpme explain --input` can read them again",
    "node": ", and as `node_number` the number of each node in the whole graph",
}


def show(case: state.Case, story: figures.Story) -> None:
    """Shows buttons to download the view."""
    st.markdown(NOTE.format(again=AGAIN[case.dataset.spec.item]))
    pictures(state.trio(case, bool(st.session_state.get("hide", False))), name(case.pick))
    buttons("Pages", _pages(case, story), name(case.pick))
    buttons("Data", _data(case, story), name(case.pick))


def name(pick: state.Pick) -> str:
    """Start of the names of the files."""
    return f"{pick.dataset}-{pick.model}-{pick.graph}-{pick.explainer}"


def command(case: state.Case, story: figures.Story) -> str:
    """The shell command that writes the picked views as one page; empty for edited nodes, which it lacks."""
    pick = case.pick
    one = [f"--{case.dataset.spec.item}", str(pick.graph)]
    if pick.graph in session.graphs(pick.dataset):
        if case.dataset.spec.of_nodes:
            return ""
        one = ["--input", f"{name(pick)}-graph.json"]
    words = ["python", "-m", "hpme", "explain", *source(pick), "--model", pick.model, *one]
    words += ["--seed", str(pick.seed), *_target(pick)]
    words += [] if pick.explainer == REFERENCE else ["--explainer", pick.explainer]
    if pick.checkpoint is not None:
        words += [word for key, value in pick.place.items() for word in (f"--{key}", str(value))]
    words += [] if pick.k is None else ["--nodes", str(pick.k)]
    words += ["--donor", str(int(story.scene.donor.graph_id)), "--format", "html", "--output", "out.html"]
    return " && ".join(map(shlex.join, [*made(pick), words]))


def source(pick: state.Pick) -> list[str]:
    """Arguments that name the picked dataset in the shell."""
    brought = session.datasets().get(pick.dataset)
    return _source(brought) if brought else _named(pick.dataset)


def made(pick: state.Pick) -> list[list[str]]:
    """The commands that make what the app has made for itself: models and fitted explainers."""
    brought = session.datasets().get(pick.dataset)
    return _made(brought, pick) if brought else _fit(pick)


def _named(name: str) -> list[str]:
    """Arguments that name a dataset that the explorer was started with, or a built-in one, in the shell."""
    path, label = own_datasets().get(name, (None, None))
    return [name] if path is None else ["--data", path, *(["--label", label] if label else [])]


def _source(own: session.OwnDataset) -> list[str]:
    """Arguments that name an own dataset in the shell."""
    if own.built_in:
        return [own.built_in]
    return ["--data", own.dataset.spec.source, *(["--label", own.label] if own.label else [])]


def _fit(pick: state.Pick) -> list[list[str]]:
    """The command that fits HPME for the picked class, which the app has fitted for itself."""
    if pick.target is None:
        return []
    words = ["--model", pick.model, "--seed", str(pick.seed), *_target(pick)]
    return [["python", "-m", "hpme", "fit", *_named(pick.dataset), *words]]


def _made(own: session.OwnDataset, pick: state.Pick) -> list[list[str]]:
    """The commands that train the picked model, or load its weights, and fit HPME to it, as the app did."""
    card = own.classifiers[pick.model][1]
    words = [*_source(own), "--model", pick.model]
    how = ["--weights", card["weights"]] if "weights" in card else ["--epochs", str(card["epochs"])]
    train = ["python", "-m", "hpme", "train", *words, *how]
    return [train, ["python", "-m", "hpme", "fit", *words, "--seed", str(pick.seed), *_target(pick)]]


def _target(pick: state.Pick) -> list[str]:
    return [] if pick.target is None else ["--target", str(pick.target)]


def question(case: state.Case, story: figures.Story) -> str:
    """The question that the explanation answers."""
    return story.question(model_title(case.pick.model), case.title)


def facts(case: state.Case, story: figures.Story) -> dict[str, Any]:
    """Provenance of the explanation."""
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
        "target": pick.target,
        "donor": int(story.scene.donor.graph_id),
        "checkpoint": None,
        **pick.place,
        "nodes": pick.k,
        "command": command(case, story),
    }
    if story.molecule:
        picked |= {"kept": story.kept_names, "kept_smarts": story.kept_smarts}
    return provenance(case.model, explainer, picked)


def pictures(data: dict[str, Any], name: str) -> None:
    """Shows buttons to download linked panels as SVG; `name` starts the names of the files."""
    drawn = figures.data_svgs(data, dark=state.dark())
    buttons(
        "Pictures",
        {f"{title}, SVG": (f"{_plain(title)}.svg", svg.encode()) for title, svg in drawn.items()},
        name,
    )


def _plain(title: str) -> str:
    """A title in the form of a file's name."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def _pages(case: state.Case, story: figures.Story) -> dict[str, tuple[str, bytes]]:
    model = f"{model_title(case.pick.model)} of {case.dataset.spec.title}"
    title = story.question(model, case.title).replace("`", "")
    look = replace(state.look(), dark=None)  # a file is looked at anywhere
    report = figures.report_html(
        story, title, command(case, story), facts(case, story), structure=look.structure
    )
    return {
        "Interactive page, HTML": ("panels.html", figures.page_html(story, title, look).encode()),
        "Report, HTML": ("report.html", report.encode()),
    }


def _data(case: state.Case, story: figures.Story) -> dict[str, tuple[str, bytes]]:
    spec = case.dataset.spec
    parts = state.breakdown(case) if spec.regression else None
    noted = with_answer(story.scene.explanation, story.answers.outputs[0], spec, parts)
    noted.provenance = json.dumps(facts(case, story))
    graphs = {"json": "Graph, JSON", "graphml": "Graph, GraphML"}
    files = {
        label: (f"graph.{kind}", io.write_graph(story.scene.graph, noted, kind))
        for kind, label in graphs.items()
    }
    files |= _kept_part(case, story)
    if parts is not None:
        rows = parts.node_rows(story.scene.name)
        files["Contributions, CSV"] = ("contributions.csv", io.csv_bytes(rows))
    return files | {"Metrics, CSV": ("metrics.csv", io.csv_bytes(figures.metric_rows(story)))}


def _kept_part(case: state.Case, story: figures.Story) -> dict[str, tuple[str, bytes]]:
    """The kept atoms of a molecule as SMARTS, SMILES and marked in its SDF; nothing where there is none."""
    kept = story.scene.keep.nonzero().flatten().tolist()
    if story.molecule is None or not kept:
        return {}
    title = name(case.pick)
    facts = {
        "SMILES": story.scene.graph.smiles,
        "KEPT_NAMES": story.kept_names,
        "KEPT_SMARTS": story.kept_smarts,
        "PREDICTION": story.answers.prediction(0),
    }
    smiles = part_smiles(story.kept_smarts)
    return {
        "Kept part, SMARTS": ("kept.smarts", f"{story.kept_smarts} {title}\n".encode()),
        **({"Kept part, SMILES": ("kept.smi", f"{smiles} {title}\n".encode())} if smiles else {}),
        "Kept atoms marked, SDF": ("kept.sdf", marked_sdf(story.molecule, kept, title, facts).encode()),
    }


def buttons(title: str, files: dict[str, tuple[str, bytes]], name: str) -> None:
    """Shows a row of download buttons: by label, the end of a file's name and its content."""
    st.markdown(f"**{title}**")
    with st.container(horizontal=True, gap="small"):
        for label, (ending, content) in files.items():
            st.download_button(
                label,
                partial(bytes, content),  # sent when it is asked for, not with each run of the page
                f"{name}-{ending}",
                key=f"save-{name}-{ending}",
                on_click="ignore",
                width="content",
            )
