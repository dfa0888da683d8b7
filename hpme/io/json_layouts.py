"""The layouts of JSON whose nodes and edges are lists of objects: what each calls the ends and the fields."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from hpme.io.record import Fields
from hpme.io.text import shown

Name = str | int


class JsonLayout(NamedTuple):
    """Where a layout has what."""

    title: str
    node: str = "id"  # key of a node's name
    source: str = "source"
    target: str = "target"
    inner: str = ""  # key of an object that holds the fields
    drawing: frozenset[str] = frozenset()  # fields that say how something is drawn
    texts: bool = False  # a number and its digits are the same name
    one_way: bool = False  # edges have a direction unless the file says that they have none
    way: tuple[str, ...] = ()  # key of what says whether an edge has a direction


NODE_LINK = JsonLayout("node-link JSON")
D3 = NODE_LINK._replace(title="JSON for d3", drawing=frozenset({"index", "vx", "vy", "px", "py", "fx", "fy"}))
DRAWN_BY_VIS = (
    *(
        "x",
        "y",
        "color",
        "shape",
        "size",
        "font",
        "physics",
        "hidden",
        "fixed",
        "image",
        "icon",
        "borderWidth",
    ),
    *(
        "margin",
        "shadow",
        "smooth",
        "dashes",
        "arrows",
        "width",
        "length",
        "mass",
        "title",
        "opacity",
        "level",
    ),
)
VIS = JsonLayout("JSON for vis.js", source="from", target="to", drawing=frozenset(DRAWN_BY_VIS))
SIGMA = JsonLayout(
    "JSON for sigma.js or from Gephi", inner="attributes", drawing=frozenset({"x", "y", "size", "color"})
)
GRAPHOLOGY = JsonLayout(
    "JSON of graphology",
    node="key",
    inner="attributes",
    drawing=SIGMA.drawing | {"z", "hidden", "highlighted", "forceLabel", "zIndex"},
    one_way=True,
    way=("undirected",),
)
CYTOSCAPE = JsonLayout("JSON of Cytoscape", inner="data", texts=True)
JGF = JsonLayout("JSON Graph Format", inner="metadata", texts=True, one_way=True, way=("directed",))


def tell(nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]]) -> JsonLayout:
    """Returns the layout that nodes and edges have."""
    if any(isinstance(item.get("data"), dict) for item in (*nodes, *edges)):
        return CYTOSCAPE
    if any("key" in node for node in nodes) and not any("id" in node for node in nodes):
        return GRAPHOLOGY
    if any("from" in edge and "source" not in edge for edge in edges):
        return VIS
    if any(isinstance(item.get("attributes"), dict) for item in (*nodes, *edges)):
        return SIGMA
    moved = any("index" in node and ({"vx", "px"} & node.keys()) for node in nodes)
    return D3 if moved else NODE_LINK


def fields(item: dict[str, Any], layout: JsonLayout, where: str, lost: dict[str, None]) -> Fields:
    """Returns what an item holds beside its names.

    Args:
        item: A node or an edge.
        layout: The layout of the file.
        where: ``"nodes"`` or ``"edges"``.
        lost: Gets words for each field that is left out.
    """
    taken = {layout.node} if where == "nodes" else {layout.source, layout.target, *layout.way}
    within = item.get(layout.inner) if layout.inner else None
    beside = {key: value for key, value in item.items() if key not in taken}
    if isinstance(within, dict):
        del beside[layout.inner]
        if layout.inner == "data":  # all else is of the drawing
            beside.pop("group", None)
            lost |= dict.fromkeys(f"{shown(key)} at {where} (beside 'data')" for key in beside)
            beside = {}
        again = [key for key in beside.keys() & within.keys() if beside[key] != within[key]]
        lost |= dict.fromkeys(f"{shown(key)} at {where} (beside {layout.inner!r})" for key in sorted(again))
        held = {key: value for key, value in within.items() if key not in taken or layout.inner != "data"}
        beside |= held
    drawn = [key for key in beside if key in layout.drawing]
    lost |= dict.fromkeys(f"{shown(key)} at {where} (drawing)" for key in drawn)
    return {key: value for key, value in beside.items() if key not in layout.drawing}


def name(item: dict[str, Any], key: str, layout: JsonLayout) -> Name:
    """Returns the name that an item has under a key.

    Raises:
        ValueError: If it has none.
    """
    found = item.get(key)
    if found is None and layout.inner == "data" and isinstance(item.get("data"), dict):
        found = item["data"].get(key)
    if isinstance(found, dict) and key != layout.node:  # d3 puts the nodes themselves there
        found = found.get(layout.node, found.get("index"))
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise ValueError(
            f"Expected {key!r} to be text or an integer (got {shown(found)}); name it as {layout.title} does"
        )
    return str(found) if layout.texts else found
