from dataclasses import replace

import pytest
import torch
from torch_geometric.explain import Explanation

from hpme import load_classifier, load_dataset
from hpme.benchmark.beside import by_class, edge_auc_untrained
from hpme.explainers import EXPLAINERS, RandomExplainer


def test_the_auc_of_a_class_is_that_of_its_graphs(path, make_graph):
    low, high, plain = path.clone(), path.clone(), make_graph([0.0, 1.0], [(0, 1)])
    low.y, high.y, plain.y = (torch.tensor([label]) for label in (0, 2, 1))
    # Edges 0 - 1, 1 - 2 and 2 - 3, of which the first is true: above both, or above one.
    ranked = [torch.tensor([0.9, 0.9, 0.5, 0.5, 0.1, 0.1]), torch.tensor([0.5, 0.5, 0.9, 0.9, 0.1, 0.1])]
    outs = [Explanation(edge_score=score) for score in (*ranked, torch.zeros(2))]
    graphs = [low, high, plain]
    found = by_class(graphs, outs, ("a", "b", "c"))
    assert found == {"a": 1, "b": None, "c": 0.5}  # b's graph has no ground truth
    assert by_class(graphs[2:], outs[2:], ("a", "b", "c")) is None
    assert by_class(graphs, outs, ()) is None  # a regression


def test_the_floor_is_what_the_explainer_says_of_fresh_weights():
    data, model = load_dataset("ba-2motifs"), load_classifier("ba-2motifs")
    graphs = data.test[:10]
    floor = edge_auc_untrained(EXPLAINERS["saliency"], model, 0, data.train[:20], graphs)
    assert 0 <= floor <= 1
    assert floor == edge_auc_untrained(EXPLAINERS["saliency"], model, 0, data.train[:20], graphs)
    assert floor != edge_auc_untrained(EXPLAINERS["saliency"], model, 1, data.train[:20], graphs)


def test_what_cannot_be_untrained_or_is_refused_has_no_floor(feature_sum, path, monkeypatch):
    class Failing(RandomExplainer):
        error = ValueError("Expected graphs of two classes (got one)")

        def fit(self, graphs, progress=None):
            raise self.error

    assert edge_auc_untrained(EXPLAINERS["random"], feature_sum, 0, [path], [path]) is None
    picky = replace(EXPLAINERS["random"], build=lambda model, seed: Failing(model))
    model = load_classifier("ba-2motifs")
    assert edge_auc_untrained(picky, model, 0, [path], [path]) is None
    monkeypatch.setattr(Failing, "error", RuntimeError("out of order"))
    with pytest.raises(RuntimeError, match="out of order"):
        edge_auc_untrained(picky, model, 0, [path], [path])
