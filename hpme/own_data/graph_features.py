"""The features that graphs from a file have, or are given, in one way for all of a dataset."""

from torch_geometric.data import Data

from hpme.datasets.molecules import ELEMENTS
from hpme.own_data.fit_input import by_element
from hpme.own_data.raw import constant_feature, edge_words


def describe_input(graph: Data) -> str:
    """Returns words for the features of the nodes that differ where two graphs' features do not match."""
    if graph.x is None:
        return "elements" if "element" in graph else "no features"
    names = graph.get("feature_names")
    return f"{graph.x.size(1)} features" + (f" ({', '.join(names)[:60]})" if names else "")


def take_features(graphs: list[Data]) -> tuple[list[Data], str]:
    """Returns new graphs with `x` and `edge_index`, and a sentence on where the features come from."""
    how = edge_words(graphs[0].num_edge_features, graphs[0].get("edge_feature_names", ()))
    if graphs[0].x is not None:
        rows, how = [graph.x for graph in graphs], f"Nodes have {describe_input(graphs[0])}{how}"
    elif "element" in graphs[0]:
        rows, how = [by_element(graph.element, ELEMENTS)[0] for graph in graphs], f"Nodes are atoms{how}"
    else:
        rows = [constant_feature(graph.num_nodes) for graph in graphs]
        how = f"Nodes have no features: each gets a 1{how}"
    kept = [Data(x=x, edge_index=graph.edge_index) for x, graph in zip(rows, graphs, strict=True)]
    for graph, own in zip(graphs, kept, strict=True):
        if "edge_attr" in graph:
            own.edge_attr = graph.edge_attr
    return kept, how
