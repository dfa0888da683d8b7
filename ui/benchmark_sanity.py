"""The chart of the Benchmark page that says whether explainers are true to the model."""

import streamlit as st

from hpme.home import PACKAGE
from ui import state
from ui.titles import explainer_title

SHIPPED = PACKAGE / "benchmark" / "sanity.json"  # not a file of results: its rows have other keys
NOTE = """
Left: the classifier learnt a planted shortcut (a coloured node, a bromine) and pays no heed to the old truth.
An explainer that is true to it ranks the shortcut first. Right: the stages of a trained classifier are drawn
anew, one after the other. An explanation that stays as it was is not of the classifier. Degree and Random
never ask it.
"""


def show() -> None:
    """Shows the chart with its table and the command behind it."""
    content, chart = state.sanity(SHIPPED, explainer_title)
    st.markdown("**Are the explainers true to the model?**")
    st.caption(NOTE)
    alt = "AUC of the shortcut and of the old truth, and rank correlations; the table below has the numbers"
    st.plotly_chart(chart, key="sanity", config={"displayModeBar": False}, alt=alt)
    with st.expander("Show as table"):
        st.dataframe(content["rows"], hide_index=True, height=220)
        meta = content["meta"]
        st.code(f"{meta['command']}  # {meta['date'][:10]}", language=None, wrap_lines=True)
