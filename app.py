"""The explorer: page config and the list of pages."""

from pathlib import Path

import streamlit as st

LOGO = Path(__file__).parent / "assets" / "logo.svg"

st.set_page_config(page_title="HPME Explorer", page_icon=str(LOGO), layout="wide")
st.logo(str(LOGO), size="large")
st.navigation([st.Page("pages/explain.py", title="Explain", default=True)]).run()
