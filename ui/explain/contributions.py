"""What each node and each piece adds to the number of a regression, with its sign."""

import streamlit as st

from hpme import figures
from ui import state, trio
from ui.plain import plain

NOTE = """
Where a number adds up over a graph, every part of it counts, and whether a few nodes *keep* the number is the
wrong question. What does each part **add**? It is left out, and the model asked again: its number falls by
what the part added. Pieces hang together: rings, functional groups and chains of a molecule, rings and
branches of other graphs.
"""


def show(case: state.Case, story: figures.Story) -> None:
    """Shows signed contributions below the explanation of a number; nothing for classes."""
    scale = story.answers.scale
    if scale is None:
        return
    parts, scene = state.breakdown(case), story.scene
    st.markdown(f"**What does each part add to the {plain(scale.quantity)}?**")
    st.caption(NOTE)
    left, right = st.columns(2, gap="large")
    with left:
        data = figures.signed_data(scene, parts.contribution, scale.quantity, look=state.look())
        trio.show(data, None, "signed")
    with right:
        st.dataframe(
            parts.piece_rows(scene.name),
            hide_index=True,
            column_config={"adds": st.column_config.NumberColumn(format="%+.2f")},
            alt="A row for each piece, with what it adds and its nodes",
        )
        st.markdown(
            f"Without any nodes {parts.nothing:.2f}, the pieces {parts.total:+.2f}, and what no piece does "
            f"alone {parts.together:+.2f}: the prediction, **{parts.answer:.2f}**."
        )
        st.caption(
            "Where no piece does it alone, pieces act together. Believe pieces more than single nodes: a "
            "node that is torn out leaves a fragment unlike any graph that the model learnt from."
        )
