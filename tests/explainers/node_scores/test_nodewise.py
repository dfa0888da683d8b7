import pytest
import torch
from torch import nn
from torch_geometric.data import Data
from torch_geometric.nn import global_add_pool

from hpme import load_classifier, load_dataset
from hpme.explainers import Degree, GradCAM, IntegratedGradients, NodeWise, Saliency
from hpme.explainers.node_scores import integrated_gradients
from hpme.explainers.node_scores.base import class_gradient
from hpme.forward.fingerprint import fingerprint
from hpme.forward.packed import pack

METHODS = (Degree(), Saliency(), IntegratedGradients(), GradCAM())


class Squares(nn.Module):
    """Logits ``(0, sum of v² over nodes)``, with embeddings ``(v, -v)`` of the feature v."""

    def embed(self, x, edge_index):
        return torch.cat([x, -x], dim=1)

    def forward(self, x, edge_index, batch):
        z = self.embed(x, edge_index)
        total = global_add_pool(-(z[:, :1] * z[:, 1:]), batch)
        return torch.cat([torch.zeros_like(total), total], dim=1)


@pytest.fixture
def squares():
    return Squares().eval()


def score(model, method, graph, target: int = 1) -> list[float]:
    return method(model, pack([graph]), torch.tensor([target])).tolist()


def test_degree_counts_neighbours(squares, path):
    assert score(squares, Degree(), path) == [1, 2, 2, 1]


def test_saliency_is_the_length_of_the_gradient(squares, neighbour_sum, make_graph, path):
    graph = make_graph([3.0, -2.0, 0.0], [(0, 1)])
    assert score(squares, Saliency(), graph) == [6, 4, 0]  # |2v|
    # Each edge adds its source's feature, so the gradient is the degree.
    assert score(neighbour_sum, Saliency(), path) == [1, 2, 2, 1]


def test_integrated_gradients_say_what_each_node_adds_to_the_logit(squares, neighbour_sum, make_graph, path):
    graph = make_graph([3.0, -2.0, 0.0], [(0, 1)])
    # The midpoint rule is exact on the linear gradient 2v: 9 and 4, together f(X) - f(0).
    assert score(squares, IntegratedGradients(steps=1), graph) == [9, 4, 0]
    # Feature times degree: 3·1, 2·2, 0·2, 1·1.
    assert score(neighbour_sum, IntegratedGradients(), path) == pytest.approx([3, 4, 0, 1])


@pytest.mark.parametrize("rows", [1, 90, 4_000])
def test_integrated_gradients_are_the_same_in_however_many_passes(monkeypatch, rows):
    model, graphs = load_classifier("benzene", "gine"), pack(load_dataset("benzene").test[:3])
    target, total = torch.tensor([0, 1, 0]), 0
    for step in range(7):
        total = total + class_gradient(model, graphs, target, (step + 0.5) / 7 * graphs.x)
    monkeypatch.setattr(integrated_gradients, "_ROWS", rows)
    scores = IntegratedGradients(steps=7)(model, graphs, target)
    torch.testing.assert_close(scores, (graphs.x * total / 7).sum(1))


def test_gradcam_weights_each_channel_by_its_mean_gradient(squares, neighbour_sum, make_graph, path):
    graph = make_graph([3.0, -2.0, 1.0, 2.0], [(0, 1)])
    # z = (v, -v), so the gradient is (v, -v); its mean over nodes is (1, -1), and the score max(0, 2v).
    assert score(squares, GradCAM(), graph) == [6, 0, 2, 4]
    # Without 'embed': the layer's output is the neighbours' sum and every gradient 1.
    assert score(neighbour_sum, GradCAM(), path) == [2, 3, 3, 0]


def test_gradcam_wants_a_model_with_embeddings(feature_sum, path):
    with pytest.raises(ValueError, match="got FeatureSum, which uses neither"):
        NodeWise(feature_sum, GradCAM()).explain(path)


def test_scores_are_shares_of_the_largest_and_what_speaks_against_the_class_is_nothing(squares, make_graph):
    graph = make_graph([3.0, -2.0, 1.0, 2.0], [(0, 3), (0, 2)])
    out = NodeWise(squares, GradCAM()).explain(graph)
    assert out.node_score.tolist() == pytest.approx([1, 0, 1 / 3, 2 / 3])
    pairs = graph.edge_index.t().tolist()
    assert out.edge_score.tolist() == [min(out.node_score[u], out.node_score[v]) for u, v in pairs]
    assert out.node_mask.tolist() == out.node_score[:, None].tolist()
    assert out.target.tolist() == [1]
    assert out.validate_masks()
    assert NodeWise(squares, IntegratedGradients()).explain(graph, target=0).node_score.tolist() == [0] * 4


def test_a_negative_score_counts_as_zero(neighbour_sum, make_graph):
    graph = make_graph([3.0, -1.0], [(0, 1)])
    assert score(neighbour_sum, IntegratedGradients(steps=1), graph) == [3, -1]
    assert NodeWise(neighbour_sum, IntegratedGradients(steps=1)).explain(graph).node_score.tolist() == [1, 0]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
@pytest.mark.parametrize("arch", ["gin", "gcn"])
def test_a_batch_is_explained_like_its_graphs_one_by_one_and_the_classifier_unchanged(method, arch):
    model, graphs = load_classifier("ba-2motifs", arch), load_dataset("ba-2motifs").test[:5]
    before = fingerprint(model)
    explainer = NodeWise(model, method).fit([])
    for graph, out in zip(graphs, explainer.explain_batch(graphs), strict=True):
        alone = explainer.explain(graph)
        assert torch.allclose(alone.node_score, out.node_score, atol=1e-4)
        assert alone.target.tolist() == out.target.tolist()
    assert explainer.explain_batch([]) == []
    assert fingerprint(model) == before
    assert not any(module._forward_hooks for module in model.modules())
    assert "embed" not in vars(model)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
def test_renumbering_the_nodes_renumbers_the_scores(method):
    model, graph = load_classifier("ba-2motifs", "gin"), load_dataset("ba-2motifs").test[0]
    order = torch.randperm(25, generator=torch.Generator().manual_seed(0))
    other = Data(x=graph.x[order], edge_index=order.argsort()[graph.edge_index])
    explainer = NodeWise(model, method)
    expected = explainer.explain(graph).node_score[order]
    assert torch.allclose(explainer.explain(other).node_score, expected, atol=1e-4)


def test_more_graphs_than_a_pass_takes_come_back_in_order(squares, make_graph):
    graphs = [make_graph([1.0] * (1 + i % 3), []) for i in range(600)]
    out = NodeWise(squares, Saliency()).explain_batch(graphs)
    assert [len(o.node_score) for o in out] == [1 + i % 3 for i in range(600)]


@pytest.mark.parametrize("target", [-1, 2])
def test_a_class_that_does_not_exist_is_refused(squares, path, target):
    with pytest.raises(ValueError, match=rf"target in \[0, 1\] \(got {target}\)"):
        NodeWise(squares, Saliency()).explain(path, target=target)


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="steps"):
        IntegratedGradients(steps=0)
