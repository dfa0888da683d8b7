"""Figures of explanations: linked networks (pyvis), molecules (RDKit), charts (plotly), SVG and HTML."""

from hpme.figures.charts import capacity_path
from hpme.figures.facts import node_facts
from hpme.figures.networks import Panel, panels
from hpme.figures.page import bars_note, page_html, style, trio_data, trio_script
from hpme.figures.scene import Scene, scene
from hpme.figures.story import Flag, Story, draw_donors, tell
from hpme.figures.svg import graph_svg

__all__ = [
    "Flag",
    "Panel",
    "Scene",
    "Story",
    "bars_note",
    "capacity_path",
    "draw_donors",
    "graph_svg",
    "node_facts",
    "page_html",
    "panels",
    "scene",
    "style",
    "tell",
    "trio_data",
    "trio_script",
]
