"""Figures of explanations: linked networks (pyvis), molecules (RDKit), charts (plotly), SVG and HTML."""

from hpme import checks

checks.installed("figures", "plotly", "pyvis")

from hpme.figures.alt import alt_texts, counts
from hpme.figures.answer import Answers, Scale
from hpme.figures.atlas import MapPoints, atlas_map, distance_histograms
from hpme.figures.changed import CHANGE_KEY, changed_picture
from hpme.figures.charts import capacity_path, path_rows, path_words
from hpme.figures.edited import edit_data, edit_layout
from hpme.figures.facts import node_facts
from hpme.figures.fidelity import curve_rows, fidelity_curve
from hpme.figures.flags import Flag
from hpme.figures.grid import COMPARED, Method, grid_data
from hpme.figures.layout import layout
from hpme.figures.learning import fit_curves, training_curves
from hpme.figures.networks import Panel, panels
from hpme.figures.outcome import outcome
from hpme.figures.overview import COLOURINGS, UNLABELLED, WholeGraph, overview
from hpme.figures.page import asset, linked_html, page_html, style, trio_script
from hpme.figures.payload import Look, trio_data
from hpme.figures.report import answer_rows, comparison_html, gallery_html, metric_rows, report_html
from hpme.figures.sanity import sanity_chart
from hpme.figures.scene import Scene, scene
from hpme.figures.signed import signed_data
from hpme.figures.soft import Leak, measure_leak, soft_data
from hpme.figures.steps import above, cut_edges, score_rows
from hpme.figures.story import Story
from hpme.figures.svg import data_svgs, graph_svg
from hpme.figures.tables import agreement_chart, edge_rows, method_rows, node_rows
from hpme.figures.thumbnail import MIX_KEY, mixed_thumbnail, piece_thumbnail, thumbnail
from hpme.figures.view_table import node_table

__all__ = [
    "CHANGE_KEY",
    "COLOURINGS",
    "COMPARED",
    "MIX_KEY",
    "UNLABELLED",
    "Answers",
    "Flag",
    "Leak",
    "Look",
    "MapPoints",
    "Method",
    "Panel",
    "Scale",
    "Scene",
    "Story",
    "WholeGraph",
    "above",
    "agreement_chart",
    "alt_texts",
    "answer_rows",
    "asset",
    "atlas_map",
    "capacity_path",
    "changed_picture",
    "comparison_html",
    "counts",
    "curve_rows",
    "cut_edges",
    "data_svgs",
    "distance_histograms",
    "edge_rows",
    "edit_data",
    "edit_layout",
    "fidelity_curve",
    "fit_curves",
    "gallery_html",
    "graph_svg",
    "grid_data",
    "layout",
    "linked_html",
    "measure_leak",
    "method_rows",
    "metric_rows",
    "mixed_thumbnail",
    "node_facts",
    "node_rows",
    "node_table",
    "outcome",
    "overview",
    "page_html",
    "panels",
    "path_rows",
    "path_words",
    "piece_thumbnail",
    "report_html",
    "sanity_chart",
    "scene",
    "score_rows",
    "signed_data",
    "soft_data",
    "style",
    "thumbnail",
    "training_curves",
    "trio_data",
    "trio_script",
]
