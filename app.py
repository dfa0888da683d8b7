"""The explorer: page config and the list of pages."""

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"
PAGES = [
    st.Page("pages/explain.py", title="Explain", default=True),
    st.Page("pages/compare.py", title="Compare", url_path="compare"),
    st.Page("pages/atlas.py", title="Atlas", url_path="atlas"),
    st.Page("pages/benchmark.py", title="Benchmark", url_path="benchmark"),
    st.Page("pages/upload.py", title="Upload", url_path="upload"),
    st.Page("pages/tour.py", title="Tour", url_path="tour"),
]

st.set_page_config(page_title="HPME Explorer", page_icon=str(ASSETS / "logo.svg"), layout="wide")
st.logo(str(ASSETS / "logo_wide.svg"), icon_image=str(ASSETS / "logo.svg"), size="large")
st.navigation(PAGES).run()
