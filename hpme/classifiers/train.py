"""Training a classifier, and how often it is right."""

import copy
from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Batch, Data

from hpme import checks
from hpme.classifiers.gcn import GCN
from hpme.classifiers.gin import GIN
from hpme.seeding import generator

CLASSIFIERS: dict[str, type[nn.Module]] = {"gcn": GCN, "gin": GIN}
LEARNING_RATE = {"gcn": 1e-2, "gin": 3e-3}
EPOCHS = {"gcn": 200, "gin": 80}
BATCH_SIZE = 64


class Splits(Protocol):
    """A dataset in three splits, with facts in `spec` (`name`, `num_features`, `classes`)."""

    @property
    def spec(self) -> Any:
        """Facts of the dataset."""
        ...

    @property
    def train(self) -> list[Data]:
        """Graphs to learn from."""
        ...

    @property
    def val(self) -> list[Data]:
        """Graphs to choose on."""
        ...

    @property
    def test(self) -> list[Data]:
        """Graphs to measure on."""
        ...


def predict(model: nn.Module, graphs: list[Data], batch_size: int = 512) -> torch.Tensor:
    """Class probabilities of graphs.

    Args:
        model: Classifier in evaluation mode.
        graphs: Graphs with `x` and `edge_index`.
        batch_size: Graphs in one forward pass.

    Returns:
        Probabilities ``[len(graphs), C]``.
    """
    with torch.no_grad():
        batches = (
            Batch.from_data_list(graphs[i : i + batch_size]) for i in range(0, len(graphs), batch_size)
        )
        return torch.cat([model(b.x, b.edge_index, b.batch, b.num_graphs).softmax(-1) for b in batches])


def accuracy(model: nn.Module, graphs: list[Data]) -> float:
    """Share of graphs whose class is predicted, in ``[0, 1]``."""
    labels = torch.cat([graph.y for graph in graphs])
    return float((predict(model, graphs).argmax(-1) == labels).float().mean())


def train_classifier(
    dataset: Splits,
    arch: str,
    epochs: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int, float], None] | None = None,
) -> tuple[nn.Module, dict]:
    """Trains with Adam on `train`, keeps the epoch that is best on `val` (the later of equals).

    Args:
        dataset: Splits in three splits.
        arch: A key of `CLASSIFIERS`.
        epochs: Passes over the training graphs; default: `EPOCHS` of the architecture.
        seed: Seed of the weights and of the order of graphs.
        progress: Called after each epoch with its number, the number of epochs and the validation accuracy.

    Returns:
        The frozen model in evaluation mode, and its card: facts that are saved with the weights.
    """
    checks.known(arch, CLASSIFIERS, "model")
    epochs = EPOCHS[arch] if epochs is None else epochs
    draws = generator(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = CLASSIFIERS[arch](dataset.spec.num_features, len(dataset.spec.classes))
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE[arch])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    best, state = -1.0, model.state_dict()
    for epoch in range(epochs):
        _epoch(model, dataset.train, optimizer, draws)
        schedule.step()
        score = accuracy(model.eval(), dataset.val)
        if score >= best:
            best, state = score, copy.deepcopy(model.state_dict())
        if progress:
            progress(epoch + 1, epochs, score)
    model.load_state_dict(state)
    model.eval().requires_grad_(False)
    return model, _card(model, dataset, arch, epochs, seed)


def _epoch(
    model: nn.Module, graphs: list[Data], optimizer: torch.optim.Optimizer, draws: torch.Generator
) -> None:
    model.train()
    for ids in torch.randperm(len(graphs), generator=draws).split(BATCH_SIZE):
        if len(ids) < 2:
            continue  # batch normalisation needs two graphs
        batch = Batch.from_data_list([graphs[i] for i in ids.tolist()])
        optimizer.zero_grad()
        F.cross_entropy(model(batch.x, batch.edge_index, batch.batch, batch.num_graphs), batch.y).backward()
        optimizer.step()


def _card(model: nn.Module, dataset: Splits, arch: str, epochs: int, seed: int) -> dict:
    return {
        "dataset": dataset.spec.name,
        "arch": arch,
        "num_features": dataset.spec.num_features,
        "classes": list(dataset.spec.classes),
        "epochs": epochs,
        "seed": seed,
        "train_accuracy": accuracy(model, dataset.train),
        "val_accuracy": accuracy(model, dataset.val),
        "test_accuracy": accuracy(model, dataset.test),
    }
