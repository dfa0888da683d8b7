"""A dataset as a map of the model's graph embeddings, and where explainers' inputs fall on it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.explainers.edge_masks.soft_mix import soft_mix, weighted_graphs
from hpme.explainers.sizes import hard_mask
from hpme.forward.weighted import EdgesChangedError, EdgeWeighted, OutOfReachError
from hpme.method.mixup import mix_graphs
from hpme.metrics import nearest
from hpme.metrics.forward import embeddings, subgraphs

PCA_FIRST, PERPLEXITY = 30, 30.0  # of t-SNE: dimensions that go in, and neighbours that count
NEIGHBOURS = 5  # that say where a new graph goes on a t-SNE map


@dataclass(frozen=True)
class Projection:
    """A map of embeddings, and how to put others on it."""

    places: np.ndarray  # [G, 2]
    axes: tuple[str, str]
    project: Callable[[Tensor], np.ndarray]  # embeddings [P, H] to places [P, 2]


def pca_projection(embedded: Tensor) -> Projection:
    """The two directions in which the embeddings ``[G, H]`` vary most; others are projected likewise."""
    from sklearn.decomposition import PCA  # here, as scikit-learn takes .7 s to import

    pca = PCA(2, svd_solver="full").fit(embedded.numpy())
    first, second = (
        f"component {i + 1}: {r:.0%} of variance" for i, r in enumerate(pca.explained_variance_ratio_)
    )
    return Projection(
        pca.transform(embedded.numpy()), (first, second), lambda points: pca.transform(points.numpy())
    )


def tsne_projection(embedded: Tensor, seed: int = 0) -> Projection:
    """A t-SNE map, which keeps neighbours together and distances not.

    It has no transform: another graph goes to the mean of its nearest graphs' places, the nearer the
    heavier.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    count = min(PCA_FIRST, *embedded.shape)
    reduced = PCA(count, random_state=seed).fit_transform(embedded.numpy())
    perplexity = min(PERPLEXITY, (len(embedded) - 1) / 3)
    places = TSNE(perplexity=perplexity, random_state=seed, init="pca").fit_transform(reduced)

    def project(points: Tensor) -> np.ndarray:
        gaps, rows = nearest(points, embedded, NEIGHBOURS)
        weight = 1 / gaps.clamp(min=1e-6)
        near = torch.from_numpy(places)[rows]
        return ((weight[..., None] * near).sum(1) / weight.sum(1, keepdim=True)).numpy()

    return Projection(places, ("t-SNE 1", "t-SNE 2"), project)


def explainer_inputs(
    model: nn.Module,
    graphs: Sequence[Data],
    explanations: Sequence[Explanation],
    soft_masks: Mapping[str, Sequence[Tensor]],
    seed: int = 0,
) -> dict[str, Tensor]:
    """Embeddings of the inputs that explainers make from graphs.

    Args:
        model: Classifier in evaluation mode.
        graphs: ``G`` graphs, then a donor for each.
        explanations: HPME's explanations of all ``2G``.
        soft_masks: By name of a mix, edge masks in ``[0, 1]`` of all ``2G``.
        seed: Seed of the links.

    Returns:
        Embeddings ``[G, 2H]`` of the originals, the bare subgraphs, HPME's mixes and each soft mix, by name;
        of a model whose edges no weights can reach, none of the soft mixes.
    """
    count = len(graphs) // 2
    keeps = [hard_mask(explanation) for explanation in explanations]
    bare = subgraphs(graphs[:count], keeps[:count])
    mixes = mix_graphs(graphs[:count], graphs[count:], keeps[:count], keeps[count:], seed)
    hard = embeddings(model, [*graphs[:count], *bare, *mixes]).split(count)
    embedded = dict(zip(("original", "bare subgraph", "HPME's mix"), hard, strict=True))
    weighted = EdgeWeighted(model)
    with suppress(OutOfReachError, EdgesChangedError):
        for name, masks in soft_masks.items():
            rows = zip(graphs[:count], graphs[count:], masks[:count], masks[count:], strict=True)
            soft_mixes = [soft_mix(*row, seed) for row in rows]
            mixed = weighted_graphs(model, soft_mixes)
            embedded[name] = weighted.embed(mixed.graphs, mixed.weight)
    return embedded
