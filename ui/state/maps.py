"""Where graphs, and what the classifier is shown of them, lie on the map of a dataset."""

from dataclasses import dataclass

import streamlit as st
import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme import benchmark, metrics
from hpme.analysis.atlas import Map, explainer_inputs, pca_map, tsne_map
from hpme.explainers import Explainer
from hpme.explainers.edge_masks.mixupexplainer import MIXUPEXPLAINER
from hpme.explainers.sizes import at_size
from hpme.metrics.forward import embeddings
from ui.state.sources import Pick, classifier, dataset, explainer, grouped
from ui.state.told import views

MAP_LIMIT, SPLIT_LIMIT = 2000, 200  # graphs on the map, and in its comparison of a whole split


@dataclass(frozen=True)
class Atlas:
    """The graphs on the map of a dataset."""

    ids: list[int]
    labels: list[int]  # groups, as `held_out` has them
    said: list[int]
    embedded: Tensor  # [G, 2H]
    train: Tensor  # rows of the training graphs


@st.cache_resource(max_entries=8, show_spinner=False)
def atlas(name: str, arch: str) -> Atlas:
    """The held-out graphs and as many training graphs as fit on the map."""
    data, model = dataset(name), classifier(name, arch)
    test = benchmark.draw_graphs(data.test, MAP_LIMIT // 2)
    train = benchmark.draw_graphs(data.train, MAP_LIMIT - len(test))
    shown = [*test, *train]
    return Atlas(
        [int(graph.graph_id) for graph in shown],
        *grouped(name, arch, shown),
        embeddings(model, shown),
        torch.arange(len(test), len(shown)),
    )


@st.cache_resource(max_entries=8, show_spinner="Computing the map …")
def place(name: str, arch: str, kind: str) -> Map:
    """The map of a dataset."""
    embedded = atlas(name, arch).embedded
    return tsne_map(embedded) if kind == "t-SNE" else pca_map(embedded)


@st.cache_resource(max_entries=4, show_spinner="Fitting MixupExplainer, once …")
def mixupexplainer(name: str, arch: str) -> Explainer:
    """MixupExplainer, fitted to a shipped classifier."""
    return MIXUPEXPLAINER.build(classifier(name, arch), 0).fit(dataset(name).train)


@st.cache_resource(max_entries=100, show_spinner=False)
def seen(pick: Pick, peer: bool) -> dict[str, Tensor]:
    """Embeddings of what the classifier is shown of the picked graph."""
    graph, donor, *_ = views(pick)
    return _seen(pick, [graph], [donor], peer)


@st.cache_resource(max_entries=8, show_spinner=False)
def split_seen(name: str, arch: str, seed: int, peer: bool) -> dict[str, Tensor]:
    """The same of many held-out graphs, each with the next one as its donor, at HPME's own size."""
    some = benchmark.draw_graphs(dataset(name).test, SPLIT_LIMIT)
    whole = Pick(name, arch, seed, None, 0, None, 0)
    return _seen(whole, some, [*some[1:], some[0]], peer)


@st.cache_data(max_entries=8, show_spinner=False)
def split_gaps(name: str, arch: str, seed: int, peer: bool) -> dict[str, tuple[list[float], float]]:
    """Of each kind of input: distances to the nearest training graph, and MMD² to the training graphs."""
    known = atlas(name, arch)
    train = known.embedded[known.train]
    return {
        kind: (metrics.nearest(points, train, 1)[0].squeeze(1).tolist(), metrics.embedding_mmd(points, train))
        for kind, points in split_seen(name, arch, seed, peer).items()
    }


def _seen(pick: Pick, some: list[Data], donors: list[Data], peer: bool) -> dict[str, Tensor]:
    ours = explainer(pick.dataset, pick.model, pick.seed)
    found = ours.explain_batch([*some, *donors], pick.checkpoint)
    if pick.k is not None:
        found = [at_size(one, pick.k) if i < len(some) else one for i, one in enumerate(found)]
    soft = {"soft mix": [one.edge_score for one in found]}
    if peer:
        fitted = mixupexplainer(pick.dataset, pick.model)
        soft["MixupExplainer's mix"] = [one.edge_mask for one in fitted.explain_batch([*some, *donors])]
    half = len(some)
    return explainer_inputs(
        *(classifier(pick.dataset, pick.model), some, donors, found[:half], found[half:]),
        {name: (masks[:half], masks[half:]) for name, masks in soft.items()},
        pick.seed,
    )
