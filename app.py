"""The explorer: page config and the list of pages; imported, it is the server with its headers."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from ui.server import back, preload, processor, sign_in, widgets
from ui.server.callers import Callers
from ui.server.compressed import Compressed
from ui.server.doors import Doors
from ui.server.headers import SecurityHeaders
from ui.server.hosts import OwnHosts
from ui.server.index import Index
from ui.server.leaving import Leaving
from ui.server.uploads import Uploads

ASSETS = Path(__file__).parent / "assets"
LAYERS = (
    SecurityHeaders,
    OwnHosts,
    Doors,
    Compressed,
    Callers,
    Uploads,
    Leaving,
    Index,
)  # the first one is the outermost

if __name__ == "__main__":  # the script of each session
    pages = [  # in the order of the user's job: one graph, many graphs, many explainers, graphs of one's own
        st.Page("pages/explain.py", title="Explain", default=True),
        st.Page("pages/tour.py", title="Tour", url_path="tour"),
        st.Page("pages/ask.py", title="Ask", url_path="ask"),
        st.Page("pages/browse.py", title="Browse", url_path="browse"),
        st.Page("pages/pieces.py", title="Overall", url_path="overall"),
        st.Page("pages/atlas.py", title="Atlas", url_path="atlas"),
        st.Page("pages/compare.py", title="Compare", url_path="compare"),
        st.Page("pages/benchmark.py", title="Benchmark", url_path="benchmark"),
        st.Page("pages/upload.py", title="Upload", url_path="upload"),
    ]
    if os.environ.get("HPME_BATCH"):  # started with --batch
        pages.insert(0, st.Page("pages/batch.py", title="Batch", url_path="batch"))
    st.set_page_config(page_title="HPME Explorer", page_icon=str(ASSETS / "logo.svg"), layout="wide")
    st.logo(str(ASSETS / "logo_wide.svg"), icon_image=str(ASSETS / "logo.svg"), size="large")
    st.navigation([sign_in.show] if sign_in.needed() else pages).run()
else:  # what `streamlit run` finds and serves
    # Until st.navigation was called once, Streamlit takes a folder called "pages" for its older way to list
    # pages: who opened another page than the first on a fresh server would get that file alone, without this.
    PagesManager.uses_pages_directory = False
    processor.hold()
    preload.start()
    widgets.check()
    back.keep_parameters()
    server = st.App(__file__, middleware=[Middleware(layer) for layer in LAYERS])
