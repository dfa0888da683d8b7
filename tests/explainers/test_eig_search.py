import pytest
import torch
from torch_geometric.data import Data
from torch_geometric.utils import to_undirected

from hpme.explainers import EXPLAINERS, EiGSearch, EiGSearchConfig
from hpme.explainers.eig_search import closeness, linear_gradients
from hpme.forward.ask import answer
from hpme.forward.node_graphs import node_graphs
from hpme.forward.pairs import undirected_pairs
from hpme.forward.question import ask
from tests.explainers.test_every_explainer import A, B, Bond, C


def row(kinds: str) -> Data:
    """Nodes in a row."""
    place = torch.arange(len(kinds))
    x = torch.stack([{"A": A, "B": B, "C": C}[kind] for kind in kinds])
    return Data(x=x, edge_index=to_undirected(torch.stack([place[:-1], place[1:]])))


def test_the_linear_gradient_of_an_edge_is_what_the_log_odds_lose_without_it(path, neighbour_sum):
    one = ask(neighbour_sum).pack([path])
    pair, whole = undirected_pairs(one.edge_index, 4), answer(neighbour_sum, one)
    lost = linear_gradients(neighbour_sum, one, pair, whole, torch.tensor([1]))
    assert lost.tolist() == [3 + 2, 2 + 0, 0 + 1]  # an edge adds the features of both ends
    assert linear_gradients(neighbour_sum, one, pair, whole, torch.tensor([0])).tolist() == [-5, -2, -1]


def test_of_a_number_the_change_counts_whatever_its_sign():
    whole, label = torch.tensor([[3.0]]), torch.tensor([0])
    assert closeness(torch.tensor([[1.0], [4.0], [3.0]]), whole, label).tolist() == [-2, -1, 0]


def test_a_candidate_is_good_where_it_is_sure_and_the_rest_is_not(path, neighbour_sum):
    # Two edges: sums 7 kept and 1 left, so σ(6) - σ(0). All three: 8, and nothing left, σ(7) - σ(-1).
    assert EiGSearch(neighbour_sum).explain(path).node_mask.view(-1).tolist() == [1, 1, 1, 0]
    everything = EiGSearch(neighbour_sum, EiGSearchConfig(largest=1.0)).explain(path)
    assert everything.node_mask.view(-1).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("kinds", ["CCABACCCCC", "CCCCCCABABCCCC", "ABABACCCCCCCCCCC", "ABACCCCCC"])
def test_exactly_the_nodes_that_carry_the_prediction_are_found(kinds):
    class Many(Bond):  # sure of class 1 only where all bonds are there
        def forward(self, x, edge_index, batch, batch_size=None):
            logits = super().forward(x, edge_index, batch, batch_size)
            return logits - torch.tensor([0.0, 8.0 * (sum(kind != "C" for kind in kinds) - 2)])

    model, graph = Many().eval(), row(kinds)
    for out in (EiGSearch(model).explain(graph), *EiGSearch(model).explain_batch([graph, row("CABAC")])[:1]):
        assert out.node_mask.view(-1).tolist() == [float(kind != "C") for kind in kinds]
        reason = (graph.x[graph.edge_index][..., 2] == 0).all(0)
        assert out.edge_mask.equal(reason.float())
        assert out.edge_score[reason].min() > out.edge_score[~reason].max()


def test_another_class_is_explained_when_it_is_asked_for(path, neighbour_sum):
    out = EiGSearch(neighbour_sum).explain(path, target=0)
    assert out.target.tolist() == [0]
    assert out.node_mask.view(-1).tolist() == [0, 1, 1, 1]  # the edges that speak least for class 1


@pytest.mark.parametrize(("edges", "kept"), [([], [0, 0, 0]), ([(0, 2)], [1, 0, 1])])
def test_a_graph_with_hardly_any_edges_keeps_them(edges, kept, make_graph, neighbour_sum):
    out = EiGSearch(neighbour_sum).explain(make_graph([1.0, 2.0, 3.0], edges))
    assert out.node_mask.view(-1).tolist() == kept


def test_a_node_that_is_asked_about_is_never_left_out():
    from tests.explainers.test_explainers_of_nodes import HasMarkedNeighbour

    ring = torch.stack([torch.arange(10), (torch.arange(10) + 1) % 10])
    whole = Data(x=torch.eye(5).repeat(2, 1), edge_index=to_undirected(ring))
    for graph in node_graphs(HasMarkedNeighbour(), whole, range(10), hops=2):
        out = EiGSearch(HasMarkedNeighbour().eval()).explain(graph)
        assert out.node_mask.view(-1)[graph.centre].tolist() == [1]


def test_many_parts_are_asked_about_at_once():
    calls = []

    class Counted(Bond):
        def forward(self, x, edge_index, batch, batch_size=None):
            calls.append(int(batch.max()) + 1)
            return super().forward(x, edge_index, batch, batch_size)

    explainer = EiGSearch(Counted().eval())
    explainer.explain(row("CCABAC"))  # the first time it is tried out whether it minds what else is asked
    calls.clear()
    explainer.explain(row("CCABACCCCCCCCC"))
    assert len(calls) <= 5  # the graph twice, all without an edge, all that is kept, all that is left


def test_its_entry_has_no_settings_to_seed():
    assert EXPLAINERS["eig-search"].build(Bond(), 3).config == EiGSearchConfig()


@pytest.mark.parametrize("largest", [-0.1, 1.1])
def test_settings_out_of_range_are_refused(largest):
    with pytest.raises(ValueError, match="largest"):
        EiGSearchConfig(largest=largest)
