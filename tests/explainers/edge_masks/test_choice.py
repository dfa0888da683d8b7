from dataclasses import replace

import pytest
import torch
from torch import nn
from torch_geometric.data import Data

from hpme import load_classifier, load_dataset
from hpme.explainers import EXPLAINERS, EdgeMaskConfig, EdgeMaskExplainer, PGObjective, ReFine, ReFineConfig
from hpme.explainers.base import chosen, settings
from hpme.explainers.edge_masks.choice import Candidate, best_candidate, grid, held_back

CHOOSING = [name for name, spec in EXPLAINERS.items() if spec.learns and spec.fits_masks]
PRICES = grid("start size", (0.0, 0.0), (3.0, 0.01))
QUICK = EdgeMaskConfig(PGObjective(entropy=0), steps=6, batch_size=16, learning_rate=0.02, grid=PRICES)


@pytest.fixture(scope="module")
def place():
    return load_classifier("ba-2motifs", "gin"), load_dataset("ba-2motifs").train[:48]


def few(name: str, model: nn.Module):
    """A peer with the first two settings of its grid, and few steps."""
    explainer = EXPLAINERS[name].build(model, 0)
    trial = min(explainer.config.trial_steps, 2)
    explainer.config = replace(explainer.config, steps=3, trial_steps=trial, grid=explainer.config.grid[:2])
    return explainer


def test_every_fitted_peer_has_about_six_settings_the_published_one_first(neighbour_sum):
    names = {"pgexplainer", "refine", "mixupexplainer-released", "mixupexplainer", "regexplainer"}
    assert names | {"proxyexplainer", "gsat"} <= set(CHOOSING)
    for name in CHOOSING:
        config = EXPLAINERS[name].build(neighbour_sum, 3).config
        assert 5 <= len(config.grid) <= 8
        assert (config, config.seed) == (config.at(config.grid[0]), 3)
        assert len({config.at(setting).__repr__() for setting in config.grid}) == len(config.grid)


@pytest.mark.parametrize("name", CHOOSING)
def test_no_ground_truth_and_no_label_is_read(name, place):
    model, graphs = place
    bare = [Data(x=graph.x, edge_index=graph.edge_index, graph_id=graph.graph_id) for graph in graphs]
    false = [graph.clone() for graph in graphs]
    for graph in false:
        graph.node_gt, graph.edge_gt, graph.y = ~graph.node_gt, ~graph.edge_gt, 1 - graph.y
    fits = [few(name, model).fit(own) for own in (graphs, bare, false)]
    scores = [fit.explain(graphs[0]).edge_score for fit in fits]
    assert fits[0].choice == fits[1].choice == fits[2].choice
    assert torch.equal(scores[0], scores[1])
    assert torch.equal(scores[0], scores[2])


def test_the_choice_is_recorded_and_the_same_again_with_the_same_seed(place):
    model, graphs = place
    first, again, other = (
        EdgeMaskExplainer(model, replace(QUICK, seed=seed)).fit(graphs) for seed in (0, 0, 1)
    )
    assert first.choice == again.choice != other.choice
    assert [candidate.setting for candidate in first.choice] == list(PRICES)
    assert first.config == QUICK.at(PRICES[best_candidate(first.choice)])
    assert first.fit(graphs).choice == again.choice  # a second fit chooses anew, from all of the grid
    rows = chosen(first)
    assert [row["setting"] for row in rows] == [*map(dict, PRICES)]
    assert all(0 <= row["kept"] <= 1 and 0 <= row["saturated"] <= 1 for row in rows)
    assert settings(first)["start"] == first.config.start
    assert chosen(EXPLAINERS["saliency"].build(model, 0)) is None


def test_the_best_fit_is_kept_or_fitted_anew_where_trials_are_short(place):
    model, graphs = place
    whole = EdgeMaskExplainer(model, QUICK).fit(graphs)
    short = EdgeMaskExplainer(model, replace(QUICK, trial_steps=6)).fit(graphs)  # no shorter: the same
    assert whole.choice == short.choice
    assert torch.equal(whole.explain(graphs[0]).edge_score, short.explain(graphs[0]).edge_score)


def test_progress_counts_through_all_fits(place):
    model, graphs = place
    for config, total in ((QUICK, 12), (replace(QUICK, trial_steps=2), 10), (replace(QUICK, grid=()), 6)):
        steps = []
        EdgeMaskExplainer(model, config).fit(graphs, lambda *step: steps.append(step))  # noqa: B023
        assert [(step, all_of_them) for step, all_of_them, _ in steps] == [
            (step, total) for step in range(1, total + 1)
        ]


def test_without_a_grid_all_graphs_are_fitted_and_nothing_is_chosen(place):
    model, graphs = place
    explainer = EdgeMaskExplainer(model, replace(QUICK, grid=())).fit(graphs)
    assert (explainer.choice, chosen(explainer), explainer.config.grid) == ([], None, ())


def candidates(*pairs):
    return [Candidate({}, kept, saturated) for kept, saturated in pairs]


def test_most_predictions_win_and_saturated_masks_give_way_to_others_that_keep_about_as_many():
    assert best_candidate(candidates((0.7, 0.0), (0.8, 0.1), (0.8, 0.0))) == 1
    assert best_candidate(candidates((0.86, 0.5), (0.9, 0.6), (0.87, 0.0))) == 2
    assert best_candidate(candidates((0.7, 0.0), (0.9, 1.0))) == 1  # far more are kept
    assert best_candidate(candidates((0.9, 0.0), (0.7, 1.0))) == 0
    assert best_candidate(candidates((0.7, 1.0), (0.8, 0.9))) == 1  # all are saturated
    assert best_candidate(candidates((None, None), (0.1, 1.0))) == 1


def test_a_fit_without_numbers_is_passed_over_and_if_all_are_it_is_said(place, monkeypatch):
    model, graphs = place
    learn = ReFine.learn

    def broken(self, packed, z, config, progress):
        scorers = learn(self, packed, z, config, progress)
        return [layer * torch.nan for layer in scorers] if config.start in self.bad else scorers

    monkeypatch.setattr(ReFine, "learn", broken)
    explainer = ReFine(model, ReFineConfig(steps=2, tuning_steps=1, grid=PRICES))
    explainer.bad = {0.0}
    explainer.fit(graphs)
    assert explainer.config.start == 3
    assert chosen(explainer)[0] == {"setting": dict(PRICES[0]), "kept": None, "saturated": None}
    asked, explainer.bad = explainer.config, {0.0, 3.0}
    with pytest.raises(ValueError, match=r"^Expected numbers from a fit .*\(got none from 2\)"):
        explainer.fit(graphs)
    assert explainer.config == asked
    assert explainer.scorer is None


def test_a_tenth_is_held_back_at_least_two_and_at_most_150_by_seed():
    graphs = [*range(2000)]
    for count, held in ((4, 2), (20, 2), (100, 10), (2000, 150)):
        fitted, kept = held_back(graphs[:count], 0)
        assert len(kept) == held
        assert sorted([*fitted, *kept]) == graphs[:count]
    assert held_back(graphs, 0) == held_back(graphs, 0) != held_back(graphs, 1)
    assert held_back(graphs[:3], 0) == ([0, 1, 2], [0, 1, 2])


def test_grids_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"^Expected settings of EdgeMaskConfig in a grid \(got 'sise'\)"):
        replace(QUICK, grid=grid("sise", (1.0,)))
    with pytest.raises(ValueError, match=r"^Expected the same names in all rows"):
        replace(QUICK, grid=({"size": 1.0}, {"start": 1.0}))
    with pytest.raises(ValueError, match="entropy"):
        replace(QUICK, grid=grid("entropy", (-1.0,)))
    with pytest.raises(ValueError, match="trial_steps"):
        replace(QUICK, trial_steps=-1)
