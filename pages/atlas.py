"""The dataset as a map: where graphs lie for the classifier, and where explainers' inputs fall."""

from statistics import median

import streamlit as st
import torch

from ui import start

with start.loading():
    from hpme import figures
    from hpme.classifiers import model_title
    from hpme.metrics import nearest
    from ui import atlas_cards, sidebar, state

CARDS, NEAREST = 12, 6
NOTE = """
Each point is a graph as the classifier sees it: its graph embedding. **Click** a point to pick that graph, or
take the **lasso** and draw around some to list them. Linked to the picked graph: what explainers show the
classifier of it.
"""
KINDS = """
**Bare subgraph**: what HPME keeps, alone. **HPME's mix**: that, in another graph. **Soft mix**: HPME's own
scores as soft edge weights, two whole graphs linked as MixupExplainer does. Distances are Euclidean, between
graph embeddings, on no map.
"""


def open_graph() -> None:
    """Picks the graph that was clicked; a lasso around several is a list instead."""
    ids = chosen()
    if len(ids) == 1:
        st.session_state.graph = ids[0]
        sidebar.forget_own()


def chosen() -> list[int]:
    """Ids of the graphs that are selected on the map."""
    points = st.session_state.map.selection.points if "map" in st.session_state else []
    return [int(point["customdata"]) for point in points if "customdata" in point]


def lassoed(case: state.Case, mapped: state.MappedGraphs) -> None:
    """The graphs inside the lasso: the first ones as cards, all as a table."""
    ids = chosen()
    if len(ids) < 2:
        return
    st.markdown(f"**{len(ids)} graphs inside the lasso**")
    atlas_cards.cards(case.pick, mapped, ids[:CARDS], [""] * len(ids[:CARDS]))
    atlas_cards.listed(case.pick, mapped, [mapped.ids.index(graph) for graph in ids])


def picked_graph(case: state.Case, mapped: state.MappedGraphs, inputs: dict[str, torch.Tensor]) -> None:
    """How far the picked graph's views lie from it and from the nearest real graph, and which that is."""
    own, rows = own_row(case, mapped), []
    for name, point in inputs.items():
        gap, near = nearest(point, mapped.embedded, 1, torch.tensor([own]) if name == "original" else None)
        rows.append(
            {
                "shown": name,
                "to the original": float((point - inputs["original"]).norm()),
                "to the nearest": float(gap),
                "which is": f"graph {mapped.ids[int(near)]}",
            }
        )
    st.markdown(f"What is shown of **{case.title}**")
    st.dataframe(
        rows,
        hide_index=True,
        column_config={k: st.column_config.NumberColumn(format="%.2f") for k in list(rows[0])[1:3]},
    )


def neighbours(case: state.Case, mapped: state.MappedGraphs, original: torch.Tensor) -> None:
    """The real graphs nearest to the picked one."""
    gaps, near = nearest(original, mapped.embedded, NEAREST, torch.tensor([own_row(case, mapped)]))
    st.markdown(f"**The real graphs nearest to {case.title}**, and their distance")
    notes = [f"{gap:.2f} away" for gap in gaps[0].tolist()]
    atlas_cards.cards(case.pick, mapped, [mapped.ids[row] for row in near[0].tolist()], notes)


def own_row(case: state.Case, mapped: state.MappedGraphs) -> int:
    """Row of the picked graph on the map; -1 where it is not on it."""
    return mapped.ids.index(case.pick.graph) if case.pick.graph in mapped.ids else -1


def whole_split(case: state.Case, mapped: state.MappedGraphs, peer: bool) -> None:
    """How far the inputs lie from the training graphs, over many held-out graphs."""
    pick = case.pick
    distances = state.split_distances(pick.dataset, pick.model, pick.seed, peer)
    left, right = st.columns([3, 2], gap="large")
    chart = figures.distance_histograms({name: gaps for name, (gaps, _) in distances.items()})
    left.plotly_chart(chart, alt="Histograms of the distances; the table beside them has their medians")
    rows = [
        {"shown": name, "median distance": median(gaps), "MMD²": mmd}
        for name, (gaps, mmd) in distances.items()
    ]
    right.dataframe(
        rows,
        hide_index=True,
        column_config={k: st.column_config.NumberColumn(format="%.3f") for k in list(rows[0])[1:]},
    )
    right.caption(
        f"{len(distances['original'][0])} held-out graphs against {len(mapped.train)} training graphs. "
        "MMD²: 0 where two sets of embeddings are alike; a Gaussian kernel as wide as the median distance of "
        "training graphs."
    )


with st.spinner("Loading the graphs and the classifier …"):
    case = state.resolve(sidebar.pick(one_explainer=False))
    mapped = state.mapped_graphs(case.pick.dataset, case.pick.model)
st.subheader(f"How {model_title(case.pick.model)} sees {case.dataset.spec.title}")
left, right = st.columns([3, 2], gap="large", vertical_alignment="bottom")
left.markdown(NOTE)
with right, st.container(horizontal=True, vertical_alignment="bottom"):
    kind = st.segmented_control(
        "Map", ["PCA", "t-SNE"], default="PCA", required=True, key="map_kind", bind="query-params"
    )
    mouse = st.segmented_control(
        "Mouse", ["click", "lasso"], default="click", required=True, key="mouse", bind="query-params"
    )
    peer = st.toggle(
        "MixupExplainer, too",
        key="peer",
        bind="query-params",
        help="It is fitted first: up to a minute, once.",
    )
projection = state.projection(case.pick.dataset, case.pick.model, kind)
inputs = state.input_embeddings(case, peer)
steps = {name: projection.project(point)[0] for name, point in inputs.items()}
figure = figures.atlas_map(
    *(
        projection.places,
        projection.axes,
        mapped.ids,
        mapped.labels,
        mapped.predicted,
        atlas_cards.names(case.pick),
        steps,
        mouse == "lasso",
    )
)
left, right = st.columns([3, 2], gap="large")
with left:
    st.plotly_chart(
        figure,
        key="map",
        on_select=open_graph,
        selection_mode=("points", "lasso"),
        alt=f"{kind} map of {len(mapped.ids)} graphs and of what is shown of the picked one",
    )
    everything = st.expander("The map as a table", key="listed", on_change="rerun")
    if everything.open:
        with everything:
            atlas_cards.listed(case.pick, mapped, range(len(mapped.ids)))
    if kind == "t-SNE":
        st.caption(
            "t-SNE keeps neighbours, not distances; the linked points stand among their nearest graphs."
        )
with right:
    picked_graph(case, mapped, inputs)
    st.caption(KINDS)
lassoed(case, mapped)
neighbours(case, mapped, inputs["original"])
if st.toggle(
    "Compare over held-out graphs: how far do these inputs lie from the data?",
    key="split",
    bind="query-params",
):
    whole_split(case, mapped, peer)
