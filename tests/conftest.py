"""Graphs and classifiers whose every number can be worked out by hand."""

import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from tempfile import TemporaryDirectory

import pytest
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.nn import SimpleConv, global_add_pool
from torch_geometric.utils import to_undirected

from hpme import HPMEConfig
from hpme.box import inside


def pytest_configure(config: pytest.Config) -> None:
    """No test reads or writes the models of whoever runs it; the processes that it starts do not either.

    Each has one thread: with more, sums come in another order, and jobs give other last digits.
    """
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"
    folder = TemporaryDirectory()
    config.add_cleanup(folder.cleanup)
    os.environ["HPME_HOME"] = folder.name


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """Tests of pages leave the app in the place of ``__main__``, which new processes would import."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def quick_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """HPME is fitted in a few steps wherever this process leaves its settings as they are."""
    few = {"rounds": 1, "min_steps": 8, "batch_size": 16, "checkpoints": 4, "samples": 2, "draws": 2}
    usual = tuple(few.get(field.name, field.default) for field in fields(HPMEConfig))
    monkeypatch.setattr(HPMEConfig.__init__, "__defaults__", usual)


class FeatureSum(nn.Module):
    """Logits ``(2.5, sum of the first feature)``: class 1 where the sum is above 2.5; 0 for an empty graph.

    Takes no number of graphs, as third-party classifiers do not.
    """

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        total = global_add_pool(x[:, :1], batch)
        return torch.cat([torch.full_like(total, 2.5), total], dim=1)


class NeighbourSum(nn.Module):
    """Logits ``(1, sum of the source's feature over all edges)``: an edge adds its source's feature."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = SimpleConv(aggr="sum")

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        total = global_add_pool(self.conv(x, edge_index), batch)
        return torch.cat([torch.ones_like(total), total], dim=1)


def make_graph(features: list[float], edges: list[tuple[int, int]], **attributes: object) -> Data:
    """An undirected graph with one feature a node; each edge is given once."""
    edge_index = torch.tensor(edges, dtype=torch.long).reshape(-1, 2).t()
    edge_index = to_undirected(edge_index, num_nodes=len(features))
    return Data(x=torch.tensor(features)[:, None], edge_index=edge_index, **attributes)


@pytest.fixture(scope="module")
def unboxed() -> Iterator[None]:
    """Readers run in this process, where a test sees all that they do, and as quick as they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inside, "here", True)
        yield


@pytest.fixture
def feature_sum() -> nn.Module:
    return FeatureSum().eval()


@pytest.fixture
def neighbour_sum() -> nn.Module:
    return NeighbourSum().eval()


@pytest.fixture(name="make_graph")
def _make_graph():
    return make_graph


@pytest.fixture
def path() -> Data:
    """0 - 1 - 2 - 3 with features 3, 2, 0, 1; the edge between 0 and 1 is the ground truth."""
    graph = make_graph([3.0, 2.0, 0.0, 1.0], [(0, 1), (1, 2), (2, 3)])
    graph.node_gt = torch.tensor([True, True, False, False])
    graph.edge_gt = graph.node_gt[graph.edge_index].all(0)
    return graph
