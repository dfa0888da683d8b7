"""Jobs on a user's dataset: train a model on it, fit HPME to the model, compare explainers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from torch import nn
from torch_geometric.data import Batch, Data

from hpme import benchmark
from hpme.classifiers import train_classifier
from hpme.datasets import Dataset, DatasetSpec
from hpme.explainers import HPME, HPMEConfig
from hpme.forward.around import GraphsAround
from hpme.jobs.worker import Report

REPORTS = 200  # of the steps of a fit; checkpoints are always reported


Sent: TypeAlias = Batch | GraphsAround


def as_sent(graphs: Sequence[Data]) -> Sent:
    """Returns graphs as what is sent to a job fast: one batch; those around nodes with the whole, uncut.

    In a batch, 7,500 molecules take 2 s instead of 11 s one by one. A `hpme.forward.packed.Packed` would take
    0.3 s, but holds no labels, ids or ground truth.
    """
    return graphs if isinstance(graphs, GraphsAround) else Batch.from_data_list([*graphs])


def received(sent: Sent) -> Sequence[Data]:
    """Returns the graphs that were sent to a job."""
    return sent.to_data_list() if isinstance(sent, Batch) else sent


@dataclass(frozen=True)
class Parcel:
    """A dataset to be sent to a job, see `as_sent`."""

    spec: DatasetSpec
    splits: tuple[Sent, Sent, Sent]

    @classmethod
    def pack(cls, dataset: Dataset) -> Self:
        """Packs a dataset."""
        train, val, test = map(as_sent, (dataset.train, dataset.val, dataset.test))
        return cls(dataset.spec, (train, val, test))

    def unpack(self) -> Dataset:
        """Unpacks the dataset."""
        whole = next((part.whole for part in self.splits if isinstance(part, GraphsAround)), None)
        if whole is not None:
            return Dataset(self.spec, *self.splits, graph=whole)
        splits = [[*received(part)] for part in self.splits]
        for graph in (graph for part in splits for graph in part):
            graph.graph_id = int(graph.graph_id)
        return Dataset(self.spec, *splits)


def train_work(
    report: Report, parcel: Parcel, arch: str, epochs: int | None = None, seed: int = 0
) -> tuple[nn.Module, dict[str, Any]]:
    """Trains a model; see `hpme.classifiers.train_classifier`.

    Args:
        report: Called with loss and scores after each epoch, and with the best weights so far as `partial`,
            of which `hpme.classifiers.trained` makes the model.
        parcel: The dataset.
        arch: A key of `hpme.classifiers.CLASSIFIERS`.
        epochs: Passes over the training graphs.
        seed: Seed of the weights and of the order of graphs.

    Returns:
        The frozen model and its card.
    """
    return train_classifier(parcel.unpack(), arch, epochs, seed, progress=report)


def fit_work(report: Report, model: nn.Module, train: Sent, seed: int = 0, target: int | None = None) -> HPME:
    """Fits HPME to a model.

    Args:
        report: Called with step, price, loss and share, and at each checkpoint with its bits and the share
            of predictions that hold.
        model: The model.
        train: Training graphs, see `as_sent`.
        seed: Seed of the explainer.
        target: The class to explain; None: of each graph the predicted one.

    Returns:
        The fitted explainer.
    """

    def progress(step: int, steps: int, info: dict[str, float]) -> None:
        if "kept" in info or step % max(steps // REPORTS, 1) == 0:
            report(step, steps, info | {"step": step})

    return HPME(model, HPMEConfig(seed=seed)).fit(received(train), progress, target=target)


def bench_work(
    report: Report, parcel: Parcel, model: nn.Module, arch: str, explainers: Sequence[str]
) -> list[benchmark.Row]:
    """Compares HPME with others on held-out graphs; see `hpme.benchmark.compare`.

    Args:
        report: Called after each row, with the rows so far as `partial`.
        parcel: The dataset.
        model: The model, trained on it.
        arch: Name of the model in the rows.
        explainers: Keys of `hpme.explainers.EXPLAINERS`.

    Returns:
        The rows.
    """
    return benchmark.compare(parcel.unpack(), model, arch, explainers, progress=report)
