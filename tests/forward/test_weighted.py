import copy
from dataclasses import replace

import pytest
import torch
import torch_geometric.nn as g
from torch import nn
from torch_geometric.data import Data
from torch_geometric.explain.algorithm.utils import set_masks
from torch_geometric.utils import add_self_loops, to_undirected

from hpme import load_classifier, load_dataset
from hpme.forward.packed import pack
from hpme.forward.question import Question
from hpme.forward.weighted import EdgeWeighted


def hooks(model):
    """How many hooks the layers of a model have."""
    kinds = ("_forward_pre", "_propagate_forward_pre", "_message_forward", "_edge_update_forward")
    return sum(len(getattr(layer, f"{kind}_hooks", ())) for layer in model.modules() for kind in kinds)


@pytest.fixture(params=["gin", "gcn"])
def model(request):
    return load_classifier("ba-2motifs", request.param)


@pytest.fixture(scope="module")
def graphs():
    return pack(load_dataset("ba-2motifs").test[:6])


def test_weight_one_is_the_untouched_graph(model, graphs):
    expected = model(graphs.x, graphs.edge_index, graphs.batch)
    ones = torch.ones(graphs.edge_index.size(1))
    logits = EdgeWeighted(model)(graphs, ones)
    assert torch.allclose(logits, expected, atol=1e-5)


def test_weight_zero_is_the_edge_removed(model, graphs):
    keep = torch.rand(graphs.edge_index.size(1), generator=torch.Generator().manual_seed(0)) < 0.5
    expected = model(graphs.x, graphs.edge_index[:, keep], graphs.batch)
    logits = EdgeWeighted(model)(graphs, keep.float())
    assert torch.allclose(logits, expected, atol=1e-5)
    assert not torch.allclose(logits, model(graphs.x, graphs.edge_index, graphs.batch), atol=0.1)


def test_a_message_is_multiplied_by_its_edges_weight(neighbour_sum, path):
    # Sources 0, 1, 1, 2, 2, 3 carry 3, 2, 2, 0, 0, 1: the sum is 3·.5 + 2·.25 + 2·2 + 1·(-1) = 5.
    weight = torch.tensor([0.5, 0.25, 2.0, 7.0, 7.0, -1.0], requires_grad=True)
    weighted = EdgeWeighted(neighbour_sum)
    logits = weighted(pack([path]), weight)
    assert logits.tolist() == [[1, 5]]
    logits[0, 1].backward()
    assert weight.grad.tolist() == [3, 2, 2, 0, 0, 1]


def test_no_weights_stay_behind_after_an_error(neighbour_sum, path):
    weighted, graphs = EdgeWeighted(neighbour_sum), pack([path])
    with pytest.raises(ValueError, match=r"^Expected a weight for each of 6 edges \(got 2\)"):
        weighted(graphs, torch.ones(2))
    broken = replace(graphs, x=graphs.x.double().to_sparse())
    with pytest.raises(ValueError, match=r"^Expected an answer from NeighbourSum\.forward"):
        weighted(broken, torch.zeros(6))
    assert weighted.question.model(path.x, path.edge_index, graphs.batch).tolist() == [[1, 8]]
    assert hooks(weighted.question.model) == hooks(neighbour_sum) == 0


def test_embeddings_feel_the_weights_which_are_gone_afterwards(neighbour_sum, path):
    weighted = EdgeWeighted(neighbour_sum)
    full, none = (weighted.embed(pack([path]), torch.full((6,), weight)) for weight in (1.0, 0.0))
    # Sums of the neighbours' features: 2, 3, 3 and 0; their maximum and mean.
    assert full.tolist() == [[3, 2]]
    assert none.tolist() == [[0, 0]]
    assert hooks(weighted.question.model) == 0


@pytest.mark.parametrize("arch", ["gin", "gcn"])
def test_our_own_models_get_what_pygs_masks_give_to_the_last_digit(graphs, arch):
    model = load_classifier("ba-2motifs", arch)
    weight = torch.rand(graphs.edge_index.size(1), generator=torch.Generator().manual_seed(1))
    masked = copy.deepcopy(model)
    set_masks(masked, weight, graphs.edge_index, apply_sigmoid=False)
    expected = masked(graphs.x, graphs.edge_index, graphs.batch)
    assert torch.equal(EdgeWeighted(model)(graphs, weight), expected)


class Stack(nn.Module):
    """Two layers and a sum over the nodes; `before` changes the edges first."""

    def __init__(self, make, before=lambda edge_index: edge_index):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.layers, self.before = nn.ModuleList([make(4, 8), make(8, 2)]), before

    def forward(self, x, edge_index, batch, edge_attr=None, edge_weight=None):
        edge_index = self.before(edge_index)
        for layer in self.layers:
            extra = [given for given in (edge_attr, edge_weight) if given is not None]
            x = layer(x.relu(), edge_index, *extra)
        return g.global_add_pool(x, batch)


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, outputs), nn.Tanh())


@pytest.fixture(scope="module")
def trees():
    """Five random trees with features of nodes and of edges, and a weight for each edge."""
    draws, found = torch.Generator().manual_seed(3), []
    for size in range(5, 10):
        up = torch.tensor([[int(torch.randint(i, (1,), generator=draws)), i] for i in range(1, size)]).t()
        edge_index = to_undirected(up)
        kinds = torch.randint(3, (edge_index.size(1),), generator=draws)
        weight = torch.rand(edge_index.size(1), generator=draws) + 0.5
        x = torch.randn(size, 4, generator=draws)
        found.append(Data(x=x, edge_index=edge_index, edge_attr=torch.eye(3)[kinds], edge_weight=weight))
    return found


ABSENCE = {
    "GCN with normalisation": lambda i, o: g.GCNConv(i, o),
    "GCN without loops": lambda i, o: g.GCNConv(i, o, add_self_loops=False),
    "GraphConv": g.GraphConv,
    "ChebConv": lambda i, o: g.ChebConv(i, o, 2),
    "TAGConv": g.TAGConv,
    "GIN": lambda i, o: g.GINConv(mlp(i, o)),
    "GAT": lambda i, o: g.GATConv(i, o, heads=2, concat=False),
    "GAT without loops": lambda i, o: g.GATConv(i, o, add_self_loops=False),
    "GATv2": g.GATv2Conv,
}


@pytest.mark.parametrize("make", ABSENCE.values(), ids=ABSENCE)
@pytest.mark.parametrize("before", [lambda e: e, lambda e: add_self_loops(e)[0]], ids=["as it is", "loops"])
def test_weight_zero_is_the_edge_removed_and_every_weight_has_a_finite_gradient(trees, make, before):
    model, graphs = Stack(make, before).eval(), pack(trees, ())
    keep = torch.rand(graphs.edge_index.size(1), generator=torch.Generator().manual_seed(0)) < 0.5
    full, cut = Question(model)(graphs), Question(model)(graphs.with_edges(keep))
    assert not torch.allclose(cut, full, atol=0.01)
    weight = keep.float().requires_grad_()
    logits, untouched = (EdgeWeighted(model)(graphs, w) for w in (weight, torch.ones(len(keep))))
    assert torch.allclose(logits, cut, atol=1e-5)
    assert torch.allclose(untouched, full, atol=1e-5)
    logits.sum().backward()
    assert weight.grad.isfinite().all()
    assert weight.grad.any()


def test_weight_zero_is_the_edge_removed_for_a_gine(trees):
    model = Stack(lambda i, o: g.GINEConv(mlp(i, o), edge_dim=3)).eval()
    graphs = Question(model).pack(
        [Data(x=t.x, edge_index=t.edge_index, edge_attr=t.edge_attr) for t in trees]
    )
    keep = torch.arange(graphs.edge_index.size(1)) % 3 > 0
    logits = EdgeWeighted(model)(graphs, keep.float())
    assert torch.allclose(logits, Question(model)(graphs.with_edges(keep)), atol=1e-5)


def test_weights_multiply_a_layers_own(trees):
    plain = [Data(x=t.x, edge_index=t.edge_index, edge_weight=t.edge_weight) for t in trees]
    model = Stack(lambda i, o: g.GCNConv(i, o)).eval()
    graphs, half = Question(model).pack(plain), torch.full((pack(plain).edge_index.size(1),), 0.5)
    halved = replace(graphs, edge_attrs={"edge_weight": graphs.edge_attrs["edge_weight"] / 2})
    assert torch.allclose(EdgeWeighted(model)(graphs, half), Question(model)(halved), atol=1e-6)
    removed = EdgeWeighted(model)(graphs, half * 0)
    assert torch.allclose(removed, Question(model)(graphs.with_edges(half < 0)), atol=1e-6)


class OneByOne(Stack):
    def forward(self, x, edge_index):
        return super().forward(x, edge_index, None)


def test_a_model_that_takes_one_graph_at_a_time_is_weighted_one_by_one(trees):
    graphs = pack(trees, ())
    weight = torch.linspace(0, 1, graphs.edge_index.size(1))
    alone = EdgeWeighted(OneByOne(g.GraphConv).eval())(graphs, weight)
    assert torch.allclose(alone, EdgeWeighted(Stack(g.GraphConv).eval())(graphs, weight), atol=1e-5)


@pytest.mark.parametrize("kind", [torch.half, torch.bfloat16, torch.double])
@pytest.mark.parametrize("make", [lambda i, o: g.GINConv(mlp(i, o)), g.GCNConv, g.GATConv, g.GraphConv])
def test_every_precision_takes_weights(trees, make, kind):
    graphs = pack([Data(x=t.x.to(kind), edge_index=t.edge_index) for t in trees])
    weight = torch.full((graphs.edge_index.size(1),), 0.7, requires_grad=True)
    logits = EdgeWeighted(Stack(make).to(kind).eval())(graphs, weight)
    assert logits.dtype == torch.float
    logits.sum().backward()
    assert weight.grad.isfinite().all()


class Pooled(Stack):
    def __init__(self):
        super().__init__(lambda i, o: g.GINConv(mlp(i, o)))
        self.pool = g.SAGPooling(8, 0.5)

    def forward(self, x, edge_index, batch):
        x = self.layers[0](x, edge_index).relu()
        x, edge_index, _, batch, *_ = self.pool(x, edge_index, None, batch)
        return g.global_add_pool(self.layers[1](x, edge_index), batch)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (Pooled(), "^Expected the graphs' own edges in every message-passing layer .got others in a G"),
        (
            Stack(g.GCNConv, lambda e: e.flip(1)),
            "got others in a GCNConv: nodes are pooled, or edges changed",
        ),
    ],
)
def test_weights_that_cannot_reach_the_edges_are_refused_in_a_sentence(trees, model, sentence):
    graphs = pack(trees, ())
    with pytest.raises(ValueError, match=sentence):
        EdgeWeighted(model.eval())(graphs, torch.ones(graphs.edge_index.size(1)))


class Rounded(Stack):
    def forward(self, x, edge_index, batch):
        return super().forward(x, edge_index, batch).round()


class Closed(Stack):
    @torch.no_grad()
    def forward(self, x, edge_index, batch):
        return super().forward(x, edge_index, batch)


@pytest.mark.parametrize("kind", [Rounded, Closed])
def test_answers_without_a_gradient_are_refused_in_a_sentence(trees, kind):
    with pytest.raises(
        ValueError, match=rf"^Expected outputs that have a gradient .*got none from {kind.__name__}"
    ):
        EdgeWeighted(kind(g.GraphConv).eval()).check_gradient(pack(trees, ()))


def test_a_model_without_message_passing_is_refused(feature_sum, path):
    with pytest.raises(ValueError, match=r"^Expected message-passing layers .*got none in FeatureSum"):
        EdgeWeighted(feature_sum)(pack([path]), torch.ones(6))


class WithFeatures(nn.Module):
    """A layer that is given features of edges, and a sum over the nodes."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, edge_index, edge_attr, edge_type, batch):
        given = edge_type if isinstance(self.layer, g.RGCNConv) else edge_attr
        return g.global_add_pool(self.layer(x, edge_index, given), batch)[:, :2]


class Attentive(nn.Module):
    """PyG's own AttentiveFP, whose readout has a layer that is not explained."""

    def __init__(self, _layer):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.model = g.AttentiveFP(4, 8, 2, edge_dim=3, num_layers=2, num_timesteps=2)

    def forward(self, x, edge_index, edge_attr, batch):
        return self.model(x, edge_index, edge_attr, batch)


WITH_FEATURES = {
    "NNConv": lambda: g.NNConv(4, 2, nn.Linear(3, 8)),
    "CGConv": lambda: g.CGConv(4, dim=3),
    "TransformerConv": lambda: g.TransformerConv(4, 2, edge_dim=3),
    "GATv2Conv": lambda: g.GATv2Conv(4, 2, edge_dim=3),
    "GeneralConv": lambda: g.GeneralConv(4, 2, in_edge_channels=3),
    "ResGatedGraphConv": lambda: g.ResGatedGraphConv(4, 2, edge_dim=3),
    "PDNConv": lambda: g.PDNConv(4, 2, edge_dim=3, hidden_channels=4),
    "RGCNConv": lambda: g.RGCNConv(4, 2, 3),
    "AttentiveFP": lambda: None,
}


@pytest.mark.parametrize("name", WITH_FEATURES)
def test_layers_of_edge_features_take_weights(trees, name):
    for tree in trees:
        tree.edge_type = tree.edge_attr.argmax(1)
    model = (Attentive if name == "AttentiveFP" else WithFeatures)(WITH_FEATURES[name]()).eval()
    graphs = Question(model).pack(trees)
    weight = torch.ones(graphs.edge_index.size(1), requires_grad=True)
    logits = EdgeWeighted(model)(graphs, weight)
    assert torch.allclose(logits, Question(model)(graphs), atol=1e-5)
    logits.square().sum().backward()
    assert weight.grad.isfinite().all()
    assert weight.grad.any()


@pytest.mark.parametrize("make", [lambda: g.FAConv(4), lambda: g.LGConv(), lambda: g.APPNP(2, 0.1)])
def test_layers_that_keep_the_width_take_weights(trees, make):
    model = OneLayer(make()).eval()
    graphs = pack(trees, ())
    weight = torch.ones(graphs.edge_index.size(1), requires_grad=True)
    logits = EdgeWeighted(model)(graphs, weight)
    assert torch.allclose(logits, Question(model)(graphs), atol=1e-5)
    assert torch.autograd.grad(logits[:, 0].sum(), weight)[0].any()


class OneLayer(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, edge_index, batch):
        z = self.layer(x, x, edge_index) if isinstance(self.layer, g.FAConv) else self.layer(x, edge_index)
        return g.global_add_pool(z, batch)


def test_weight_zero_is_the_edge_removed_for_each_type_of_edges(trees):
    for tree in trees:
        tree.edge_type = tree.edge_attr.argmax(1)
    model = WithFeatures(g.RGCNConv(4, 2, 3, aggr="add")).eval()
    graphs = Question(model).pack(trees)
    keep = torch.arange(graphs.edge_index.size(1)) % 3 > 0
    logits = EdgeWeighted(model)(graphs, keep.float())
    assert torch.allclose(logits, Question(model)(graphs.with_edges(keep)), atol=1e-5)


def test_parts_of_edges_that_stand_twice_are_refused(trees):
    tree = trees[0]
    twice = Data(
        x=tree.x,
        edge_index=tree.edge_index.repeat(1, 2),
        edge_attr=tree.edge_attr.repeat(2, 1),
        edge_type=torch.arange(2).repeat_interleave(8),
    )
    model = WithFeatures(g.RGCNConv(4, 2, 3)).eval()
    with pytest.raises(ValueError, match="got others in a RGCNConv"):
        EdgeWeighted(model)(Question(model).pack([twice]), torch.ones(16))
