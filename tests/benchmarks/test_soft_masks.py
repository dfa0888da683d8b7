import pytest
import torch

from benchmarks.soft_masks import loss, measured
from hpme import load_classifier, load_dataset
from hpme.forward.packed import pack
from hpme.forward.weighted import EdgeWeighted


def test_the_loss_is_that_of_the_models_own_prediction_and_the_share_counts_graphs():
    model = load_classifier("ba-2motifs", "gin")
    graphs = pack(load_dataset("ba-2motifs").test[:2])
    weighted, whole = EdgeWeighted(model), torch.ones(graphs.edge_index.size(1))
    logits = weighted(graphs, whole)
    predicted = logits.argmax(-1)
    value, kept = loss(weighted, graphs, whole, predicted)
    assert kept == 1
    assert value == pytest.approx(-float(logits.log_softmax(-1).max(-1).values.mean()))
    assert loss(weighted, graphs, whole, 1 - predicted)[1] == 0


def test_on_fluoride_carbonyl_halving_the_truth_costs_less_than_keeping_it_alone():
    line = measured("fluoride-carbonyl", load_classifier("fluoride-carbonyl", "gin"))
    cost = {name: float(str(line[name]).split(" / ")[0]) for name in ("true 1, rest 0", "true 0.5, rest 1")}
    assert cost["true 0.5, rest 1"] < cost["true 1, rest 0"]
    assert line["all 1"].endswith("1.00")
