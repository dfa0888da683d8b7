"""Writes the sample of one graph whose nodes have labels: ``python -m tests.own_data.sample_nodes``."""

from pathlib import Path

import networkx as nx
import numpy as np

SAMPLE = Path(__file__).parents[2] / "assets/samples/datasets/cycles.graphml"
LEVELS, CYCLES, SIZE = 6, 20, 6  # of the binary tree, attached to it, nodes of each


def graph() -> nx.Graph:
    """Returns a binary tree with six-cycles attached; `kind` says which of them a node is of."""
    rng = np.random.default_rng(0)
    drawn = nx.relabel_nodes(nx.balanced_tree(2, LEVELS), lambda node: f"tree {node}")
    tree = [*drawn]
    for number in range(CYCLES):
        ring = [f"cycle {number}, {place}" for place in range(SIZE)]
        nx.add_cycle(drawn, ring)
        drawn.add_edge(ring[0], tree[int(rng.integers(len(tree)))])
    nx.set_node_attributes(drawn, {node: node.split()[0] for node in drawn}, "kind")
    return drawn


if __name__ == "__main__":
    nx.write_graphml(graph(), SAMPLE)
