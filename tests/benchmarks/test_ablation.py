import json
import math
from dataclasses import replace

import pytest
import torch

from benchmarks import _variants, ablation
from benchmarks.ablation import VARIANTS, AblationConfig
from hpme import HPMEConfig, load_classifier, load_dataset
from hpme.explainers import MixupObjective
from hpme.explainers.hpme.fitting import Step, mix_at_random
from hpme.forward.packed import pack
from hpme.method.ends import Exchange
from hpme.method.types import traits_of

TINY = {"rounds": 1, "min_steps": 6, "checkpoints": 3, "batch_size": 8, "draws": 1}
SWAP = next(
    seed for seed in range(99) if torch.randperm(2, generator=torch.Generator().manual_seed(seed))[0] == 1
)
CONFIG = HPMEConfig(samples=2, dilation=0)


@pytest.fixture
def draws():
    """Its first permutation of two graphs swaps them."""
    return torch.Generator().manual_seed(SWAP)


@pytest.fixture
def pair(make_graph):
    """Two paths 0 - 1 - 2, with features 1, 2, 4 and 8, 16, 32."""
    return batch_of([make_graph(list(x), [(0, 1), (1, 2)]) for x in ((1.0, 2.0, 4.0), (8.0, 16.0, 32.0))])


KEEP = torch.tensor([True, True, False, True, False, False]).expand(2, -1)


def batch_of(graphs, target=None):
    graphs, size = pack(graphs), len(graphs)
    target = torch.zeros(size, dtype=torch.long) if target is None else target
    alike = traits_of(graphs, torch.zeros(len(graphs.x), dtype=torch.long))
    return Step(graphs, alike, target, torch.zeros(size), torch.ones(size), torch.full((size,), 100.0))


class Watched(torch.nn.Module):
    """Passes on what it is asked, and remembers the graph of each node."""

    def __init__(self, model):
        super().__init__()
        self.model, self.batch = model, None

    def forward(self, x, edge_index, batch):
        self.batch = batch
        return self.model(x, edge_index, batch)


# By hand, with swapped donors: the first mixture has the edges 1 - 2 and 16 - 32, which send 51, and one link
# from 2 to 16, which alone is short of a neighbour: 69. The second is 8 - 4, whose only edge is the link: 12.
def test_hpme_links_explanation_and_rest_and_without_links_nothing_joins_them(pair, draws, neighbour_sum):
    linked = mix_at_random(neighbour_sum, pair, KEEP, CONFIG, draws)[..., 1]
    unlinked = _variants.unlinked(neighbour_sum, pair, KEEP, CONFIG, draws.manual_seed(SWAP))[..., 1]
    assert linked.tolist() == [[69, 12]] * 2
    assert unlinked.tolist() == [[51, 0]] * 2


def test_links_of_any_type_ignore_the_types(pair, draws, neighbour_sum):
    # The lost end 4 is of type 1, as is 32: a link from 2 to 32. Without types it goes to 16 as above.
    typed = replace(pair, traits=traits_of(pair.graphs, torch.tensor([0, 0, 1, 0, 0, 1])))
    outcome = mix_at_random(neighbour_sum, typed, KEEP, CONFIG, draws)[..., 1]
    blind = _variants.untyped(neighbour_sum, typed, KEEP, CONFIG, draws.manual_seed(SWAP))[..., 1]
    assert outcome.tolist() == [[51 + 2 + 32, 12]] * 2
    assert blind.tolist() == [[69, 12]] * 2


def test_appending_keeps_all_nodes_of_both_and_takes_edges_only(pair, draws, neighbour_sum, monkeypatch):
    monkeypatch.setattr(_variants, "MIXUP", MixupObjective(eta=0, dropout=0))
    model = Watched(neighbour_sum)
    logits = _variants.appended(model, pair, KEEP, CONFIG, draws)
    assert model.batch.bincount().tolist() == [3 + 3] * 4
    # First: 1 - 2 within, both edges of the donor but for those within {8}: 3 + 24 + 48. Second: 2 - 4 only.
    assert logits[..., 1].tolist() == [[75, 6]] * 2


def test_the_donor_is_of_the_class_that_is_asked_for_and_never_the_graph_itself(draws):
    target = torch.tensor([0, 0, 1, 1, 2])
    for _ in range(20):
        same, other = (_variants.donor_order(target, wanted, draws) for wanted in (True, False))
        assert same[:4].tolist() == [1, 0, 3, 2]
        assert same[4] != 4  # the only one of its class
        assert (target[other] != target).all()


def test_a_donor_of_a_class_gives_its_rest(make_graph, draws, feature_sum):
    batch = batch_of([make_graph([x], []) for x in (1.0, 2.0, 10.0, 20.0)], torch.tensor([0, 0, 1, 1]))
    nothing = torch.zeros(3, 4, dtype=torch.bool)  # so the mixture is the whole donor
    same, other = (
        _variants.donors_by_class(wanted)(feature_sum, batch, nothing, CONFIG, draws)[..., 1]
        for wanted in (True, False)
    )
    assert same.tolist() == [[2, 1, 20, 10]] * 3
    assert (other[:, :2] >= 10).all()
    assert (other[:, 2:] <= 2).all()


def test_soft_replacement_weighs_edges_by_their_ends_and_links_by_the_hard_wiring(pair, draws):
    weight = torch.tensor([1, 0.5, 0.25, 0.5, 0.25, 0])
    keep = torch.tensor([True, False, False, True, False, False])
    exchange = Exchange(keep, keep, torch.tensor([1, 0]), pair.traits)
    mixed = _variants.weighted_replacement(pair.graphs, exchange, weight, draws)
    assert mixed.graphs.x.squeeze(1).tolist() == [1, 2, 4, 8, 16, 32, 8, 16, 32, 1, 2, 4]
    assert mixed.graphs.batch.tolist() == [0] * 6 + [1] * 6
    outcome = dict(zip(map(tuple, mixed.graphs.edge_index.t().tolist()), mixed.weight.tolist(), strict=True))
    explanations = {(0, 1): 0.5, (1, 2): 0.125, (6, 7): 0.125, (7, 8): 0}
    rests = {(9, 10): 0, (10, 11): 0.375, (3, 4): 0.375, (4, 5): 0.75}
    links = {(0, 4): 0.75, (6, 10): 0.25}  # each to the neighbour that the other explanation leaves
    expected = explanations | rests | links
    assert outcome == expected | {(v, u): w for (u, v), w in expected.items()}


def test_nodes_that_only_dilation_cuts_weigh_nothing_in_the_rest(pair, draws):
    keep = torch.tensor([True, False, False] * 2)
    cut = torch.tensor([True, True, False] * 2)
    exchange = Exchange(keep, cut, torch.tensor([1, 0]), pair.traits)
    mixed = _variants.weighted_replacement(pair.graphs, exchange, torch.zeros(6), draws)
    assert mixed.weight.tolist() == [0] * len(mixed.weight)


def test_hard_weights_give_the_hard_mixture_where_removed_nodes_are_not_read_out(
    pair, draws, feature_sum, neighbour_sum
):
    def mixed(model, all_nodes):
        weight = keep.float()
        draws.manual_seed(SWAP)
        return _variants.replaced(model, pair, weight, keep, CONFIG, draws, all_nodes)[:, 1].tolist()

    class ReadOut(torch.nn.Module):
        """Sums of features, beside messages that weights can reach."""

        def __init__(self) -> None:
            super().__init__()
            self.messages, self.sums = neighbour_sum, feature_sum

        def forward(self, x, edge_index, batch):
            return self.sums(x, edge_index, batch) + 0 * self.messages(x, edge_index, batch)

    keep = KEEP.reshape(-1)
    assert mixed(neighbour_sum, False) == [69, 12] * 2
    assert mixed(ReadOut(), False) == [1 + 2 + 16 + 32, 8 + 4] * 2
    assert mixed(ReadOut(), True) == [63, 63] * 2


def test_the_smooth_loss_is_the_squared_error_where_small_and_has_a_gradient_where_lost():
    mixed = torch.tensor([[5.0, 4.9, -5.0]], requires_grad=True)
    loss = _variants.smooth_loss(mixed, torch.full((3,), 5.0), torch.full((3,), 10.0))
    assert loss[0].tolist() == pytest.approx([0, 0.0001, 1 - 1 / math.e], abs=1e-6)
    loss.sum().backward()
    assert mixed.grad[0, 2] < 0  # a surer prediction costs less


def test_straight_through_a_removed_node_feels_the_edges_it_would_bring(pair, draws, neighbour_sum):
    keep = KEEP.reshape(-1)
    weight = keep.float().requires_grad_()
    outputs = _variants.replaced(neighbour_sum, pair, weight, keep, CONFIG, draws, all_nodes=False)
    (gradient,) = torch.autograd.grad(outputs[0, 1], weight)
    assert gradient[2] == 4  # it would send 4 to its neighbour; what it would get itself is not read out


@pytest.fixture(scope="module")
def graphs():
    return load_dataset("ba-2motifs").train[:12]


@pytest.fixture(scope="module")
def model():
    return load_classifier("ba-2motifs", "gin")


@pytest.mark.parametrize("name", VARIANTS)
def test_each_variant_has_a_gradient_and_gives_valid_explanations(name, graphs, model):
    variant = replace(VARIANTS[name], settings=VARIANTS[name].settings | TINY)
    explainer = ablation.fit(variant, model, graphs, seed=1)
    assert explainer.config == variant.config(1)
    for graph, out in zip(graphs, explainer.explain_batch(graphs), strict=True):
        assert out.node_mask.shape == (graph.num_nodes, 1)
        assert set(out.node_mask.unique().tolist()) <= {0, 1}
        assert ((out.node_score > 0) & (out.node_score < 1)).all()
    batch = replace(batch_of(graphs[:4]), output=torch.full((4,), 5.0))
    logits = torch.linspace(-1, 1, len(batch.traits.node)).requires_grad_()
    config = replace(CONFIG, logit_penalty=0, dilation=0.5)
    descent, loss = variant.aim(model, batch, logits, 0.0, config, torch.Generator().manual_seed(0))
    descent.backward()
    assert loss.shape == (2, 4)
    assert logits.grad.isfinite().all()
    assert logits.grad.any()


def test_a_fixed_price_ends_where_it_ends(graphs, model):
    variant = replace(VARIANTS["price-0.3"], settings=VARIANTS["price-0.3"].settings | TINY)
    explainer = ablation.fit(variant, model, graphs, seed=0)
    assert [point.price for point in explainer.path] == pytest.approx([0.3] * 3)
    assert explainer.plateau == [2]


@pytest.fixture
def tiny(monkeypatch, graphs):
    few = replace(load_dataset("ba-2motifs"), train=graphs, test=graphs)
    monkeypatch.setattr(ablation, "load_built_in", lambda _: few)
    monkeypatch.setattr(
        ablation.Variant,
        "config",
        lambda variant, seed: HPMEConfig(**({"seed": seed} | variant.settings | TINY)),
    )
    return AblationConfig(("ba-2motifs",), ("hpme", "soft-append"), seeds=1, graphs=4)


def test_a_run_is_saved_row_by_row_and_goes_on_where_it_ended(tiny, tmp_path, monkeypatch):
    out, seen = tmp_path / "ablation.json", []
    content = ablation.run(tiny, out, lambda done, total: seen.append((done, total, _rows(out))))
    assert seen == [(1, 2, 1), (2, 2, 2)]
    assert json.loads(out.read_text()) == content
    ours, soft = content["rows"]
    assert set(ours) == set(soft) == set(ablation.KEYS)
    assert [row["variant"] for row in (ours, soft)] == ["hpme", "soft-append"]
    assert ours["explainer"] == soft["explainer"] == "hpme"
    assert soft["kept_share"] == ours["kept_share"]  # at HPME's size
    assert soft["capacity_bits"] is None
    monkeypatch.setattr(ablation.Bench, "measure", lambda *_: pytest.fail("measured again"))
    assert ablation.run(tiny, out)["rows"] == content["rows"]


def _rows(out):
    return len(json.loads(out.read_text())["rows"])


def test_a_row_made_otherwise_is_made_again(tiny, tmp_path, monkeypatch):
    out, one = tmp_path / "ablation.json", replace(tiny, variants=("hpme",))
    monkeypatch.setattr(ablation, "evaluate", lambda *_: {})
    ablation.run(one, out)
    rows = ablation.run(replace(one, graphs=3), out)["rows"]
    assert [row["graphs"] for row in rows] == [3]


def test_a_file_of_something_else_is_refused(tiny, tmp_path):
    out = tmp_path / "notes.json"
    out.write_text("[1, 2]")
    with pytest.raises(ValueError, match="Expected results written by this command"):
        ablation.run(tiny, out)


def test_unknown_names_are_refused():
    with pytest.raises(KeyError, match="Expected a known variant"):
        AblationConfig(variants=("hpme", "softer"))
