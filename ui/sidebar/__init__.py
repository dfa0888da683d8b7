"""The sidebar: what is picked is in the URL, under the key of its widget."""

from ui.sidebar.carried import AUTO, forget_own, open_own, start_at
from ui.sidebar.page import filters, pick
from ui.sidebar.size import on_curve, on_path, own_size

__all__ = ["AUTO", "filters", "forget_own", "on_curve", "on_path", "open_own", "own_size", "pick", "start_at"]
