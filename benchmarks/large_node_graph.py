"""Nodes of a large graph: how fast their graphs are cut, and HPME explains them.

Run as ``python -m benchmarks.large_node_graph``. The graph has hubs (Barabási-Albert);
the model is a `gcn` of random weights, as time does not depend on them.
"""

from collections.abc import Callable
from time import perf_counter

import torch
import typer
from torch_geometric.data import Data
from torch_geometric.utils import barabasi_albert_graph, k_hop_subgraph

from hpme import HPME, HPMEConfig
from hpme.classifiers.registry import create
from hpme.datasets.spec import HOPS
from hpme.forward.around import GraphsAround

NODES, LINKS, WIDTH = 100_000, 2, 16
ASKED = 200  # nodes
QUICK = HPMEConfig(rounds=1, min_steps=20, checkpoints=4)


def large_graph(nodes: int) -> Data:
    """Returns a graph with hubs and random features."""
    torch.manual_seed(0)
    edges = barabasi_albert_graph(nodes, LINKS)
    return Data(x=torch.randn(nodes, WIDTH), edge_index=edges, y=torch.randint(2, (nodes,)))


def seconds(action: Callable[[], object]) -> float:
    """Returns how long something takes."""
    start = perf_counter()
    action()
    return perf_counter() - start


def cut_with_pyg(graph: Data, nodes: torch.Tensor) -> None:
    """Cuts the graph around each node, one a call."""
    for node in nodes.tolist():
        k_hop_subgraph(node, HOPS, graph.edge_index, relabel_nodes=True, num_nodes=graph.num_nodes)


def main(nodes: int = NODES) -> None:
    """Prints seconds of each part, and how many times as long PyG takes to cut."""
    graph = large_graph(nodes)
    asked = torch.randperm(graph.num_nodes)[:ASKED]
    around = GraphsAround(graph, asked, HOPS)
    ours, theirs = seconds(lambda: list(around)), seconds(lambda: cut_with_pyg(graph, asked))
    sizes = torch.tensor([float(cut.num_nodes) for cut in around])
    typer.echo(
        f"{graph.num_nodes:,} nodes, {graph.num_edges:,} edges; around {ASKED} nodes, {HOPS} steps far:"
    )
    typer.echo(f"median {sizes.median():.0f}, largest {sizes.max():.0f} nodes")
    typer.echo(f"cut: {ours:.2f} s; PyG, one node a call: {theirs:.2f} s, {theirs / ours:.1f} times as long")
    model = create("gcn", WIDTH, 2, of_nodes=True).eval().requires_grad_(False)
    explainer = HPME(model, QUICK)
    typer.echo(f"fit of {QUICK.min_steps} steps: {seconds(lambda: explainer.fit(around)):.1f} s")
    node = int(asked[0])
    typer.echo(f"explain(graph, index={node}): {seconds(lambda: explainer.explain(graph, index=node)):.2f} s")


if __name__ == "__main__":
    typer.run(main)
