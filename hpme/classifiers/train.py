"""Training of models, their predictions, accuracy and R²."""

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.data import Data

from hpme import checks
from hpme.classifiers.gnn import GNN
from hpme.classifiers.of_nodes import NodeGNN
from hpme.classifiers.registry import CLASSIFIERS, EPOCHS, EPOCHS_OF_NODES, LEARNING_RATE, create
from hpme.forward.around import GraphsAround, labels_of
from hpme.forward.ask import graph_logits, whole_logits
from hpme.forward.packed import Packed, chunks
from hpme.forward.question import ask
from hpme.seeding import generator

BATCH_SIZE = 64


# called with (epoch, epochs, {"loss", "train", "val"}, weights if they are the best so far)
Progress = Callable[[int, int, dict[str, float], dict[str, torch.Tensor] | None], None]


class Splits(Protocol):
    """A dataset in three splits, with facts in `spec` (`name`, and what `registry.create` takes)."""

    @property
    def spec(self) -> Any:
        """Facts of the dataset."""
        ...

    @property
    def train(self) -> Sequence[Data]:
        """Training graphs."""
        ...

    @property
    def val(self) -> Sequence[Data]:
        """Validation graphs."""
        ...

    @property
    def test(self) -> Sequence[Data]:
        """Test graphs."""
        ...


def predict(model: nn.Module, graphs: Sequence[Data], batch_size: int = 512) -> torch.Tensor:
    """Returns class probabilities of graphs, or the numbers of a regression.

    Args:
        model: Model in evaluation mode.
        graphs: Graphs with `x` and `edge_index`.
        batch_size: Graphs in one forward pass.

    Returns:
        Probabilities ``[len(graphs), C]``, or numbers ``[len(graphs), 1]``.
    """
    question = ask(model)
    if isinstance(graphs, GraphsAround):
        outputs = whole_logits(question, graphs)
    else:
        batches = map(question.pack, chunks(graphs, batch_size))
        outputs = torch.cat([graph_logits(question, batch) for batch in batches])
    return outputs if outputs.size(1) == 1 else outputs.softmax(-1)


def accuracy(model: nn.Module, graphs: Sequence[Data]) -> float:
    """Returns the share of graphs whose class is predicted, in ``[0, 1]``."""
    return _accuracy(predict(model, graphs), labels_of(graphs))


def r2(model: nn.Module, graphs: Sequence[Data]) -> float:
    """Returns the share of the labels' variance that a regression predicts; 0 for always the mean."""
    return _r2(predict(model, graphs), labels_of(graphs))


def score(model: nn.Module, graphs: Sequence[Data]) -> float:
    """Returns the accuracy where labels are integers, R² where they are other numbers."""
    return _score(predict(model, graphs), labels_of(graphs))


def _score(outputs: torch.Tensor, labels: torch.Tensor) -> float:
    return _r2(outputs, labels) if labels.is_floating_point() else _accuracy(outputs, labels)


def _accuracy(outputs: torch.Tensor, labels: torch.Tensor) -> float:
    return float((outputs.argmax(-1) == labels).float().mean())


def _r2(outputs: torch.Tensor, labels: torch.Tensor) -> float:
    error = F.mse_loss(outputs.squeeze(1), labels)
    return float(1 - error / labels.var(correction=0).clamp(min=1e-12))


def train_classifier(
    dataset: Splits,
    arch: str,
    epochs: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[nn.Module, dict]:
    """Trains with Adam on `train`, keeps the epoch that is best on `val` (the later of equals).

    The loss is the cross-entropy, or the squared error of the standardised number. Where nodes are predicted,
    an epoch is one step on the whole graph.

    Args:
        dataset: Training, validation and test graphs.
        arch: One of `CLASSIFIERS`.
        epochs: Passes over the training graphs; default: `EPOCHS` of the architecture.
        seed: Seed of the weights and of the order of graphs.
        progress: Called after each epoch with its number, the number of epochs, its mean loss and its scores
            on the training graphs, taken while it learnt, and on `val`, and the weights if they are the best.

    Returns:
        The frozen model in evaluation mode, and its card: facts that are saved with the weights.
    """
    checks.known(arch, CLASSIFIERS, "model")
    usual = EPOCHS_OF_NODES if dataset.spec.of_nodes else EPOCHS[arch]
    epochs = usual if epochs is None else epochs
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = _new(dataset, arch)
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE[arch])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    learn = _learning(model, dataset.train, optimizer, generator(seed))
    best, state = -float("inf"), model.state_dict()
    for epoch in range(epochs):
        info = learn()
        schedule.step()
        info["val"] = score(model.eval(), dataset.val)
        better = info["val"] >= best
        if better:
            best, state = info["val"], copy.deepcopy(model.state_dict())
        if progress is not None:
            progress(epoch + 1, epochs, info, state if better else None)
    return trained(dataset, arch, epochs, seed, state)


def trained(
    dataset: Splits, arch: str, epochs: int, seed: int, state: dict[str, torch.Tensor]
) -> tuple[nn.Module, dict]:
    """Returns the frozen model of some weights in evaluation mode, and its card; see `train_classifier`."""
    model = _new(dataset, arch)
    model.load_state_dict(state)
    model.eval().requires_grad_(False)
    return model, score_facts(model, dataset, arch) | {"epochs": epochs, "seed": seed}


def _new(dataset: Splits, arch: str) -> GNN | NodeGNN:
    spec = dataset.spec
    return create(arch, spec.num_features, spec.num_outputs, spec.num_edge_features, spec.of_nodes)


def _learning(
    model: GNN | NodeGNN, train: Sequence[Data], optimizer: torch.optim.Optimizer, draws: torch.Generator
) -> Callable[[], dict[str, float]]:
    """Returns what trains a model for an epoch."""
    if isinstance(train, GraphsAround):
        return partial(_epoch_of_nodes, model, train, optimizer)
    graphs, labels = ask(model).pack(train), labels_of(train)
    if isinstance(model, GNN) and model.regression:
        model.standardise(labels)
    return partial(_epoch, model, graphs, labels, optimizer, draws)


def _epoch_of_nodes(
    model: nn.Module, train: GraphsAround, optimizer: torch.optim.Optimizer
) -> dict[str, float]:
    """Trains for one step on the whole graph; returns loss and score before it."""
    model.train()
    optimizer.zero_grad()
    args, kwargs = ask(model).takes.arguments(train.packed)
    output = model(*args, **kwargs)[train.nodes]
    loss = _loss(model, output, train.labels)
    loss.backward()
    optimizer.step()
    return {"loss": float(loss.detach()), "train": _score(output.detach(), train.labels)}


def _epoch(
    model: nn.Module,
    graphs: Packed,
    labels: torch.Tensor,
    optimizer: torch.optim.Optimizer,
    draws: torch.Generator,
) -> dict[str, float]:
    """Trains for one pass over the graphs; returns its mean loss and score, both while the weights change."""
    model.train()
    takes = ask(model).takes
    outputs, order = [], []
    for ids in torch.randperm(graphs.size, generator=draws).split(BATCH_SIZE):
        if len(ids) < 2:
            continue  # batch normalisation needs two graphs
        batch, _ = graphs.take(ids)
        optimizer.zero_grad()
        args, kwargs = takes.arguments(batch)
        output = model(*args, **kwargs)
        _loss(model, output, labels[ids]).backward()
        optimizer.step()
        outputs.append(output.detach())
        order.append(ids)
    predicted, truth = torch.cat(outputs), labels[torch.cat(order)]
    return {"loss": float(_loss(model, predicted, truth)), "train": _score(predicted, truth)}


def _loss(model: nn.Module, outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if outputs.size(1) > 1:
        return F.cross_entropy(outputs, labels)
    return F.mse_loss(outputs.squeeze(1), labels) / model.get_buffer("spread").square().squeeze()


def score_facts(model: nn.Module, dataset: Splits, arch: str) -> dict[str, Any]:
    """Returns the measured part of a model's card: its dataset and its score on each split."""
    kind = "r2" if dataset.spec.num_outputs == 1 else "accuracy"
    return {
        "dataset": dataset.spec.name,
        "arch": arch,
        "num_features": dataset.spec.num_features,
        "num_edge_features": dataset.spec.num_edge_features,
        "of_nodes": dataset.spec.of_nodes,
        "classes": list(dataset.spec.classes),
        **{f"{part}_{kind}": score(model, getattr(dataset, part)) for part in ("train", "val", "test")},
    }
