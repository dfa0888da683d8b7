from dataclasses import replace
from math import exp, log

import pytest
import torch
from torch import nn
from torch_geometric.data import Data

from hpme.explainers import EXPLAINERS
from hpme.explainers.edge_masks.base import fit_scorer
from hpme.explainers.edge_masks.objective import Sampled
from hpme.explainers.edge_masks.priced import EdgeMaskPath, PathConfig, PricedGSAT, PricedPG, ranking_of
from hpme.forward.packed import pack
from hpme.forward.pairs import undirected_pairs
from hpme.forward.weighted import EdgeWeighted
from hpme.method.capacity import default_size, named_sizes
from tests.explainers.test_every_explainer import Bond, chain

PATHS = ["pgexplainer-path", "gsat-path"]


def sampled(graphs: list[Data], logit: float, progress: float) -> Sampled:
    """A batch whose edges all have this logit, and its sigmoid as weight."""
    packed = pack(graphs)
    logits = torch.full_like(packed.edge_index[0], logit, dtype=torch.float)
    pair = undirected_pairs(packed.edge_index, len(packed.x))
    output = EdgeWeighted(Bond().eval())(packed, torch.ones_like(logits))
    return Sampled(packed, pair, logits, logits.sigmoid(), output, progress)


def loss(objective, batch: Sampled) -> float:
    return float(objective(EdgeWeighted(Bond().eval()), batch, nn.Sequential(), torch.Generator()))


@pytest.mark.parametrize("objective", [PricedPG(), PricedGSAT()])
def test_the_price_of_the_whole_graph_rises_geometrically(objective):
    assert [objective.price(done) for done in (0, 0.5, 1)] == pytest.approx([0.05, 0.1**0.5, 2])


@pytest.mark.parametrize("objective", [PricedPG(), PricedGSAT()])
def test_to_keep_all_edges_for_sure_costs_the_price(objective):
    graphs = [chain(1), chain(9)]
    at_first, at_last = (loss(objective, sampled(graphs, 30.0, done)) for done in (0.0, 1.0))
    assert at_last - at_first == pytest.approx(2 - 0.05, abs=1e-4)


def test_the_rate_of_gsat_is_that_at_which_a_sure_edge_costs_the_price():
    assert PricedGSAT().at(log(4), pack([chain(1)])).rate(0) == pytest.approx(0.25)
    assert PricedGSAT().at(0.05, pack([chain(1)])).rate(1) == pytest.approx(exp(-0.05))


def test_the_steps_are_those_of_hpme():
    config = PathConfig(objective=PricedPG())
    assert config.for_graphs(96).steps == EXPLAINERS["hpme"].build(Bond(), 0).config.steps(96) == 510
    assert config.for_graphs(9600).steps == EXPLAINERS["hpme"].build(Bond(), 0).config.steps(9600) == 2520


@pytest.fixture(scope="module", params=PATHS)
def fitted(request) -> EdgeMaskPath:
    explainer = EXPLAINERS[request.param].build(Bond().eval(), 0)
    explainer.config = replace(explainer.config, steps=150, learning_rate=0.02)
    return explainer.fit([chain(number) for number in range(64)])


def test_the_core_of_the_path_is_exactly_the_nodes_that_carry_the_prediction(fitted, monkeypatch):
    graphs = [chain(number) for number in range(1, 64, 6)]
    default = fitted.explain_batch(graphs)
    monkeypatch.setattr(fitted, "plateau", named_sizes(fitted.path, 2)["core"])
    for graph, out, larger in zip(graphs, fitted.explain_batch(graphs), default, strict=True):
        assert (larger.node_mask >= out.node_mask).all()  # HPME's rule may keep more, but nothing less
        bond = graph.x[graph.edge_index][..., 2].sum(0) == 0
        assert out.target.tolist() == [1]
        assert out.node_mask.view(-1).equal((graph.x[:, 2] == 0).float())
        assert out.edge_mask.equal(bond.float())
        assert out.edge_score[bond].min() > out.edge_score[~bond].max()


def test_the_path_goes_from_everything_to_less_and_the_rule_is_that_of_hpme(fitted):
    prices = [point.price for point in fitted.path]
    assert prices == sorted(prices)
    assert fitted.path[0].share > 0.95
    assert len(fitted.scorers) == len(fitted.path) >= fitted.config.checkpoints
    assert fitted.plateau == default_size(fitted.path, 2, of_nodes=False)


def test_the_mean_over_the_plateau_ranks_and_a_batch_is_explained_like_each_graph_alone(fitted):
    graphs = [chain(number) for number in range(5)]
    for graph, out in zip(graphs, fitted.explain_batch(graphs), strict=True):
        alone = fitted.explain(graph)
        assert torch.allclose(alone.edge_score, out.edge_score, atol=1e-6)
        weight = fitted._mean_over(fitted.plateau, fitted._seen([graph]))
        assert torch.allclose(ranking_of(weight), alone.edge_score)
        assert alone.node_mask.view(-1).equal((fitted._seen([graph]).nodes(weight) > 0.5).float())


def test_seeds_repeat():
    graphs = [chain(number) for number in range(16)]
    first, second = (
        EdgeMaskPath(Bond().eval(), PathConfig(objective=PricedPG(), steps=30, rounds=1)).fit(graphs)
        for _ in range(2)
    )
    assert first.path == second.path
    assert first.explain(graphs[1]).edge_score.equal(second.explain(graphs[1]).edge_score)


def test_scores_tell_apart_weights_near_one():
    weight = torch.tensor([1 - 1e-12, 1 - 1e-10, 0.5, 1e-10, 0], dtype=torch.double)
    assert ranking_of(weight).diff().lt(0).all()
    assert ranking_of(weight)[2] == 0.5


def test_a_class_that_is_not_predicted_is_refused(fitted):
    with pytest.raises(ValueError, match=r"^Expected the predicted class 1 as target \(got 0\)"):
        fitted.explain(chain(1), target=0)


def test_too_few_graphs_are_refused():
    with pytest.raises(ValueError, match=r"^Expected at least 4 training graphs with edges \(got 3\)"):
        EXPLAINERS["gsat-path"].build(Bond(), 0).fit([chain(number) for number in range(3)])


def test_a_scorer_is_watched_after_each_step():
    packed, seen = pack([chain(number) for number in range(4)]), []
    z = Bond().embed(packed.x, packed.edge_index)
    config = PathConfig(objective=PricedPG(), steps=5)
    last = fit_scorer(
        Bond().eval(), packed, z, config, None, lambda step, scorer: seen.append((step, scorer))
    )
    assert [step for step, _ in seen] == [1, 2, 3, 4, 5]
    assert all(scorer is last for _, scorer in seen)


@pytest.mark.parametrize("setting", [{"rounds": 0}, {"checkpoints": 0}, {"draws": 0}, {"steps": 0}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        PathConfig(objective=PricedPG(), **setting)


@pytest.mark.parametrize("prices", [{"price_low": 0.0}, {"price_high": 0.01}, {"price_high": 7.0}])
def test_prices_out_of_range_are_refused(prices):
    with pytest.raises(ValueError, match=r"price_(low|high)"):
        PricedGSAT(**prices)
