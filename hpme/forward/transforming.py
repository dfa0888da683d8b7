"""What users let happen to every graph before the model sees it."""

from collections.abc import Callable

from torch import Tensor
from torch_geometric.data import Data

from hpme import checks
from hpme.forward.calling import unwritten
from hpme.forward.packed import Packed, pack

Transform = Callable[[Data], Data]


def transformed(graphs: Packed, transform: Transform) -> Packed:
    """Returns the graphs, each of them transformed.

    Raises:
        ValueError: If the transform fails, drops nodes, or writes into what it is given.
    """
    with unwritten(graphs.tensors, "the transform"):
        changed = pack([_one(graph, transform) for graph in graphs.to_data_list()])
    if (changed.node_ptr.diff() < graphs.node_ptr.diff()).any():
        raise ValueError(
            "Expected a transform that keeps all nodes, in their order (got fewer nodes); apply it to the "
            "graphs before you explain them"
        )
    return changed


def _one(graph: Data, transform: Transform) -> Data:
    size = f"{graph.num_nodes} nodes and {graph.num_edges} edges"
    try:
        changed: object = transform(graph)
    except Exception as error:  # foreign code can fail in any way
        raise ValueError(
            f"Expected a transform of graphs of any size (got {checks.cause(error)} for one with "
            f"{size}); let it give small graphs what they lack"
        ) from error
    if not isinstance(changed, Data) or not isinstance(changed.get("edge_index"), Tensor):
        got = "one without" if isinstance(changed, Data) else type(changed).__name__
        raise ValueError(
            f"Expected a transform that returns a graph with edge_index (got {got}); let the model make what "
            "it wants in its place, such as a sparse matrix"
        )
    return changed
