"""What a case is: a model as somebody brings it, graphs for it, and how that person asks it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch_geometric.data import Batch, Data

Answer = Callable[[Any], Tensor]  # what a model returned of one graph, as a row of logits or one number
COUNT = 12


OWN_EDGES = {"gnnexplainer": "the graphs' own edges"}  # what peers of a `Case` cannot do
NO_LAYERS = {"gnnexplainer": "message-passing layers of PyG"}
NO_GRADIENT = {"saliency": "floating point"}
ZERO_GRADIENT = {"saliency": "gradient", "gnnexplainer": "gradient"}


def classes(returned: Tensor) -> Tensor:
    """The logits of classes."""
    return returned.reshape(-1).float()


def probabilities(returned: Tensor) -> Tensor:
    return returned.reshape(-1).float().log()


def logit(returned: Tensor) -> Tensor:
    """Of one logit: its sign is the class."""
    one = returned.reshape(()).float()
    return torch.stack([torch.zeros_like(one), one])


def probability(returned: Tensor) -> Tensor:
    return logit(torch.logit(returned.reshape(()).float()))


def number(returned: Tensor) -> Tensor:
    return returned.reshape(1).float()


@dataclass(frozen=True)
class Case:
    """A model as people bring it.

    A case that is refused names the sentence; one that works is asked three ways by `test_models`.
    """

    id: str  # as in the list of cases; own ones are N1, N2 ...
    part: str  # of the page: layers, readouts, tasks, inputs, models, graphs
    title: str  # for the page
    model: Callable[[], Any]
    graphs: Callable[[], Any]
    settings: dict[str, Any] = field(default_factory=dict)  # of the question
    call: Callable[[Any, Data], Any] | None = None  # how its owner asks it about one graph
    answer: Answer = classes
    refused: str | None = None  # the sentence, as a regular expression
    notes: tuple[str, ...] = ()  # what results have to say, as regular expressions
    peers: dict[str, str] = field(default_factory=dict)  # explainers that refuse, and with which words
    fitted_on: Callable[[list[Data]], Any] = list  # how the graphs are given to a fit
    training: bool = False  # it is brought in training mode
    peers_note: str | None = None  # what results of peers have to say
    lines: str = ""  # what its owner writes beside `HPME(model)`

    def build(self) -> Any:
        """The model, with weights of its own; each of its outputs as often above as below zero."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(1)
            model = self.model()
        head = getattr(model, "head", None)
        if self.refused is None and isinstance(head, nn.Linear) and head.bias is not None:
            centre(model, head, self)
        return model.train(self.training) if isinstance(model, nn.Module) else model

    def ask(self, model: nn.Module, graph: Data) -> Tensor:
        """What its owner gets: a row of logits, or one number."""
        training = model.training
        model.eval()
        with torch.no_grad():
            returned = (self.call or plain)(model, graph)
        model.train(training)
        return self.answer(returned)


def centre(model: nn.Module, head: nn.Linear, case: Case) -> None:
    """Moves the biases so that graphs of all classes are predicted."""
    caught = list[Tensor]()
    hook = head.register_forward_hook(lambda _module, _inputs, output: caught.append(output.detach()))
    for graph in case.graphs():
        case.ask(model, graph)
    hook.remove()
    rows = torch.cat([rows.reshape(-1, head.out_features) for rows in caught]).float()
    with torch.no_grad():
        head.bias -= rows.quantile(0.5, 0).to(head.bias)


def zeros(graph: Data) -> Tensor:
    """The batch vector of one graph."""
    return torch.zeros(graph.num_nodes, dtype=torch.long)


def plain(model: nn.Module, graph: Data) -> Any:
    """As the README of most projects asks."""
    return model(graph.x, graph.edge_index, zeros(graph))


def alone(model: nn.Module, graph: Data) -> Any:
    """A model of one graph."""
    return model(graph.x, graph.edge_index)


def whole(model: nn.Module, graph: Data) -> Any:
    """A model that takes a batch."""
    return model(Batch.from_data_list([graph]))


def named(*keys: str) -> Callable[[nn.Module, Data], Any]:
    """Asks by the names of attributes, beside x, edge_index and batch."""

    def call(model: nn.Module, graph: Data) -> Any:
        given = {key: graph[key] for key in keys}
        return model(x=graph.x, edge_index=graph.edge_index, batch=zeros(graph), **given)

    return call


def graphs(*keys: str, x: str = "one-hot", directed: bool = False, seed: int = 0) -> Callable[[], list[Data]]:
    """Trees with one further link, their attributes drawn; both directions of an edge share theirs."""

    def draw() -> list[Data]:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return [_graph(7 + k % 4, keys, x, directed) for k in range(COUNT)]

    return draw


def _graph(n: int, keys: tuple[str, ...], x: str, directed: bool) -> Data:
    links = [(int(torch.randint(i, (1,))), i) for i in range(1, n)] + [(0, n - 1), (1, n - 2)]
    one_way = torch.tensor(sorted(set(links))).t()
    e = one_way.size(1)
    made = {
        "edge_attr": lambda: torch.eye(3)[torch.randint(3, (e,))],
        "edge_weight": lambda: torch.rand(e) + 0.5,
        "edge_type": lambda: torch.randint(3, (e,)),
    }
    of_edges = {key: made[key]() for key in keys if key in made}
    data = Data(edge_index=one_way, **of_edges)
    if not directed:
        data.edge_index = torch.stack([one_way, one_way.flip(0)], 2).reshape(2, -1)
        for key, value in of_edges.items():
            data[key] = value.repeat_interleave(2, dim=0)
    features = {  # others: none
        "one-hot": lambda: torch.eye(4)[torch.randint(4, (n,))],
        "float": lambda: torch.randn(n, 4),
        "integers": lambda: torch.randint(4, (n, 3)),
        "ids": lambda: torch.randint(4, (n,)),
        "series": lambda: torch.randn(n, 5, 4),
    }
    if x in features:
        data.x = features[x]()
    others = {
        "pos": lambda: torch.randn(n, 3),
        "z": lambda: torch.randint(1, 6, (n,)),
        "u": lambda: torch.randn(1, 5),
    }
    data.y = torch.randint(2, (1,))
    for key in keys:
        if key in others:
            data[key] = others[key]()
    return data


def mlp(width: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, out), nn.ReLU(), nn.Linear(out, out))
