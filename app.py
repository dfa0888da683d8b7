"""The explorer: page config and the list of pages."""

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"

st.set_page_config(page_title="HPME Explorer", page_icon=str(ASSETS / "logo.svg"), layout="wide")
st.logo(str(ASSETS / "logo_wide.svg"), icon_image=str(ASSETS / "logo.svg"), size="large")
st.navigation([st.Page("pages/explain.py", title="Explain", default=True)]).run()
