"""Facts of an uploaded graph in words, for the user to check."""

from collections import Counter
from collections.abc import Iterable, Sequence

from torch_geometric.data import Data

from hpme.chemistry.pieces import describe_pieces
from hpme.io.smiles import parse_smiles

MOST, LONGEST = 6, 20  # names that are listed, letters of a name
HOW = "hpme.chemistry.pieces.largest_piece(smiles) leaves the largest"


def describe_graph(graph: Data) -> dict[str, str]:
    """Returns facts of a graph that `read_graphs` returns, by name.

    Names stand there as they do in the file: show them as plain text only.
    """
    loops = int((graph.edge_index[0] == graph.edge_index[1]).sum())
    facts = {
        "Nodes": f"{graph.num_nodes:,}",
        "Edges": f"{(graph.num_edges + loops) // 2:,}" + (f", {loops} of them loops" if loops else ""),
        "Features": _features(graph),
    }
    if "edge_attr" in graph:
        names = graph.get("edge_feature_names")
        facts["Edge features"] = _counted(graph.edge_attr.size(1), names)
    facts["Ground truth"] = _truth(graph)
    if "element" in graph:
        facts["Elements"] = _listed(f"{name} {n}" for name, n in Counter(graph.element).most_common())
    if pieces := _pieces(graph):
        facts["Molecule"] = pieces
    if "y" in graph:
        facts["Label"] = f"{float(graph.y):g}"
    if "node_mask" in graph:
        kept = int((graph.node_mask > 0.5).sum())
        facts["Explanation"] = f"in the file, {kept} of {graph.num_nodes:,} nodes kept"
    if "left_out" in graph:
        facts["Left out"] = list_left_out(graph.left_out)
    return facts


def _features(graph: Data) -> str:
    if graph.x is None:
        return "none"
    return _counted(graph.x.size(1), graph.get("feature_names"))


def _pieces(graph: Data) -> str:
    """Returns words on the pieces of a molecule, if it has several."""
    if "." not in graph.get("smiles", ""):
        return ""
    try:
        words = describe_pieces(parse_smiles(graph.smiles))
    except ValueError:  # a text from a file, which need not be SMILES
        return ""
    return f"{words}; {HOW}" if words else ""


def list_left_out(phrases: Sequence[str]) -> str:
    """Returns what readers left out, in words, the first of them where they are many."""
    rest = len(phrases) - MOST
    return ", ".join(phrases[:MOST]) + (f" and {rest} more" if rest > 0 else "")


def _counted(count: int, names: Sequence[str] | None) -> str:
    return f"{count:,}, {'without names' if names is None else _listed(names)}"


def _truth(graph: Data) -> str:
    if "node_gt" in graph:
        return f"{int(graph.node_gt.sum()):,} nodes"
    return f"{int(graph.edge_gt.sum()) // 2:,} edges" if "edge_gt" in graph else "not given"


def _listed(names: Iterable[str]) -> str:
    cut = [name if len(name) <= LONGEST else f"{name[:LONGEST]}…" for name in names]
    return ", ".join(cut[:MOST]) + (", …" if len(cut) > MOST else "")
