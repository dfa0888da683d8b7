"""What users give as graphs, one by one."""

from collections.abc import Iterable, Sequence
from typing import Any

from torch import Tensor
from torch_geometric.data import Batch, Data, HeteroData

from hpme.forward.packed import NUMBERS


def as_graphs(graphs: Data | Iterable[Any]) -> list[Data]:
    """Returns graphs one by one: of a list, a `Batch`, or a loader of batches.

    Raises:
        ValueError: If something else is among them.
    """
    if isinstance(graphs, Batch):
        return graphs.to_data_list()
    if isinstance(graphs, Data):
        raise ValueError("Expected a list of graphs (got one graph); put it into a list")
    found = []
    for item in graphs:
        if isinstance(item, Batch):
            found += item.to_data_list()
        elif isinstance(item, Data):
            found.append(item)
        else:
            raise ValueError(not_a_graph(item))
    return found


def one_graph(graph: Any) -> Data:
    """Returns the graph, if it is one.

    Raises:
        ValueError: If it is not.
    """
    if isinstance(graph, Batch):
        if graph.num_graphs == 1:
            return graph.to_data_list()[0]
        raise ValueError(
            f"Expected one graph (got a Batch of {graph.num_graphs}); explain each of batch.to_data_list()"
        )
    if not isinstance(graph, Data):
        raise ValueError(not_a_graph(graph))
    return graph


def not_a_graph(item: Any) -> str:
    """Returns the sentence about what is no graph that can be explained."""
    if isinstance(item, HeteroData):
        return (
            f"Expected graphs with one type of nodes (got HeteroData with {len(item.node_types)}); explain "
            "its to_homogeneous(), with a model that takes edge_type"
        )
    return f"Expected torch_geometric.data.Data (got {type(item).__name__}); make a Data of each graph"


def uneven(key: str, graphs: Sequence[Data], what: str) -> str:
    """Returns the sentence about an attribute that only some graphs have, or that is not alike in all."""
    lacking = next((i for i, graph in enumerate(graphs) if key not in graph), None)
    if lacking is not None:
        return f"Expected {what} in every graph (got none in graph {lacking}); add it"
    if NUMBERS in key:
        return (
            f"Expected no numbers of nodes in {what.rstrip(',')} (got '{NUMBERS}' in its name); they change "
            "in parts of graphs and in mixed graphs: mark nodes by an attribute, bool [nodes], instead"
        )
    shapes = sorted({str(list(graph[key].shape)) for graph in graphs if isinstance(graph[key], Tensor)})
    return (
        f"Expected {what} with a row for each node, each edge or the graph, alike in all graphs (got "
        f"{', '.join(shapes[:4])}); fix it"
    )
