"""A dataset as a map of the classifier's graph embeddings, and where explainers' inputs fall on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from torch import Tensor, nn
from torch_geometric.data import Batch, Data
from torch_geometric.explain import Explanation

from hpme.explainers.edge_masks.soft_mix import soft_mix
from hpme.explainers.sizes import hard_mask
from hpme.forward.weighted import EdgeWeighted
from hpme.method.mixup import mix_graphs
from hpme.metrics import nearest
from hpme.metrics.forward import embeddings, subgraphs

PCA_FIRST, PERPLEXITY = 30, 30.0  # of t-SNE: dimensions that go in, and neighbours that count
NEIGHBOURS = 5  # that say where a new graph goes on a t-SNE map


@dataclass(frozen=True)
class Map:
    """A map of embeddings, and how to put others on it."""

    places: np.ndarray  # [G, 2]
    axes: tuple[str, str]
    project: Callable[[Tensor], np.ndarray]  # embeddings [P, H] to places [P, 2]


def pca_map(embedded: Tensor) -> Map:
    """The two directions in which the embeddings ``[G, H]`` vary most; others are projected likewise."""
    pca = PCA(2, svd_solver="full").fit(embedded.numpy())
    first, second = (
        f"component {i + 1}: {r:.0%} of variance" for i, r in enumerate(pca.explained_variance_ratio_)
    )
    return Map(pca.transform(embedded.numpy()), (first, second), lambda points: pca.transform(points.numpy()))


def tsne_map(embedded: Tensor, seed: int = 0) -> Map:
    """A t-SNE map, which keeps neighbours together and distances not.

    It has no transform: another graph goes to the mean of its nearest graphs' places, the nearer the
    heavier.
    """
    count = min(PCA_FIRST, *embedded.shape)
    reduced = PCA(count, random_state=seed).fit_transform(embedded.numpy())
    perplexity = min(PERPLEXITY, (len(embedded) - 1) / 3)
    places = TSNE(perplexity=perplexity, random_state=seed, init="pca").fit_transform(reduced)

    def project(points: Tensor) -> np.ndarray:
        gaps, rows = nearest(points, embedded, NEIGHBOURS)
        weight = 1 / gaps.clamp(min=1e-6)
        near = torch.from_numpy(places)[rows]
        return ((weight[..., None] * near).sum(1) / weight.sum(1, keepdim=True)).numpy()

    return Map(places, ("t-SNE 1", "t-SNE 2"), project)


def explainer_inputs(
    model: nn.Module,
    graphs: Sequence[Data],
    donors: Sequence[Data],
    explanations: Sequence[Explanation],
    donor_explanations: Sequence[Explanation],
    soft: dict[str, tuple[Sequence[Tensor], Sequence[Tensor]]],
    seed: int = 0,
) -> dict[str, Tensor]:
    """Embeds what the classifier is shown of each graph to explain it.

    Args:
        model: Classifier in evaluation mode.
        graphs: ``G`` graphs.
        donors: As many donors.
        explanations: HPME's explanations of the graphs.
        donor_explanations: Its explanations of the donors.
        soft: By name of a mix, edge masks in ``[0, 1]`` of the graphs and of the donors.
        seed: Seed of the links.

    Returns:
        Embeddings ``[G, 2H]`` of the originals, the bare subgraphs, HPME's mixes and each soft mix, by name.
    """
    keeps, cuts = ([hard_mask(one) for one in some] for some in (explanations, donor_explanations))
    bare, mixes = subgraphs(graphs, keeps), mix_graphs(list(graphs), list(donors), keeps, cuts, seed)
    count = len(graphs)
    hard = embeddings(model, [*graphs, *bare, *mixes]).split(count)
    found = dict(zip(("original", "bare subgraph", "HPME's mix"), hard, strict=True))
    weighted = EdgeWeighted(model)
    for name, (masks, donor_masks) in soft.items():
        rows = zip(graphs, donors, masks, donor_masks, strict=True)
        batch = Batch.from_data_list([soft_mix(*row, seed) for row in rows])
        found[name] = weighted.embed(batch.x, batch.edge_index, batch.batch, count, batch.edge_weight)
    return found
