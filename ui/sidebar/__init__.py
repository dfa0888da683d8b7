"""The sidebar: what is picked is in the address, under the key of its widget."""

from ui.sidebar.carried import AUTO, forget_own, open_own, start_at
from ui.sidebar.graph import show_steps
from ui.sidebar.model import passing
from ui.sidebar.page import filters, look, pick
from ui.sidebar.size import on_curve, on_path, own_size, path_slider, show_resample, show_size
from ui.sidebar.titled import held, multiselect, selectbox

__all__ = [
    "AUTO",
    "filters",
    "forget_own",
    "held",
    "look",
    "multiselect",
    "on_curve",
    "on_path",
    "open_own",
    "own_size",
    "passing",
    "path_slider",
    "pick",
    "selectbox",
    "show_resample",
    "show_size",
    "show_steps",
    "start_at",
]
