"""The Atlas page: a dataset as a map of the model's embeddings, and where explainers' inputs fall."""

from statistics import median

import numpy as np
import streamlit as st
import torch

from ui import start

with start.loading():
    from hpme import figures
    from hpme.analysis.atlas import Projection
    from hpme.classifiers import model_title
    from hpme.metrics import nearest
    from ui import atlas_cards, atlas_hover, links, session, sidebar, state, theme
    from ui.titles import dataset_title

CARDS, NEAREST = 12, 6
NOTE = """
Each point is {what}. **Click** a point to pick that {item}, or use the **lasso** to list some. The one under
the pointer is drawn beside it, the picked one beside the map; your own are squares. Dotted lines lead from
the picked one to the inputs that explainers make from it.
"""
WHAT = {
    "graph": "a graph as the model sees it: its graph embedding",
    "node": "a node as the model sees it: its embedding before the last layer",
}
KINDS = """
**Bare subgraph**: the nodes that HPME keeps, alone. **HPME's mix**: those nodes in another graph.
**Soft mix**: HPME's scores as soft edge weights, with two whole graphs linked as in MixupExplainer. Distances
are Euclidean, measured between embeddings, not on the map.
"""


def open_graph() -> None:
    """Picks the graph that was clicked; a lasso lists what it holds instead, be it one graph."""
    ids = chosen()
    if len(ids) == 1 and not drawn():
        atlas_cards.choose(ids[0])


def drawn() -> bool:
    """Whether the selection was drawn around points, not clicked."""
    selection = st.session_state.map.selection if "map" in st.session_state else {}
    return bool(selection.get("lasso") or selection.get("box"))


def chosen() -> list[int]:
    """Ids of the graphs that are selected on the map."""
    points = st.session_state.map.selection.points if "map" in st.session_state else []
    return [int(point["customdata"]) for point in points if "customdata" in point]


def lassoed(case: state.Case, mapped: state.MappedGraphs) -> None:
    """Shows the graphs inside the lasso: own ones and the first others as cards, the others as a table."""
    here, mine = chosen(), session.graphs(case.pick.dataset)
    ids, own = ([number for number in here if number in known] for known in (mapped.ids, mine))
    if not ids + own or (len(here) == 1 and not drawn()):
        return
    item, yours = case.dataset.spec.item, f", {len(own)} of them your own" if own else ""
    st.markdown(f"**{len(ids + own)} {item}{'s' * (len(ids + own) > 1)} inside the lasso{yours}**")
    first = (own + ids)[:CARDS]
    atlas_cards.cards(case.pick, mapped, first, [""] * len(first), "lasso")
    if ids:
        atlas_cards.table(case.pick, mapped, [mapped.ids.index(graph) for graph in ids], "lasso_table")


def portrait(case: state.Case, mapped: state.MappedGraphs, original: torch.Tensor) -> None:
    """Shows the picked graph: what it looks like, what the model says of it, and how far it stands apart."""
    own, pick = own_row(case, mapped), case.pick
    picture, words = st.columns([2, 3], vertical_alignment="center")
    drawing = state.picture(pick.dataset, pick.graph, None)
    picture.image(drawing, width="stretch", alt=f"The picked {item}: {figures.counts(case.graph)}")
    with words:
        st.markdown(f"**{case.title}**")
        st.markdown(atlas_cards.what(pick, mapped, pick.graph))
        gap = float(nearest(original, mapped.embedded, 1, torch.tensor([own]))[0])
        share = sum(other < gap for other in mapped.gaps) / len(mapped.gaps)
        st.caption(
            f"{gap:.2f} to the nearest other {item}, farther than {share:.0%} of those on the map are."
        )
        links.explain_link(pick, f"Explain this {item}")


def picked_graph(case: state.Case, mapped: state.MappedGraphs, inputs: dict[str, torch.Tensor]) -> None:
    """Shows how far the inputs made from the picked graph lie from it and from the nearest real graph."""
    own, rows = own_row(case, mapped), []
    for name, point in inputs.items():
        gap, near = nearest(point, mapped.embedded, 1, torch.tensor([own]) if name == "original" else None)
        rows.append(
            {
                "input": name,
                "to the original": float((point - inputs["original"]).norm()),
                "to the nearest": float(gap),
                "nearest": f"{case.dataset.spec.item} {mapped.ids[int(near)]}",
                "its class": atlas_cards.names(case.pick)[mapped.labels[int(near)]],
            }
        )
    st.markdown(f"Distances of the inputs made from **{case.title}**")
    st.dataframe(
        rows,
        hide_index=True,
        column_config={k: st.column_config.NumberColumn(format="%.2f") for k in list(rows[0])[1:3]},
    )


def neighbours(case: state.Case, mapped: state.MappedGraphs, original: torch.Tensor) -> None:
    """Shows the real graphs nearest to the picked one."""
    gaps, near = nearest(original, mapped.embedded, NEAREST, torch.tensor([own_row(case, mapped)]))
    st.markdown(f"**The real {case.dataset.spec.item}s nearest to {case.title}**")
    notes = [f"distance {gap:.2f}" for gap in gaps[0].tolist()]
    atlas_cards.cards(case.pick, mapped, [mapped.ids[row] for row in near[0].tolist()], notes, "near")


def own_row(case: state.Case, mapped: state.MappedGraphs) -> int:
    """Row of the picked graph on the map; -1 if it is not on the map."""
    return mapped.ids.index(case.pick.graph) if case.pick.graph in mapped.ids else -1


def own_places(pick: state.Pick, projection: Projection) -> dict[int, tuple[str, np.ndarray]]:
    """Titles and places of the session's own graphs, by number."""
    mine = session.graphs(pick.dataset)
    if not mine:
        return {}
    embedded = state.own_embeddings(pick.dataset, pick.model, tuple(own.graph for own in mine.values()))
    titles = (own.title for own in mine.values())
    return dict(zip(mine, zip(titles, projection.project(embedded), strict=True), strict=True))


def split_distances(case: state.Case, mapped: state.MappedGraphs, peer: bool) -> None:
    """Shows how far the inputs lie from the training graphs, over many test graphs."""
    pick, item = case.pick, case.dataset.spec.item
    distances = state.split_distances(pick.dataset, pick.model, pick.seed, peer)
    left, right = st.columns([3, 2], gap="large")
    chart = figures.distance_histograms({name: gaps for name, (gaps, _) in distances.items()}, item)
    left.plotly_chart(chart, alt="Histograms of the distances; the table beside them has their medians")
    rows = [
        {"input": name, "median distance": median(gaps), "MMD²": mmd}
        for name, (gaps, mmd) in distances.items()
    ]
    right.dataframe(
        rows,
        hide_index=True,
        column_config={k: st.column_config.NumberColumn(format="%.3f") for k in list(rows[0])[1:]},
    )
    right.caption(
        f"{len(distances['original'][0])} test {item}s against {len(mapped.train)} training {item}s. "
        "MMD² is 0 if two sets of embeddings are alike; its Gaussian kernel is as wide as the median "
        f"distance between training {item}s."
    )


atlas_cards.follow()
with st.spinner("Loading the graphs and the model …"):
    case = state.resolve(sidebar.pick(one_explainer=False))
    with st.sidebar:
        theme.follow()
    mapped = state.mapped_graphs(case.pick.dataset, case.pick.model)
st.subheader(f"How {model_title(case.pick.model)} sees {dataset_title(case.pick.dataset)}", anchor=False)
left, right = st.columns([3, 2], gap="large", vertical_alignment="bottom")
item = case.dataset.spec.item
left.markdown(NOTE.format(what=WHAT[item], item=item))
with right, st.container(horizontal=True, vertical_alignment="bottom"):
    kind = st.segmented_control(
        "Map", ["PCA", "t-SNE"], default="PCA", required=True, key="map_kind", bind="query-params"
    )
    mouse = st.segmented_control(
        "Mouse", ["click", "lasso"], default="click", required=True, key="mouse", bind="query-params"
    )
    shades = ["class", "right or wrong", "distance to the nearest"]
    shades += [] if mapped.confidence is None else ["confidence"]
    colour = st.selectbox("Colour", shades, key="colour", bind="query-params", width=210)
    peer = st.toggle(
        "Include MixupExplainer",
        key="peer",
        bind="query-params",
        help="It is fitted on first use, which takes up to a minute.",
    )
projection = state.projection(case.pick.dataset, case.pick.model, kind)
try:
    inputs = state.input_embeddings(case, peer)
except ValueError as error:  # of MixupExplainer, which cannot be fitted to every model
    st.text(error.args[0])
    st.stop()
if "soft mix" not in inputs:
    owner = model_title(case.pick.model)
    st.caption(f"There are no soft mixes: weights of edges do not reach every layer of {owner}.")
places = {name: projection.project(point)[0] for name, point in inputs.items()}
numbers = {"confidence": mapped.confidence or [], "distance to the nearest": mapped.gaps}.get(colour, [])
points = figures.MapPoints(
    projection.places,
    projection.axes,
    mapped.ids,
    mapped.labels,
    mapped.predicted,
    atlas_cards.names(case.pick),
    item,
    None if colour == "class" else (colour, numbers),
)
mine = session.graphs(case.pick.dataset)
figure = figures.atlas_map(points, places, own_places(case.pick, projection), lasso=mouse == "lasso")
left, right = st.columns([3, 2], gap="large")
with left:
    st.plotly_chart(
        figure,
        key="map",
        on_select=open_graph,
        selection_mode=("points", "lasso"),
        alt=f"{kind} map of {len(mapped.ids)} {item}s and of the inputs made from the picked one",
    )
    atlas_hover.show(case.pick.dataset, {*mapped.ids, *mine})
    everything = st.expander("Show as table", key="listed", on_change="rerun")
    if everything.open:
        with everything:
            atlas_cards.table(case.pick, mapped, range(len(mapped.ids)), "map_table")
    if kind == "t-SNE":
        st.caption(
            f"t-SNE preserves neighbours, not distances; each linked point stands among its nearest {item}s."
        )
with right:
    portrait(case, mapped, inputs["original"])
    picked_graph(case, mapped, inputs)
    st.caption(KINDS)
lassoed(case, mapped)
neighbours(case, mapped, inputs["original"])
if st.toggle(
    f"Compare over many test {item}s: how far are these inputs from the data?",
    key="split",
    bind="query-params",
):
    split_distances(case, mapped, peer)
