"""Maps of the graphs of a dataset, and of the inputs that explainers make from them, as a model sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme import benchmark, metrics
from hpme.analysis.atlas import Projection, explainer_inputs, pca_projection, tsne_projection
from hpme.explainers import Explainer
from hpme.explainers.edge_masks.mixupexplainer import MIXUPEXPLAINER
from hpme.explainers.sizes import at_size
from hpme.forward.around import ids_of, taken, together
from hpme.metrics.forward import embeddings, logits
from ui.state.explained import explain_with_hpme
from ui.state.sources import KEYS, Case, classifier, dataset, explainer
from ui.state.split import grouped

MAP_LIMIT, SPLIT_LIMIT = 2000, 200  # graphs on the map, and in its comparison over test graphs


@dataclass(frozen=True)
class MappedGraphs:
    """The graphs on the map of a dataset."""

    ids: list[int]
    labels: list[int]  # groups, as `held_out` has them
    predicted: list[int]
    embedded: Tensor  # [G, 2H]
    confidence: list[float] | None  # probabilities of the predicted classes; None in a regression
    gaps: list[float]  # to the nearest other graph on the map
    nearest: list[int]  # the row of that graph
    train: Tensor  # rows of the training graphs


@st.cache_resource(max_entries=8, show_spinner=False)
def mapped_graphs(name: str, arch: str) -> MappedGraphs:
    """The test graphs and as many training graphs as fit on the map."""
    data, model = dataset(name), classifier(name, arch)
    test = taken(data.test, benchmark.draw_places(len(data.test), MAP_LIMIT // 2))
    train = taken(data.train, benchmark.draw_places(len(data.train), MAP_LIMIT - len(test)))
    shown = together(test, train)
    labels, predicted = grouped(name, arch, shown)
    embedded, outputs = embeddings(model, shown), logits(model, shown)
    gaps, near = metrics.nearest(embedded, embedded, 1, torch.arange(len(shown)))
    return MappedGraphs(
        ids=ids_of(shown),
        labels=labels,
        predicted=predicted,
        embedded=embedded,
        confidence=outputs.softmax(-1).amax(-1).tolist() if outputs.size(-1) > 1 else None,
        gaps=gaps.squeeze(1).tolist(),
        nearest=near.squeeze(1).tolist(),
        train=torch.arange(len(test), len(shown)),
    )


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs=KEYS)
def own_embeddings(name: str, arch: str, graphs: tuple[Data, ...]) -> Tensor:
    """Embeddings ``[G, 2H]`` of a session's own graphs."""
    return embeddings(classifier(name, arch), graphs)


@st.cache_resource(max_entries=8, show_spinner="Computing the map …")
def projection(name: str, arch: str, kind: str) -> Projection:
    """The map of a dataset."""
    embedded = mapped_graphs(name, arch).embedded
    return tsne_projection(embedded) if kind == "t-SNE" else pca_projection(embedded)


@st.cache_resource(max_entries=4, show_spinner="Fitting MixupExplainer, once …")
def mixupexplainer(name: str, arch: str) -> Explainer:
    """MixupExplainer, fitted to a model."""
    return MIXUPEXPLAINER.build(classifier(name, arch), 0).fit(dataset(name).train)


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs=KEYS)
def input_embeddings(case: Case, with_mixupexplainer: bool) -> dict[str, Tensor]:
    """Embeddings of the inputs that explainers make from the picked graph, by name."""
    pick, graphs = case.pick, [case.graph, case.donor]
    own, other = explain_with_hpme(case, graphs)
    own = own if pick.k is None else at_size(own, pick.k)
    peer = mixupexplainer(pick.dataset, pick.model) if with_mixupexplainer else None
    return _embed(case.model, graphs, [own, other], peer, pick.seed)


@st.cache_resource(max_entries=8, show_spinner=False)
def split_embeddings(name: str, arch: str, seed: int, with_mixupexplainer: bool) -> dict[str, Tensor]:
    """The same for many test graphs, each with the next one as its donor, at HPME's own size."""
    chosen = benchmark.draw_graphs(dataset(name).test, SPLIT_LIMIT)
    graphs = [*chosen, *chosen[1:], chosen[0]]
    explanations = explainer(name, arch, seed).explain_batch(graphs)
    peer = mixupexplainer(name, arch) if with_mixupexplainer else None
    return _embed(classifier(name, arch), graphs, explanations, peer, seed)


@st.cache_data(max_entries=8, show_spinner=False)
def split_distances(
    name: str, arch: str, seed: int, with_mixupexplainer: bool
) -> dict[str, tuple[list[float], float]]:
    """Of each kind of input: distances to the nearest training graph, and MMD² to the training graphs."""
    known = mapped_graphs(name, arch)
    train = known.embedded[known.train]
    return {
        kind: (metrics.nearest(points, train, 1)[0].squeeze(1).tolist(), metrics.embedding_mmd(points, train))
        for kind, points in split_embeddings(name, arch, seed, with_mixupexplainer).items()
    }


def _embed(
    model: nn.Module,
    graphs: list[Data],
    explanations: Sequence[Explanation],
    peer: Explainer | None,
    seed: int,
) -> dict[str, Tensor]:
    """Embeds the inputs made from the first half of the graphs, whose donors are the second half."""
    soft = {"soft mix": [explanation.edge_score for explanation in explanations]}
    if peer:
        soft["MixupExplainer's mix"] = [explanation.edge_mask for explanation in peer.explain_batch(graphs)]
    return explainer_inputs(model, graphs, explanations, soft, seed)
