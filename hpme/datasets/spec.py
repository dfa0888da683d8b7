"""Facts of a dataset, and the dataset that loading it returns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from rdkit import Chem
from torch_geometric.data import Data

from hpme.forward.around import MASKS, GraphsAround
from hpme.seeding import generator

Rule = Callable[[Chem.Mol], tuple[float, set[int]]]  # label of any molecule, and the atoms of its truth
HOPS = 3  # that the graph around a node reaches: as many as the models here have layers


@dataclass(frozen=True)
class DatasetSpec:
    """Facts of a dataset; one parametrised test checks them all against the data."""

    name: str
    title: str
    task: str  # "graph-classification", "graph-regression" or "node-classification"
    description: str  # one or two plain sentences
    load: Callable[[], list[Data]] = field(repr=False)  # its graphs, or the one whose nodes are predicted
    num_graphs: int  # or nodes
    num_features: int
    classes: tuple[str, ...]  # none in a regression
    ground_truth: bool  # do graphs carry `node_gt` and `edge_gt`?
    source: str
    licence: str
    node_labels: tuple[str, ...] = ()  # element symbol of each one-hot column
    num_edge_features: int = 0  # width of `edge_attr`; 0 where the graphs have none
    edge_labels: tuple[str, ...] = ()  # name of each column of `edge_attr`, such as a type of bonds
    default_model: str = "gin"  # the first of `hpme.classifiers.fitting`
    split: tuple[tuple[int, ...], tuple[int, ...]] | None = None  # the source's own train and test ids
    quantity: str = ""  # what the number of a regression is
    download: bool = False  # is it fetched from the internet on first use?
    rule: Rule | None = field(default=None, repr=False)  # what the labels are made by, where it is known

    @property
    def regression(self) -> bool:
        """Returns whether the label is a number, not a class."""
        return self.task == "graph-regression"

    @property
    def of_nodes(self) -> bool:
        """Returns whether nodes of one graph are predicted: each graph is then the one around a node."""
        return self.task == "node-classification"

    @property
    def item(self) -> str:
        """Returns the word for what is predicted: "node" or "graph"."""
        return "node" if self.of_nodes else "graph"

    @property
    def num_outputs(self) -> int:
        """Returns the width of a model's output: the number of classes, or 1 for a number."""
        return len(self.classes) or 1

    @property
    def molecular(self) -> bool:
        """Returns whether the nodes are atoms."""
        return bool(self.node_labels)


@dataclass(frozen=True)
class Dataset:
    """A loaded dataset in three fixed splits.

    Every graph has `x` float ``[N, F]``, `edge_index` ``[2, E]`` with both directions, `y` ``[1]``
    (integer class, or float number), `graph_id` (its place in the whole set), and where the set
    has a ground truth, `node_gt` ``[N]`` and `edge_gt` ``[E]`` (all false in graphs without a motif).
    Molecules carry `edge_attr` ``[E, D]``, the one-hot type of each bond, and those embedded also `smiles`.

    Where nodes are predicted, each graph is the one around a node, see `hpme.forward.around.GraphsAround`,
    and `graph` is the whole, with the masks `train_mask`, `val_mask` and `test_mask` ``[N]``. A node need not
    be in any of the three.
    """

    spec: DatasetSpec
    train: Sequence[Data]
    val: Sequence[Data]
    test: Sequence[Data]
    graph: Data | None = None

    @property
    def graphs(self) -> Sequence[Data]:
        """Returns all graphs, ordered by `graph_id`."""
        if isinstance(self.train, GraphsAround):
            return self.train.of(torch.arange(self.train.whole.num_nodes))
        return sorted([*self.train, *self.val, *self.test], key=lambda graph: graph.graph_id)


def split(spec: DatasetSpec, graphs: list[Data], seed: int = 0) -> Dataset:
    """Splits 80/10/10 within each class, or as the source did, whose training part gives 1/9 to `val`.

    Args:
        spec: Facts of the dataset.
        graphs: All graphs; `graph_id` is set here. Or the one whose nodes are predicted, which is split by
            its masks where it has all three.
        seed: Seed of the shuffle; the built-in sets always use 0.

    Returns:
        The same graphs in three disjoint lists.
    """
    if spec.of_nodes:
        return _split_nodes(spec, graphs[0], seed)
    for i, graph in enumerate(graphs):
        graph.graph_id = i
    labels = torch.tensor([0 if spec.regression else int(graph.y) for graph in graphs])
    parts = _parts(labels, spec.split, seed)
    return Dataset(spec, *([graphs[i] for i in part] for part in parts))


def _split_nodes(spec: DatasetSpec, graph: Data, seed: int) -> Dataset:
    """Splits the nodes of a graph, which gets the masks of the parts."""
    if all(mask in graph for mask in MASKS):
        nodes = [_shuffled(graph[mask].nonzero().view(-1), seed) for mask in MASKS]
    else:
        nodes = [torch.tensor(part, dtype=torch.long) for part in _parts(graph.y, spec.split, seed)]
        for mask, part in zip(MASKS, nodes, strict=True):
            graph[mask] = torch.zeros(graph.num_nodes, dtype=torch.bool).index_fill(0, part, True)
    train = GraphsAround(graph, nodes[0], HOPS)
    return Dataset(spec, train, train.of(nodes[1]), train.of(nodes[2]), graph)


def _shuffled(nodes: torch.Tensor, seed: int) -> torch.Tensor:
    """Nodes in random order, as a part of them is to be like the rest."""
    return nodes[torch.randperm(len(nodes), generator=generator(seed, 999))]


def _parts(
    labels: torch.Tensor, own: tuple[tuple[int, ...], tuple[int, ...]] | None, seed: int
) -> list[list[int]]:
    """The places of training, validation and test in random order, by the labels ``[G]``; see `split`.

    What has no label, which is -1, is in none of them.
    """
    pool, test = (tuple(range(len(labels))), ()) if own is None else own
    shares = (0.8, 0.9) if own is None else (8 / 9, 1.0)
    parts: tuple[list[int], list[int], list[int]] = ([], [], list(test))
    candidates = torch.tensor(pool, dtype=torch.long)
    for label in labels[labels >= 0].unique().tolist():
        ids = candidates[labels[candidates] == label]
        ids = ids[torch.randperm(len(ids), generator=generator(seed, label))]
        for part, chunk in zip(
            parts, ids.tensor_split([round(share * len(ids)) for share in shares]), strict=True
        ):
            part.extend(chunk.tolist())
    orders = [torch.randperm(len(part), generator=generator(seed, 999)).tolist() for part in parts]
    return [[part[i] for i in order] for part, order in zip(parts, orders, strict=True)]
