"""The whole graph, where nodes are predicted: to see where the picked node is, and to find another one."""

import streamlit as st

from hpme import figures
from hpme.figures.window import MOST
from ui import sidebar, state

NOTE = "Click a node to pick it, in the drawing or in the list; a click on a heading sorts."
LARGE = "Of more than {most:,} nodes only the list is shown, and below it the graph around the picked node."


def show(case: state.Case) -> None:
    """Shows the whole graph and the list of its nodes in a box that is closed at first."""
    if case.around is None:
        return
    box = st.expander("Find a node in the whole graph", key="whole_graph", on_change="rerun")
    if not box.open:
        return
    with box:
        name, arch = case.pick.dataset, case.pick.model
        if state.spec(name).num_graphs > MOST:
            st.caption(LARGE.format(most=MOST))
            _list(name, arch)
            return
        left, right = st.columns([5, 3], gap="medium")
        with left:
            _drawing(case)
        with right:
            st.caption(NOTE)
            _list(name, arch)


def _drawing(case: state.Case) -> None:
    """Shows the graph with the picked node and what lies around it; a click picks another one."""
    pick = case.pick
    colouring = st.segmented_control(
        "Colour", figures.COLOURINGS, default=figures.COLOURINGS[0], required=True, key="colouring"
    )
    near = case.graph.node_number.numpy()
    chart = figures.overview(state.whole_graph(pick.dataset, pick.model), pick.graph, near, colouring)
    st.plotly_chart(
        chart,
        key="overview",
        on_select=_on_point,
        selection_mode="points",
        config={"displaylogo": False},
        alt=f"The whole graph; node {pick.graph} and the {len(near) - 1} nodes around it are marked, and the "
        "list beside it has all nodes",
    )


def _on_point() -> None:
    """Picks the node that was clicked in the drawing."""
    points = [point for point in st.session_state.overview.selection.points if "customdata" in point]
    if points:
        _pick(int(points[0]["customdata"]))


def _list(name: str, arch: str) -> None:
    """Shows the nodes that match the filters of the sidebar, be they for training or for tests."""
    rows = state.node_list(name, arch)
    passes = sidebar.passing()
    rows = rows[[passes(group, right) for group, right in zip(rows["class"], rows["right"], strict=True)]]

    def on_row() -> None:
        selected = st.session_state.nodes.selection.rows
        if selected:
            _pick(int(rows["node"].iloc[selected[0]]))

    st.dataframe(
        rows,
        key="nodes",
        hide_index=True,
        on_select=on_row,
        selection_mode="single-row",
        height=440,
        alt="A row for each node, with its class and prediction",
    )


def _pick(node: int) -> None:
    st.session_state.graph = node
    sidebar.forget_own()
