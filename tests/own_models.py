"""Models as users bring them: nothing here is known to hpme."""

import numpy as np
import torch
from scipy.sparse import csr_array
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch_geometric.nn import GCN, GATConv, SAGEConv, global_max_pool, global_mean_pool
from torch_geometric.nn.aggr import AttentionalAggregation

from hpme.forward.question import Question


class GAT(nn.Module):
    """Two layers of attention over neighbours; no `embed`, and no number of graphs."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.fill()

    def fill(self) -> None:
        self.second = GATConv(16, 8, heads=2)  # not the order in which they are called
        self.first = GATConv(10, 8, heads=2)
        self.linear = nn.Linear(16, 2)

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        z = F.elu(self.first(x, edge_index))
        return self.linear(global_mean_pool(F.elu(self.second(z, edge_index)), batch))


class AttentiveSAGE(nn.Module):
    """GraphSAGE whose readout attends to the nodes of the whole graph."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList([SAGEConv(10, 16), SAGEConv(16, 16)])
        self.readout = AttentionalAggregation(nn.Linear(16, 1))
        self.linear = nn.Linear(16, 2)

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        for conv in self.convs:
            x = conv(x, edge_index).relu()
        return self.linear(self.readout(x, batch))


class TriangleRule(nn.Module):
    """Votes for class 1 where there is a triangle: whole numbers, no weights, no gradient."""

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        ones = np.ones(edge_index.size(1), int)
        links = csr_array((ones, edge_index.numpy()), shape=(len(x), len(x)))
        triangles = (links @ links * links).sum(axis=1) // 2
        return torch.as_tensor(np.stack([links.sum(axis=1), triangles], axis=1))

    @torch.no_grad()
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        triangles = global_mean_pool(self.embed(x, edge_index)[:, 1].float(), batch)
        return F.one_hot((triangles > 0).long(), 2)


def sage() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return AttentiveSAGE()


rule = TriangleRule()  # a model itself, not a function that gives one


class NoGraphs(nn.Module):
    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return x.sum(0)


class PerNode(nn.Module):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        return x[:, :2]


class NotANumber(GAT):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        return super().forward(x, edge_index, batch) * torch.nan


class Drawing(GAT):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        return F.dropout(1 + super().forward(x, edge_index, batch))


class Crowded(GAT):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        logits = super().forward(x, edge_index, batch)
        return logits + len(logits)


class Numbered(GAT):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        place = torch.arange(len(x)) - torch.searchsorted(batch, batch)
        degree = edge_index[0].bincount(minlength=len(x))
        return super().forward(x, edge_index, batch) + global_mean_pool((place * degree)[:, None], batch)


class Writing(GAT):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        x += 1
        return super().forward(x, edge_index, batch)


class Dividing(GAT):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        degree = edge_index[0].bincount(minlength=len(x))[:, None]
        return super().forward(x, edge_index, batch) / global_mean_pool(degree.float(), batch)


class Closed(nn.Module):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        return global_mean_pool(x[:, :2], batch)


class Hub(nn.Module):
    """Votes for class 1 where a node has three neighbours or more, whatever the features."""

    def embed(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return edge_index[0].bincount(minlength=len(x))[:, None].float()

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        most = global_max_pool(self.embed(x, edge_index), batch)
        return 4 * torch.cat([torch.full_like(most, 2.5), most], dim=1)


def questioned() -> nn.Module:
    """The same, as an output of several: the second one is what is asked for."""
    return Question(Two(), model_config={"mode": "binary_classification"}, output=1)


class Two(Hub):
    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        margin = super().forward(x, edge_index, batch).diff(dim=1)
        return torch.cat([-margin, margin], dim=1)


def local() -> nn.Module:
    class Inner(GAT):
        pass

    return Inner()


def random() -> nn.Module:
    return GAT(int(torch.empty((), dtype=torch.int64).random_()))


def number() -> int:
    return 3


def broken() -> nn.Module:
    raise RuntimeError("no\nweights")


class NodeGCN(nn.Module):
    """Three layers that divide by degrees, for nodes with one feature: it sees degrees four steps away."""

    model_config = {"mode": "multiclass_classification", "task_level": "node", "return_type": "raw"}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.model = GCN(1, 8, num_layers=3, out_channels=2)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return self.model(x, edge_index)


class Untold(NodeGCN):
    """Does not say that it predicts nodes."""

    model_config = None


class Whole(NodeGCN):
    """Looks at all nodes of the graph."""

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        return super().forward(x, edge_index) + len(x)
