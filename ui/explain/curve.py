"""The tool "Size curve": how much of the ranking does the prediction need?"""

import streamlit as st

from hpme import figures
from hpme.metrics import has_ground_truth
from ui import sidebar, state

NOTE = """
The highest-ranked nodes are added one by one, from none to all. At each size, the model predicts on these
nodes **alone**, on the **rest** without them, and on their **mix** with {donors} other graphs. With a good
ranking, the mix rises early and the rest falls early. Click a point to see that subgraph in the panels.
"""


def show(case: state.Case, story: figures.Story) -> None:
    """Shows the curve of the picked graph; a click on a point shows that subgraph in the panels."""
    curve, own = state.size_curve(case)
    graph = story.scene.graph
    truth = int(graph.node_gt.sum()) if has_ground_truth(graph) else None
    left, right = st.columns([3, 1])
    left.markdown(NOTE.format(donors=state.CURVE_DONORS))
    with right:
        unit = st.segmented_control(
            "Size in", ["nodes", "bits"], default="nodes", required=True, key="unit", bind="query-params"
        )
        changed = case.pick.k is not None or case.pick.checkpoint is not None
        st.button("Back to HPME's choice", on_click=sidebar.own_size, disabled=not changed)
    shown = int(story.scene.keep.sum())
    name = story.classes[story.target] if len(story.classes) > 1 else None
    what = f"probability of “{name}”" if name else "output"
    chart = figures.fidelity_curve(curve, what, own, truth, shown, bits=unit == "bits")
    st.plotly_chart(
        chart,
        key="curve",
        on_select=sidebar.on_curve,
        selection_mode="points",
        config={"displayModeBar": False},
        alt=f"Size curve: {what} against the number of nodes kept; the table below has the numbers",
    )
    marks = f"Grey band: the {shown} nodes in the panels. HPME's choice: {own}."
    st.caption(marks if truth is None else f"{marks} Ground truth: {truth}.")
    with st.expander("Show as table"):
        st.dataframe(figures.curve_rows(curve), hide_index=True)
