"""Inputs: the orders, names and kinds of arguments that models take."""

from functools import partial

import torch
from torch import Tensor, nn
from torch_geometric import nn as g
from torch_geometric.data import Batch
from torch_geometric.utils import to_dense_adj, to_dense_batch

from tests.forward.models.case import (
    NO_GRADIENT,
    NO_LAYERS,
    OWN_EDGES,
    Case,
    graphs,
    named,
    whole,
    zeros,
)
from tests.forward.models.nets import WIDTH, EdgeAttr, EdgeWeight, OptionalEdgeAttr, Plain, TakesData, gin


class _DataInPlace(Plain):
    """Writes into the batch that it is given, as many tutorials do."""

    def forward(self, data):
        data.x = self.layer(data.x, data.edge_index).relu()
        return self.head(g.global_add_pool(data.x, data.batch))


class _DataEdges(Plain):
    def __init__(self) -> None:
        super().__init__(partial(g.GATv2Conv, 4, WIDTH, edge_dim=3))

    def forward(self, batch):
        x = self.layer(batch.x, batch.edge_index, batch.edge_attr).relu()
        return self.head(g.global_add_pool(x, batch.batch, batch.num_graphs))


class _ToList(Plain):
    """Takes its batch apart."""

    def forward(self, data):
        return torch.cat([Plain.forward(self, d.x, d.edge_index, zeros(d)) for d in data.to_data_list()])


class _OtherNames(Plain):
    def forward(self, node_feats, edge_list, graph_ids):
        return super().forward(node_feats, edge_list, graph_ids)


class _UnknownNames(Plain):
    def forward(self, atoms, bonds, molecule):
        return super().forward(atoms, bonds, molecule)


class _Descriptors(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.head = gin(), nn.Linear(WIDTH + 5, 2)

    def forward(self, x, edge_index, batch, u):
        return self.head(torch.cat([g.global_add_pool(self.layer(x, edge_index).relu(), batch), u], 1))


class _DescriptorsInRow(_Descriptors):
    def forward(self, data):
        return super().forward(data.x, data.edge_index, data.batch, data.u.view(-1, 5))


class _Cell(_Descriptors):
    """Reads a matrix of each graph, such as the cell of a crystal."""

    def forward(self, x, edge_index, batch, cell):
        return super().forward(
            x, edge_index, batch, cell.view(-1, 3, 3)[:, :, 1:2].flatten(1).repeat(1, 2)[:, :5]
        )


class _Root(Plain):
    """Reads the row of one node, by its number."""

    def forward(self, x, edge_index, root_index):
        return self.head(self.layer(x, edge_index).relu()[root_index])


class _KeywordOnly(EdgeAttr):
    def forward(self, x, edge_index, *, batch, edge_attr):
        return super().forward(x, edge_index, edge_attr, batch)


class _PositionalOnly(Plain):
    def forward(self, x, edge_index, batch, /):
        return super().forward(x, edge_index, batch)


class _Args(Plain):
    def forward(self, *args):
        return super().forward(*args)


class _Kwargs(Plain):
    def forward(self, x, edge_index, **kwargs):
        return super().forward(x, edge_index, kwargs["batch"])


class _Around(nn.Module):
    """Another module around a network, whose third argument is not the batch vector."""

    def __init__(self) -> None:
        super().__init__()
        self.net = EdgeWeight(partial(g.GraphConv, 4, WIDTH))
        self.head = self.net.head

    def forward(self, *args, **kwargs):
        return self.net(*args, **kwargs)


class _OtherName(OptionalEdgeAttr):
    def forward(self, x, edge_index, batch, bonds=None):
        return super().forward(x, edge_index, batch, bonds)


class _KwargsEdges(EdgeAttr):
    def forward(self, x, edge_index, **kwargs):
        return super().forward(x, edge_index, kwargs["edge_attr"], kwargs["batch"])


class _BatchSize(Plain):
    def forward(self, x, edge_index, batch, batch_size, num_nodes=None):
        assert num_nodes in (None, len(x))
        return self.head(g.global_add_pool(self.layer(x, edge_index).relu(), batch, batch_size))


class _Loss(Plain):
    """Takes labels to compute its loss, if they are given."""

    def forward(self, x, edge_index, batch, y=None):
        assert y is None
        return super().forward(x, edge_index, batch)


class _NeedsLabel(Plain):
    def forward(self, x, edge_index, batch, y):
        return super().forward(x, edge_index, batch) + y[:, None]


class _Dense(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.head = g.DenseGCNConv(4, WIDTH), nn.Linear(WIDTH, 2)

    def forward(self, x, adj, mask=None):
        return self.head(self.layer(x, adj, mask).sum(1))


class _FromDense(nn.Module):
    """Three lines that make a dense model one of edges."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = _Dense()
        self.head = self.dense.head

    def forward(self, x, edge_index, batch):
        full, mask = to_dense_batch(x, batch)
        adj = to_dense_adj(edge_index, batch, max_num_nodes=full.size(1), batch_size=len(full))
        return self.dense(full, adj, mask)


class _LayerCalledEmbed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(4, 4)
        self.layer, self.head = gin(), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch=None):
        return self.head(g.global_add_pool(self.layer(self.embed(x), edge_index), batch))


class _EmbedBatch(Plain):
    def embed(self, x, edge_index, batch):
        return self.layer(x, edge_index) + g.global_mean_pool(x, batch)[batch].repeat(1, 2)


class _UnknownNamesEmbed(_UnknownNames):
    def embed(self, atoms, bonds):
        return self.layer(atoms, bonds)


class _FloatEmbed(Plain):
    """Wants numbers in floating point, also for its embeddings."""

    def embed(self, x, edge_index):
        return self.layer(x, edge_index)


class _OwnConfig(Plain):
    """Has a configuration of its own under PyG's name."""

    def __init__(self) -> None:
        super().__init__()
        self.model_config = {"mode": "train", "hidden": WIDTH}


def _named_by_text() -> list:
    many = graphs()()
    for k, graph in enumerate(many):
        graph.graph_id = f"molecule {k}"
    return many


def _numbers(model, data) -> Tensor:
    return model(atoms=data.x, bonds=data.edge_index, molecule=zeros(data))


def _batch_of(data: Batch) -> tuple:
    return data.x, data.edge_index, data.edge_attr[:, 0], data.batch


class _OwnForward(nn.Module):
    """Takes three tensors by place, the batch vector last."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.head = g.GraphConv(4, WIDTH), nn.Linear(WIDTH, 2)

    def forward(self, features, links, weights, where):
        return self.head(g.global_add_pool(self.layer(features, links, weights).relu(), where))


class _Writing(Plain):
    def forward(self, x, edge_index, batch):
        x += 1
        return super().forward(x, edge_index, batch)


class _Temperature(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.head = gin(), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch, temperature):
        return self.head(g.global_add_pool(self.layer(x, edge_index).relu(), batch) * temperature[:, None])


def _warm() -> list:
    many = graphs()()
    for k, graph in enumerate(many):
        graph.temperature = 0.5 + k
    return many


def _with(name: str, make):
    def draw() -> list:
        many = graphs()()
        for k, graph in enumerate(many):
            graph[name] = make(torch.Generator().manual_seed(k))
        return many

    return draw


def _no_edges_left_out() -> list:
    many = graphs("edge_attr")()
    many[3].edge_index, many[3].edge_attr = many[3].edge_index[:, :0], torch.tensor([])
    return many


class _Integers(nn.Module):
    """Integer features, an embedding of each column, as OGB's encoders."""

    def __init__(self, column: bool = True) -> None:
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(4, 4) for _ in range(3 if column else 1))
        self.layer, self.head = gin(), nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, batch=None):
        x = x[:, None] if x.dim() == 1 else x
        h = sum(table(x[:, i]) for i, table in enumerate(self.tables))
        return self.head(g.global_add_pool(self.layer(h, edge_index).relu(), batch))


def _typed(kind: torch.dtype):
    def draw() -> list:
        many = graphs()()
        for graph in many:
            graph.x = graph.x.to(kind)
        return many

    return draw


def _case(id_: str, title: str, model, **more) -> Case:
    more.setdefault("graphs", graphs())
    return Case(id_, "inputs", title, model, **more)


INPUTS = [
    _case(
        "E7a",
        "`forward(x, edge_index, edge_weight=None, batch=None)`, no weights in the graphs",
        partial(EdgeWeight, partial(g.GraphConv, 4, WIDTH)),
        call=lambda model, data: model(data.x, data.edge_index, batch=zeros(data)),
    ),
    _case(
        "E7b",
        "`forward(x, edge_index, edge_attr, batch)`",
        partial(EdgeAttr, partial(g.TransformerConv, 4, WIDTH, edge_dim=3)),
        graphs=graphs("edge_attr"),
        call=named("edge_attr"),
    ),
    _case(
        "N38",
        "a required edge_attr that the graphs lack",
        partial(EdgeAttr, partial(g.TransformerConv, 4, WIDTH, edge_dim=3)),
        refused="^Expected graphs with 'edge_attr', which EdgeAttr.forward takes",
    ),
    _case(
        "N39",
        "edge_attr in the graphs that the model does not take",
        Plain,
        graphs=graphs("edge_attr"),
        notes=("have edge_attr, which Plain does not take",),
    ),
    _case(
        "N40",
        "edge_attr goes in as edge_weight",
        _OwnForward,
        graphs=graphs("edge_attr"),
        settings={"inputs": _batch_of},
        call=lambda m, d: m(d.x, d.edge_index, d.edge_attr[:, 0], zeros(d)),
        lines="HPME(model, inputs=lambda b: (b.x, b.edge_index, b.edge_attr[:, 0], b.batch))",
    ),
    _case(
        "N41",
        "other names of parameters that many use",
        _OtherNames,
        call=lambda m, d: m(d.x, d.edge_index, zeros(d)),
    ),
    _case(
        "N42a",
        "names of parameters that nobody knows",
        _UnknownNames,
        refused="^Expected graphs with 'atoms', which _UnknownNames.forward takes",
    ),
    _case(
        "N42b",
        "names of parameters that nobody knows, said",
        _UnknownNames,
        call=_numbers,
        settings={"inputs": {"atoms": "x", "bonds": "edge_index", "molecule": "batch"}},
        lines='HPME(model, inputs={"atoms": "x", "bonds": "edge_index", "molecule": "batch"})',
    ),
    _case(
        "N42c",
        "the same with an embed of these names",
        _UnknownNamesEmbed,
        call=_numbers,
        settings={"inputs": {"atoms": "x", "bonds": "edge_index", "molecule": "batch"}},
    ),
    _case(
        "N81",
        "a function makes the input of a model with an embed",
        _FloatEmbed,
        graphs=_typed(torch.long),
        settings={"inputs": lambda b: (b.x.float(), b.edge_index, b.batch)},
        call=lambda m, d: m(d.x.float(), d.edge_index, zeros(d)),
        peers=NO_GRADIENT,
    ),
    _case("N82", "a model_config that is not PyG's", _OwnConfig),
    _case("N83", "a text as graph_id", Plain, graphs=_named_by_text),
    _case("A11a", "`forward(data)`", TakesData, call=whole),
    _case("A11b", "`forward(data)` with edge_attr", _DataEdges, graphs=graphs("edge_attr"), call=whole),
    _case("A11c", "`forward(data)` that writes into it", _DataInPlace, call=whole),
    _case("A11d", "`forward(data)` that takes it apart", _ToList, call=whole, peers=OWN_EDGES),
    _case(
        "A12", "a vector of descriptors beside the graph", _Descriptors, graphs=graphs("u"), call=named("u")
    ),
    _case(
        "N72",
        "the same of one dimension, `forward(data)`",
        _DescriptorsInRow,
        graphs=_with("u", lambda draws: torch.randn(5, generator=draws)),
        call=whole,
    ),
    _case(
        "N73",
        "a matrix beside the graph, such as the cell of a crystal",
        _Cell,
        graphs=_with("cell", lambda draws: torch.randn(3, 3, generator=draws)),
        call=named("cell"),
    ),
    _case(
        "N74",
        "the number of a node beside the graph",
        _Root,
        graphs=_with("root_index", lambda draws: torch.tensor([1])),
        refused="^Expected no numbers of nodes in 'root_index', which _Root.forward takes",
    ),
    _case(
        "N75",
        "edge_attr of another shape where there are no edges, `forward(data)`",
        _DataEdges,
        graphs=_no_edges_left_out,
        refused=r"^Expected 'edge_attr' .* .got \[0\], \[",
    ),
    _case(
        "N43",
        "keyword-only parameters",
        partial(_KeywordOnly, partial(g.TransformerConv, 4, WIDTH, edge_dim=3)),
        graphs=graphs("edge_attr"),
        call=named("edge_attr"),
    ),
    _case("N44", "positional-only parameters", _PositionalOnly),
    _case("N45", "`*args`", _Args),
    _case(
        "N76",
        "`*args` and `**kwargs`, around a model of another order",
        _Around,
        call=lambda m, d: m(d.x, d.edge_index, batch=zeros(d)),
    ),
    _case(
        "N77",
        "edge_attr under a name that nobody knows, None if it is not given",
        partial(_OtherName, partial(g.GeneralConv, 4, WIDTH, in_edge_channels=3)),
        graphs=graphs("edge_attr"),
        notes=(r"does not take: .*; if it is to be its 'bonds', say inputs={'bonds': 'edge_attr'}\.",),
    ),
    _case("N46", "`**kwargs`", _Kwargs, call=named()),
    _case(
        "N70",
        "`**kwargs` with an attribute in it, said",
        partial(_KwargsEdges, partial(g.TransformerConv, 4, WIDTH, edge_dim=3)),
        graphs=graphs("edge_attr"),
        call=named("edge_attr"),
        settings={"inputs": {"edge_attr": "edge_attr"}},
        lines='HPME(model, inputs={"edge_attr": "edge_attr"})',
    ),
    _case(
        "N47",
        "batch_size and num_nodes",
        _BatchSize,
        call=lambda m, d: m(d.x, d.edge_index, zeros(d), 1, d.num_nodes),
    ),
    _case("N48", "labels, if they are given", _Loss),
    _case("N49", "labels, always", _NeedsLabel, refused="^Expected a model that needs no labels"),
    _case(
        "D8a",
        "a dense `model(x, adj, mask)`",
        _Dense,
        refused="^Expected a model that takes 'edge_index' .got _Dense.forward with 'adj'",
    ),
    _case(
        "D8b",
        "a dense model in a module that makes the matrix",
        _FromDense,
        peers=NO_LAYERS,
        lines="full, mask = to_dense_batch(x, batch)\n"
        "adj = to_dense_adj(edge_index, batch, batch_size=len(full))\n"
        "return dense_model(full, adj, mask)",
    ),
    _case("A10a", "a layer that is called 'embed'", _LayerCalledEmbed),
    _case("A10b", "an embed that takes the batch vector", _EmbedBatch),
    _case(
        "M8",
        "integer features with embeddings",
        _Integers,
        graphs=graphs(x="integers"),
        peers=NO_GRADIENT,
    ),
    _case(
        "D7",
        "x of one dimension",
        partial(_Integers, False),
        graphs=graphs(x="ids"),
        peers=NO_GRADIENT,
    ),
    _case("M1", "float64", lambda: Plain().double(), graphs=_typed(torch.float64)),
    _case("M2a", "float16", lambda: Plain().half(), graphs=_typed(torch.float16)),
    _case("M2b", "bfloat16", lambda: Plain().bfloat16(), graphs=_typed(torch.bfloat16)),
    _case(
        "N50",
        "float64 graphs for a float32 model",
        Plain,
        graphs=_typed(torch.float64),
        refused="^Expected an answer from Plain.forward when given x float64",
    ),
    _case(
        "N65",
        "a plain number beside the graph",
        _Temperature,
        graphs=_warm,
        call=lambda m, d: m(d.x, d.edge_index, zeros(d), torch.tensor([d.temperature])),
    ),
    _case(
        "N51",
        "writes into its input",
        _Writing,
        refused="^Expected that _Writing.forward leaves what it is given as it is .got x changed in place",
    ),
]
