"""The Compare page: several explainers on one graph, what they keep, how well, and how far they agree."""

from math import inf
from typing import Any

import streamlit as st
from pandas import DataFrame

from ui import start

with start.loading():
    from hpme import figures
    from hpme.classifiers import model_title
    from hpme.explainers import EXPLAINERS, REFERENCE, explainers_of
    from hpme.io import csv_bytes
    from hpme.metrics import METRICS, iou, matrix, rank_correlation
    from ui import export, flags, links, overview, sidebar, state, trio, waiting
    from ui.explain import examples
    from ui.plain import plain
    from ui.titles import explainer_title

PRESELECTED = ["saliency", "integrated-gradients", "gradcam"]
ROWS = {"Nodes": figures.node_rows, "Edges": figures.edge_rows, "Explainers": figures.method_rows}
SIZE, THRESHOLD = "HPME's size", "a threshold"
HARD, SOFT = "cut (hard)", "as given (soft)"
PICKED = "in the order picked"
GUIDE = """
All explainers look at the same graph and the same model. They rank the nodes; left to themselves, most keep
a little of everything. To make the comparison fair, each keeps **as many of its best nodes as HPME does** (or
as *Nodes to keep* in the sidebar says), or all nodes above a threshold of its own score.

Under each panel: the model's predictions on the kept nodes alone, on the rest without them, and on a graph in
which they replace another graph's explanation. **As given (soft)** shows what the explainer really returned:
colour and width are the mask.

Slow explainers run in the background and join when they are ready.
"""
LEAK = """
A soft mask removes nothing. On the left, the model's input as MixupExplainer builds it: the whole graph and
its whole donor, with edges as wide as their weights. **Dark orange** dots and lines mark what leaked: it lies
outside the explanation, but still passes messages. On the right, HPME's input: nodes are either in or out, so
nothing leaks.
"""

EXPORT = """
Download this view; the interactive page works offline. For a **PNG** of a panel as you zoomed it, use the
button in its upper right corner. For one explainer's masks as JSON or GraphML, export from the Explain page.
"""


def controls(of_nodes: bool) -> tuple[list[str], float | None]:
    """Shows the controls; returns which explainers to compare, and the threshold that cuts them, if any."""
    others = [name for name in explainers_of(of_nodes) if name != REFERENCE]
    left, right = st.columns([5, 4], vertical_alignment="bottom")
    with left:
        names = sidebar.multiselect(
            "Compare HPME with", others, "with", explainer_title, PRESELECTED, placeholder="none selected"
        )
    with right, st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            "Cut each at", [SIZE, THRESHOLD], default=SIZE, required=True, key="by", bind="query-params"
        )
        limit = None
        if by == THRESHOLD:
            limit = st.slider("Score above", 0.0, 1.0, 0.5, 0.05, key="above", bind="query-params", width=160)
        with st.popover("How to read this", type="tertiary"):
            st.markdown(GUIDE)
    return names, limit


def agreement(methods: list[figures.Method]) -> None:
    """Shows two matrices of agreement: of the kept nodes, and of the rankings."""
    titles = [method.title for method in methods]
    kept = matrix([method.keep for method in methods], iou)
    ranks = matrix([method.raw.node_score for method in methods], rank_correlation)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Agreement of kept nodes:** kept by both, out of those kept by either (IoU)")
        matrix_chart("iou", titles, kept, 0)
    with right:
        st.markdown("**Agreement of node rankings:** Spearman's correlation")
        matrix_chart("ranks", titles, ranks, -1)


def matrix_chart(key: str, titles: list[str], table: list[list[float | None]], low: float) -> None:
    """Shows a matrix as a chart, and as a table for readers who do not see it."""
    chart = figures.agreement_chart(titles, table, low)
    alt = f"Agreement of {', '.join(titles)}; the table below has the numbers"
    st.plotly_chart(chart, key=key, config={"displayModeBar": False}, alt=alt)
    with st.expander("Show as table"):
        st.dataframe(DataFrame(table, titles, titles), alt=alt)


def tables(methods: list[figures.Method]) -> None:
    """Shows a table of nodes, edges or explainers; a click on a heading sorts."""
    kind = st.segmented_control(
        "Rows", list(ROWS), default="Nodes", required=True, key="rows", bind="query-params"
    )
    rows = ROWS[kind](methods)
    config = {
        METRICS[name].title: st.column_config.NumberColumn(help=METRICS[name].help, format="%.2f")
        for name in figures.COMPARED
    }
    config["kept by"] = st.column_config.NumberColumn(help="How many of the explainers keep the node.")
    st.dataframe(
        rows, hide_index=True, column_config=config, alt=f"{kind}, with the results of each explainer"
    )
    st.download_button("Download as CSV", csv_bytes(rows), f"{kind.lower()}.csv", "text/csv")


def leaks(case: state.Case, names: list[str], chosen: list[str]) -> None:
    """Shows a soft explainer's mixed graph beside HPME's; of those `chosen`, `names` are ready."""
    soft = [name for name in names if not EXPLAINERS[name].hard]
    if not soft:
        missing = [explainer_title(name) for name in chosen if not EXPLAINERS[name].hard]
        st.info(
            f"This needs the soft mask of {' or '.join(missing)}, which is not ready; see above."
            if missing
            else "Add an explainer with soft masks above."
        )
        return
    name = st.segmented_control(
        "Soft mask of", soft, default=soft[0], required=True, key="soft", format_func=explainer_title
    )
    st.markdown(LEAK)
    other = case.vary(explainer=name)
    try:
        mixed, output = state.soft(other)
    except ValueError as error:  # no weights reach the edges of the model
        st.text(error.args[0])
        return
    story = state.story(other)
    leak = figures.measure_leak(mixed, story.scene.keep)
    left, right = st.columns(2)
    left.metric("Mask mass that leaked", f"{leak.mass:.0%}", help=plain(leak.sentence))
    right.metric("Leaked by HPME", "0%", help="A hard subgraph contains nothing outside the explanation.")
    st.caption(plain(leak.sentence))
    title = explainer_title(name)
    data = figures.soft_data(state.story(case), story, mixed, output, title, look=state.look())
    trio.show(data, None, "soft-trio", f"{export.name(other.pick)}-leaked")
    export.pictures(data, export.name(other.pick))


def take_away(case: state.Case, methods: list[figures.Method], data: dict[str, Any]) -> None:
    """Shows buttons to download the panels as pictures and pages, and the tables as CSV."""
    st.markdown(EXPORT)
    name, note = compared(case.pick), methods[0].story.note
    export.pictures(data, name)
    title = question(case).replace("`", "")
    facts = export.facts(case, methods[0].story)
    pages = {
        "Interactive page, HTML": ("panels.html", figures.linked_html(data, title, note).encode()),
        "Report, HTML": ("report.html", figures.comparison_html(methods, data, title, facts).encode()),
    }
    export.buttons("Pages", pages, name)
    tables = {kind: make(methods) for kind, make in ROWS.items()}
    files = {f"{kind}, CSV": (f"{kind.lower()}.csv", csv_bytes(rows)) for kind, rows in tables.items()}
    export.buttons("Data", files, name)


def compared(pick: state.Pick) -> str:
    """Start of the names of the files."""
    return f"{pick.dataset}-{pick.model}-{pick.graph}-compared"


def question(case: state.Case) -> str:
    """The question that the explainers are compared on."""
    answers, model = state.story(case).answers, model_title(case.pick.model)
    if answers.target is not None:
        speaks = f"what speaks for “{answers.explained_name}” in {case.title}"
        return f"Which explainer shows {speaks}, for which {model} predicts “{answers.prediction(0)}”?"
    return f"Which explainer shows why {model} predicts “{answers.prediction(0)}” for {case.title}?"


def noted(ready: list[state.Case]) -> list[figures.Flag]:
    """What the results note, each sentence once; one that not all of them note names whose it is."""
    found: dict[str, list[str]] = {}
    for one in ready:
        for note in state.story(one).notes:
            found.setdefault(note.words, []).append(one.explainer.title)
    return [
        figures.Flag("About the model" if len(titles) == len(ready) else ", ".join(titles), words)
        for words, titles in found.items()
    ]


def looks() -> tuple[bool, str, bool]:
    """Shows how to look at the panels; returns whether masks are soft, what to sort by, and whether small."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        masks = st.segmented_control(
            "Masks", [HARD, SOFT], default=HARD, required=True, key="masks", bind="query-params"
        )
        titles = {"": PICKED} | {name: METRICS[name].title for name in figures.COMPARED}
        measure = sidebar.selectbox("Sort by", list(titles), "sort", titles.__getitem__, width=230)
        dense = st.toggle("Small panels", key="small", bind="query-params")
    return masks == SOFT, measure, dense


def in_order(ready: list[state.Case], threshold: float | None, measure: str) -> list[state.Case]:
    """The cases, the best by a measure first; those without a value come last, in the order picked."""
    if not measure:
        return ready
    sign = 1 if METRICS[measure].direction == "down" else -1

    def place(one: state.Case) -> float:
        value = state.method(one, threshold).values[measure]
        return inf if value is None else sign * value

    return sorted(ready, key=place)


@st.fragment
def views(case: state.Case, ready: list[state.Case], threshold: float | None, chosen: list[str]) -> None:
    """Shows the linked panels and what depends on them; a click reruns this part alone."""
    soft, measure, dense = looks()
    ready = in_order(ready, threshold, measure)
    methods = [state.method(one, threshold) for one in ready]
    shown = tuple(one.explainer.title for one in ready if soft and not one.explainer.hard)
    asked = st.query_params.get("node", "")
    data = state.grid(tuple(ready), threshold, shown)
    with st.container(key="dense" if dense else "roomy"):
        selected = int(asked) if asked.isdecimal() and len(asked) < 10 else None
        node = trio.show(data, selected, "grid", compared(case.pick))
    st.caption(plain(methods[0].story.note))
    if node is not None and node < methods[0].story.scene.size:
        st.dataframe([figures.node_rows(methods)[node]], hide_index=True)
    below = st.segmented_control(
        "Look closer", ["Agreement", "Tables", "What leaked", "Export"], key="below", bind="query-params"
    )
    if below == "Agreement":
        agreement(methods)
    elif below == "Tables":
        tables(methods)
    elif below == "What leaked":
        leaks(case, [one.pick.explainer for one in ready], chosen)
    elif below == "Export":
        take_away(case, methods, data)


with st.spinner("Loading the graphs, the model and its explainer …"):
    examples.go_on("compare")
    case = state.resolve(sidebar.pick(one_explainer=False, any_class=True))
    examples.note(case.pick)
    head = st.container()
    chosen, threshold = controls(case.dataset.spec.of_nodes)
    ready = waiting.ready_cases([case, *(case.vary(explainer=name) for name in chosen)])
    if case not in ready:
        st.stop()
    with head:
        st.subheader(question(case), anchor=False)
        st.markdown(plain(figures.outcome([state.method(one, threshold) for one in ready])))
        links.copy_link()
        flags.show(noted(ready))
        overview.show(case)
views(case, ready, threshold, chosen)
