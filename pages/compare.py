"""Several explainers on one graph, side by side: what they keep, how well, and how far they agree."""

from typing import Any

import streamlit as st
from pandas import DataFrame

from ui import start

with start.loading():
    from hpme import figures
    from hpme.classifiers import model_title
    from hpme.explainers import EXPLAINERS
    from hpme.io import csv_bytes
    from hpme.metrics import METRICS, iou, matrix, rank_correlation
    from ui import export, sidebar, state, trio, waiting

OTHERS = [spec.name for spec in EXPLAINERS.values() if not spec.reference]
PRESELECTED = ["saliency", "integrated-gradients", "gradcam"]
ROWS = {"Nodes": figures.node_rows, "Edges": figures.edge_rows, "Explainers": figures.method_rows}
SIZE, THRESHOLD = "HPME's size", "a threshold"
GUIDE = """
All explainers look at the same graph and the same classifier. They rank nodes; by themselves most keep a
little of everything. To be fair, each keeps **as many of its best nodes as HPME does** (or as *Nodes kept* in
the sidebar says), or all above a threshold of its own score.

Under each: what the classifier says of its nodes alone, of the rest without them, and of the graph in which
they take the place of another graph's. **Own masks** shows what it really gave: colour and width are the
mask.

Explainers that take their time run in the background and join when they are ready.
"""
LEAK = """
A soft mask removes nothing. Left, the classifier's input as MixupExplainer makes it: the whole graph and its
whole donor, edges as wide as their weights. **Red** is what lies outside the explanation and still passes
messages: what leaked. Right, HPME's: nodes are in or out, and the mixed graph has nothing else.
"""

EXPORT = """
Files of this very view; the page works offline. A panel as **PNG**, as it is zoomed: the button in its upper
right corner. One explainer's masks as JSON or GraphML: pick it on the Explain page and export there.
"""


def controls() -> tuple[list[str], float | None]:
    """Which explainers, and how they are cut."""
    left, right = st.columns([5, 4], vertical_alignment="bottom")
    names = left.multiselect(
        "Compare HPME with",
        OTHERS,
        default=PRESELECTED,
        key="with",
        bind="query-params",
        placeholder="nobody yet",
    )
    with right, st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            "Each keeps", [SIZE, THRESHOLD], default=SIZE, required=True, key="by", bind="query-params"
        )
        limit = None
        if by == THRESHOLD:
            limit = st.slider("Score above", 0.0, 1.0, 0.5, 0.05, key="above", bind="query-params", width=160)
        with st.popover("How to read this", type="tertiary"):
            st.markdown(GUIDE)
    return names, limit


def agreement(methods: list[figures.Method]) -> None:
    """Two matrices: of what is kept, and of the rankings."""
    titles = [method.title for method in methods]
    kept = matrix([method.keep for method in methods], iou)
    ranks = matrix([method.native.node_score for method in methods], rank_correlation)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Kept nodes in common**, of those that either keeps (IoU)")
        matrix_chart("iou", titles, kept, 0)
    with right:
        st.markdown("**Rankings of the nodes**, Spearman's correlation")
        matrix_chart("ranks", titles, ranks, -1)


def matrix_chart(key: str, titles: list[str], table: list[list[float | None]], low: float) -> None:
    """A matrix as a chart, and as a table for those who do not see it."""
    chart = figures.agreement_chart(titles, table, low)
    alt = f"Agreement of {', '.join(titles)}; the table below has the numbers"
    st.plotly_chart(chart, key=key, config={"displayModeBar": False}, alt=alt)
    with st.expander("As a table"):
        st.dataframe(DataFrame(table, titles, titles), alt=alt)


def tables(methods: list[figures.Method]) -> None:
    """A row a node, an edge or a method; a click on a heading sorts."""
    kind = st.segmented_control(
        "Rows", list(ROWS), default="Nodes", required=True, key="rows", bind="query-params"
    )
    rows = ROWS[kind](methods)
    config = {
        METRICS[name].title: st.column_config.NumberColumn(help=METRICS[name].help, format="%.2f")
        for name in figures.COMPARED
    }
    config["kept by"] = st.column_config.NumberColumn(help="How many of the explainers keep the node.")
    st.dataframe(rows, hide_index=True, column_config=config, alt=f"{kind}: what each explainer says of them")
    st.download_button("Download as CSV", csv_bytes(rows), f"{kind.lower()}.csv", "text/csv")


def leaks(case: state.Case, names: list[str]) -> None:
    """A soft explainer's mixed graph beside HPME's."""
    soft = [name for name in names if not EXPLAINERS[name].hard]
    if not soft:
        st.info("Choose a soft explainer above.")
        return
    name = st.segmented_control(
        "Soft mask of", soft, default=soft[0], required=True, key="soft", format_func=_title
    )
    st.markdown(LEAK)
    other = case.vary(explainer=name)
    mixed, output = state.soft(other)
    story = state.story(other)
    leak = figures.leak_of(mixed, story.scene.keep)
    left, right = st.columns(2)
    left.metric("Mask mass that leaked", f"{leak.mass:.0%}", help=leak.sentence)
    right.metric("Leaked by HPME", "0%", help="A hard subgraph holds nothing outside itself.")
    st.caption(leak.sentence)
    data = figures.soft_data(state.story(case), story, mixed, output, _title(name))
    trio.show(data, None, key="soft-trio")
    export.pictures(data, export.name(other.pick))


def take_away(case: state.Case, methods: list[figures.Method], data: dict[str, Any]) -> None:
    """The panels as pictures and as a page, the tables as CSV."""
    st.markdown(EXPORT)
    name, note = (
        f"{case.pick.dataset}-{case.pick.model}-{case.pick.graph}-compared",
        methods[0].story.answers.note,
    )
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


def question(case: state.Case) -> str:
    """What the explainers are compared on."""
    said = state.story(case).answers.said(0)
    return f"Who sees why {model_title(case.pick.model)} says “{said}” of {case.title}?"


def _title(name: str) -> str:
    return EXPLAINERS[name].title


@st.fragment
def views(case: state.Case, ready: list[state.Case], threshold: float | None) -> None:
    """The linked panels and what hangs on them; a click reruns this part alone."""
    methods = [state.method(one, threshold) for one in ready]
    titles = [method.title for method in methods]
    masks = st.pills("Own masks of", titles, selection_mode="multi", key="masks") or []
    shown = tuple(title for title in titles if title in masks)
    asked = st.query_params.get("node", "")
    data = state.grid(tuple(ready), threshold, shown)
    node = trio.show(data, int(asked) if asked.isdecimal() else None, "grid")
    st.caption(methods[0].story.answers.note)
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
        leaks(case, [one.pick.explainer for one in ready])
    elif below == "Export":
        take_away(case, methods, data)


with st.spinner("Loading the graphs, the classifier and its explainer …"):
    case = state.resolve(sidebar.pick(one_explainer=False))
    head = st.container()
    chosen, threshold = controls()
    ready = waiting.ready_cases([case, *(case.vary(explainer=name) for name in chosen)])
    head.subheader(question(case))
views(case, ready, threshold)
