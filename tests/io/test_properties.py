"""What is written is read back as it was, whatever the graph."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch_geometric.data import Data

from hpme.chemistry.elements import SYMBOLS
from hpme.io import EDGE_FIELDS, NODE_FIELDS, WRITERS, read_graphs, write_graph
from hpme.io.record import FIXED, KNOWN

FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
NAMES = TEXT.filter(lambda name: name not in KNOWN | FIXED and name != "x0")
VALUES = {torch.bool: st.booleans(), torch.int64: st.integers(-(2**40), 2**40), torch.float32: FINITE}


@st.composite
def graphs(draw: st.DrawFn) -> Data:
    """Any undirected graph with any of the fields."""
    size = draw(st.integers(1, 5))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).map(sorted).map(tuple)
    edges = sorted(draw(st.sets(pairs, max_size=6)))
    both = sorted({*edges} | {(v, u) for u, v in edges})
    graph = Data(edge_index=torch.tensor(both, dtype=torch.long).reshape(-1, 2).t())
    names = draw(st.lists(NAMES, unique=True, max_size=3))
    if names:
        numbers = VALUES[draw(st.sampled_from([torch.float32, torch.int64]))]
        rows = [[draw(numbers) for _ in names] for _ in range(size)]
        graph.x = torch.tensor(rows)
        if draw(st.booleans()):
            graph.feature_names = names
    else:
        graph.num_nodes = size
    if draw(st.booleans()):
        graph.element = [draw(st.sampled_from(SYMBOLS)) for _ in range(size)]
    for name in draw(st.sets(st.sampled_from([*NODE_FIELDS]))):
        values = torch.tensor([draw(VALUES[NODE_FIELDS[name]]) for _ in range(size)], dtype=NODE_FIELDS[name])
        graph[name] = values[:, None] if name == "node_mask" else values
    names = draw(st.lists(NAMES, unique=True, max_size=3)) if edges else []
    if names:
        rows = {edge: [draw(FINITE) for _ in names] for edge in edges}
        graph.edge_attr = torch.tensor([rows[min(e), max(e)] for e in both])
        if names[0] != "edge_attr0" and draw(st.booleans()):
            graph.edge_feature_names = names
    for name in draw(st.sets(st.sampled_from([*EDGE_FIELDS]))) if edges else ():
        value = {edge: draw(VALUES[EDGE_FIELDS[name]]) for edge in edges}
        graph[name] = torch.tensor([value[min(e), max(e)] for e in both], dtype=EDGE_FIELDS[name])
    if draw(st.booleans()):
        graph.name, graph.y, graph.graph_id = (
            draw(TEXT),
            torch.tensor([draw(FINITE)]),
            draw(st.integers(0, 99)),
        )
    return graph


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(graph=graphs())
def test_reading_what_was_written_gives_the_same_graph(kind, graph):
    (back,) = read_graphs(write_graph(graph, None, kind), f"graph.{kind}")
    left, right = graph.to_dict(), back.to_dict()
    assert left.keys() == right.keys()
    for name, value in left.items():
        if isinstance(value, torch.Tensor):
            assert value.dtype == right[name].dtype, name
            assert torch.equal(value, right[name]), name
        else:
            assert value == right[name], name
