"""What is written as a dataset is read back as it was, whatever its graphs."""

import io
import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from own_files import zip_tu
from packs import flatten
from torch import Tensor
from torch_geometric.data import Data
from torch_geometric.utils import to_undirected

from hpme.datasets.molecules import bundled_smiles, molecule_graph, parse_bundled
from hpme.own_data import read_dataset

FINITE = st.floats(-1e6, 1e6, width=32)
WIDTH = 2  # features


@st.composite
def datasets(draw: st.DrawFn) -> list[Data]:
    """Twenty undirected graphs of two classes, with two features a node and one an edge."""
    graphs = []
    for i in range(20):
        size = draw(st.integers(1, 5))
        pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
        edges = torch.tensor(draw(st.lists(pairs, max_size=6)), dtype=torch.long).reshape(-1, 2).t()
        x = torch.tensor([[draw(FINITE) for _ in range(WIDTH)] for _ in range(size)])
        lengths = torch.tensor([[draw(FINITE)] for _ in edges.t()]).reshape(-1, 1)
        edges, lengths = to_undirected(edges, lengths, size, reduce="max")
        graphs.append(Data(x=x, edge_index=edges, edge_attr=lengths, y=torch.tensor([i % 2])))
    return graphs


def as_npz(graphs: list[Data]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **flatten(graphs), edge_attr=torch.cat([graph.edge_attr for graph in graphs]).numpy())
    return buffer.getvalue()


def as_zip(graphs: list[Data]) -> bytes:
    names = ("A", "graph_indicator", "graph_labels", "node_attributes", "edge_attributes")
    first, parts = 1, {name: [] for name in names}
    for i, graph in enumerate(graphs, start=1):
        parts["A"] += [f"{u}, {v}" for u, v in (graph.edge_index + first).t().tolist()]
        parts["edge_attributes"] += map(repr, graph.edge_attr[:, 0].tolist())
        parts["graph_indicator"] += [i] * graph.num_nodes
        parts["graph_labels"].append(int(graph.y))
        parts["node_attributes"] += [", ".join(map(repr, row)) for row in graph.x.tolist()]
        first += graph.num_nodes
    return zip_tu({name: "".join(f"{row}\n" for row in rows) for name, rows in parts.items()})


def as_jsonl(graphs: list[Data]) -> bytes:
    lines = []
    for graph in graphs:
        nodes = [{"id": i, "x": row} for i, row in enumerate(graph.x.tolist())]
        rows = zip(graph.edge_index.t().tolist(), graph.edge_attr.tolist(), strict=True)
        edges = [{"source": u, "target": v, "edge_attr": row} for (u, v), row in rows if u <= v]
        lines.append(json.dumps({"y": int(graph.y), "nodes": nodes, "edges": edges}))
    return "\n".join(lines).encode()


WRITERS = {"npz": as_npz, "zip": as_zip, "jsonl": as_jsonl}


def by_row(graph: Data) -> list[tuple[list[int], list[float]]]:
    rows: Tensor = graph.get("edge_attr", torch.zeros(0, 1))
    return sorted(zip(graph.edge_index.t().tolist(), rows.tolist(), strict=True))


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(graphs=datasets())
def test_reading_a_dataset_gives_the_graphs_that_were_written(kind, graphs):
    read = read_dataset(WRITERS[kind](graphs), f"a.{kind}").graphs
    for graph, back in zip(graphs, read, strict=True):
        assert torch.equal(graph.x, back.x)
        assert by_row(graph) == by_row(back)
        assert int(graph.y) == int(back.y)


@pytest.mark.parametrize("kind", ["csv", "tsv"])
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(chosen=st.lists(st.integers(0, 9_000), min_size=20, max_size=30, unique=True))
def test_reading_a_table_gives_the_molecules_that_were_written(kind, chosen):
    smiles = [bundled_smiles()[i] for i in chosen]
    separator = {"csv": ",", "tsv": "\t"}[kind]
    rows = [["smiles", "label"], *([text, "ab"[i % 2]] for i, text in enumerate(smiles))]
    data = read_dataset("\n".join(separator.join(row) for row in rows).encode(), f"a.{kind}")
    assert data.spec.classes == ("a", "b")
    for i, (text, graph) in enumerate(zip(smiles, data.graphs, strict=True)):
        built_in = molecule_graph(parse_bundled(text), text, 0, set())
        assert (graph.smiles, int(graph.y)) == (text, i % 2)
        assert torch.equal(graph.x, built_in.x)
        assert torch.equal(graph.edge_index, built_in.edge_index)
