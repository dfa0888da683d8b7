"""What pages share: the only cached functions. Cached resources are read-only, for all sessions."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any
from uuid import uuid4

import numpy as np
import streamlit as st
import torch
from torch import Tensor, nn
from torch_geometric.data import Batch, Data
from torch_geometric.explain import Explanation

from hpme import benchmark, figures, gallery, metrics, peers, whatif
from hpme.atlas import Map, explainer_inputs, pca_map, tsne_map
from hpme.classifiers import available_classifiers, classifier_card, load_classifier
from hpme.datasets import DATASETS, Dataset, DatasetSpec, load_dataset
from hpme.edits import from_text
from hpme.explainers import EXPLAINERS, Explainer
from hpme.explainers.base import at_size, hard_mask
from hpme.explainers.hpme import HPME
from hpme.explainers.soft_mix import soft_mix, weighted_logits
from hpme.explainers.store import available_explainers, fingerprint
from hpme.gallery import Card
from hpme.jobs import Jobs
from hpme.metrics import SizeCurve, Trials, has_ground_truth
from hpme.metrics.forward import embeddings, logits, same, subgraphs, tolerance, zeroed
from pages import _own

torch.set_num_threads(1)  # sessions share the cores, and one graph is too small for two

CURVE_DONORS = 5  # of the mixes on the size curve
MAP_LIMIT, SPLIT_LIMIT = 2000, 200  # graphs on the map, and in its comparison of a whole split
CARDS_LIMIT = 200  # graphs that are browsed
PATIENCE = 0.5  # seconds; what a page would have to wait longer for is a job
CARD = 170  # pixels; width of a small picture among others
SHELF = 4000  # fitted explainers and explained graphs


@dataclass(frozen=True)
class Pick:
    """What the user picked."""

    dataset: str
    model: str
    seed: int  # of the explainer
    checkpoint: int | None  # on its capacity path; None: its own choice
    graph: int  # its id
    donor: int | None  # None: the `draw`-th one drawn
    draw: int
    k: int | None = None  # keep so many of the best nodes; None: HPME's own number
    explainer: str = "hpme"


def names() -> list[str]:
    """Names of all datasets: the built-in ones, then the session's own."""
    return [*DATASETS, *_own.datasets()]


def spec(name: str) -> DatasetSpec:
    """Facts of a dataset."""
    own = _own.datasets().get(name)
    return own.dataset.spec if own else DATASETS[name]


@st.cache_resource(max_entries=4, show_spinner=False)
def dataset(name: str) -> Dataset:
    """A dataset in its fixed splits."""
    own = _own.datasets().get(name)
    return own.dataset if own else load_dataset(name)


@st.cache_resource(max_entries=4, show_spinner=False)
def graphs(name: str) -> list[Data]:
    """All graphs of a dataset; a graph's place is its id."""
    return dataset(name).graphs


def graph_of(name: str, number: int) -> Data:
    """A graph by its id: one of the dataset, or the session's own for its models."""
    own = _own.graphs(name).get(number)
    return own.graph if own else graphs(name)[number]


def called(pick: Pick) -> str:
    """What to call the picked graph, as Markdown."""
    own = _own.graphs(pick.dataset).get(pick.graph)
    return f"`{own.title}`" if own else f"graph {pick.graph}"


@st.cache_resource(max_entries=8, show_spinner=False)
def classifier(name: str, arch: str) -> nn.Module:
    """A classifier, frozen."""
    own = _own.datasets().get(name)
    return own.classifiers[arch][0] if own else load_classifier(name, arch)


@st.cache_data(max_entries=8, show_spinner=False)
def card(name: str, arch: str) -> dict[str, Any]:
    """Facts of a classifier."""
    own = _own.datasets().get(name)
    return own.classifiers[arch][1] if own else classifier_card(dataset(name), arch)


@st.cache_resource(max_entries=16, show_spinner=False)
def explainer(name: str, arch: str, seed: int) -> HPME:
    """A fitted explainer."""
    own = _own.datasets().get(name)
    return own.explainers[arch, seed] if own else HPME.load(name, arch, seed=seed)


def models(name: str) -> list[str]:
    """Architectures of the classifiers of a dataset that have a fitted explainer."""
    own = _own.datasets().get(name)
    archs = list(own.classifiers) if own else available_classifiers(name)
    return [arch for arch in archs if seeds(name, arch)]


def seeds(name: str, arch: str) -> list[int]:
    """Seeds of the fitted explainers of a classifier, in order."""
    own = _own.datasets().get(name)
    if own:
        return sorted(seed for model, seed in own.explainers if model == arch)
    return available_explainers(name, arch)


@st.cache_data(max_entries=8, show_spinner=False)
def held_out(name: str, arch: str) -> dict[int, tuple[int, int]]:
    """Group and prediction of each held-out graph, by graph id, in order.

    Groups are those of `groups`, and of a regression the prediction is the label's group where it is near
    the label, else -1.
    """
    test = sorted(dataset(name).test, key=lambda graph: graph.graph_id)
    pairs = zip(*_grouped(name, arch, test), strict=True)
    return {graph.graph_id: pair for graph, pair in zip(test, pairs, strict=True)}


def _grouped(name: str, arch: str, some: list[Data]) -> tuple[list[int], list[int]]:
    outputs, labels = logits(classifier(name, arch), some), torch.stack([graph.y for graph in some])
    group, said = labels.squeeze(1), outputs.argmax(-1)
    if spec(name).regression:
        group = torch.bucketize(group, group.quantile(torch.tensor([1 / 3, 2 / 3])))
        said = torch.where(same(outputs, labels, tolerance(outputs)), group, -1)
    return group.tolist(), said.tolist()


def groups(name: str) -> tuple[str, ...]:
    """What the graphs of a dataset are sorted into: its classes, or thirds by the number to predict."""
    return spec(name).classes or ("lowest third", "middle third", "highest third")


@st.cache_data(max_entries=8, show_spinner=False)
def scale(name: str, arch: str) -> figures.Scale | None:
    """How to read the numbers of a regression; None for a classifier."""
    return figures.scale_of(classifier(name, arch), dataset(name).test, spec(name).quantity)


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The long work of all sessions."""
    return Jobs()


@st.cache_resource(show_spinner=False, scope="session", on_release=lambda name: jobs().cancel(name))
def owner() -> str:
    """Whose the jobs of this session are; they end with it."""
    return uuid4().hex


@st.cache_resource(show_spinner=False)
def shelf() -> peers.Shelf:
    """What jobs brought: fitted explainers by `peer_key`, explanations by that and the graph's id."""
    return peers.Shelf(SHELF)


@st.cache_data(max_entries=64, show_spinner=False)
def peer_key(name: str, arch: str, explainer: str, seed: int) -> tuple[str, str, str, int]:
    """What tells a fitted explainer from all others; its settings follow from its name."""
    return name, fingerprint(classifier(name, arch)), explainer, seed


@st.cache_data(max_entries=2, show_spinner=False)
def packed_train(name: str) -> Batch:
    """The training graphs of a dataset as one batch, to be sent to a job."""
    return Batch.from_data_list(dataset(name).train)


def views(pick: Pick) -> list[Data]:
    """The picked graph, its donor, and the donors that its prediction is tried on."""
    graph, pool = graph_of(pick.dataset, pick.graph), dataset(pick.dataset).test
    if pick.donor is None:
        donor = drawn_donor(pool, graph, pick.draw, pick.seed)
    else:
        donor = graphs(pick.dataset)[pick.donor]
    return [graph, donor, *figures.draw_donors(pool, graph, figures.DRAWS, pick.seed)]


def missing(pick: Pick) -> list[Data]:
    """The graphs that a job has to explain before the pick can be shown; none where that is quick."""
    if pick.explainer == "hpme" or peers.at_once(pick.explainer):
        return []
    key = peer_key(pick.dataset, pick.model, pick.explainer, pick.seed)
    fitted, found = shelf().get(key), {graph.graph_id: graph for graph in views(pick)}
    unknown = [graph for number, graph in found.items() if shelf().get((key, number)) is None]
    return [] if fitted and fitted.graph_seconds * len(unknown) < PATIENCE else unknown


def explain(pick: Pick, some: Sequence[Data]) -> list[Explanation]:
    """What the picked explainer says of graphs, in its own masks."""
    if pick.explainer == "hpme":
        return explainer(pick.dataset, pick.model, pick.seed).explain_batch(some, pick.checkpoint)
    if peers.at_once(pick.explainer):
        model = copy.deepcopy(classifier(pick.dataset, pick.model))  # gradients are no matter for sessions
        return EXPLAINERS[pick.explainer].build(model, pick.seed).explain_batch(some)
    key = peer_key(pick.dataset, pick.model, pick.explainer, pick.seed)
    unknown = [graph for graph in some if shelf().get((key, graph.graph_id)) is None]
    if unknown:
        found = copy.deepcopy(shelf().get(key).explainer).explain_batch(unknown)
        for graph, explanation in zip(unknown, found, strict=True):
            shelf().put((key, graph.graph_id), explanation)
    return [shelf().get((key, graph.graph_id)) for graph in some]


def hardened(pick: Pick, some: Sequence[Data]) -> list[Explanation]:
    """The same with hard masks of HPME's size, and the first graph's of the picked size, if there is one."""

    def ours(some: Sequence[Data]) -> list[Explanation]:
        return explainer(pick.dataset, pick.model, pick.seed).explain_batch(some, pick.checkpoint)

    if pick.explainer == "hpme":
        own, *others = ours(some)
    else:
        own, *others = peers.matched(ours, lambda some: explain(pick, some))(some)
    return [own if pick.k is None else at_size(own, pick.k), *others]


@st.cache_data(max_entries=200, show_spinner=False)
def positions(name: str, graph: int) -> np.ndarray:
    """Where the nodes of a graph are drawn."""
    return figures.layout(graph_of(name, graph))


@st.cache_data(max_entries=2000, show_spinner=False)
def picture(name: str, graph: int, shares: tuple[float, ...] | None, dark: bool) -> str:
    """A small picture of a graph, as SVG; `shares` colour its nodes."""
    places, labels = positions(name, graph), spec(name).node_labels
    data = graph_of(name, graph)
    return figures.thumbnail(data, labels, shares, dark=dark, positions=places)


@st.cache_data(max_entries=400, show_spinner=False)
def answer(name: str, arch: str, graph: int) -> figures.Answers:
    """What a classifier says of a graph."""
    outputs = logits(classifier(name, arch), [graph_of(name, graph)])
    return figures.Answers(outputs, spec(name).classes, scale(name, arch))


@st.cache_resource(max_entries=400, show_spinner=False)
def native(pick: Pick) -> tuple[Explanation, float]:
    """The picked graph's explanation in the explainer's own masks, and the seconds that it took."""
    start = perf_counter()
    (explanation,) = explain(pick, [graph_of(pick.dataset, pick.graph)])
    return explanation, perf_counter() - start


@st.cache_resource(max_entries=400, show_spinner=False)
def story(pick: Pick) -> figures.Story:
    """The picked graph explained and mixed."""
    graph, donor, *_ = views(pick)
    return figures.tell(
        classifier(pick.dataset, pick.model),
        lambda some: hardened(pick, some),
        graph,
        donor,
        dataset(pick.dataset).test,
        classes=spec(pick.dataset).classes,
        scale=scale(pick.dataset, pick.model),
        labels=spec(pick.dataset).node_labels,
        seed=pick.seed,
        explainer=EXPLAINERS[pick.explainer].title,
        positions=positions(pick.dataset, pick.graph),
    )


def method(pick: Pick, threshold: float | None = None) -> figures.Method:
    """The picked explainer as one of several, cut at a threshold of its own score where there is one."""
    own, seconds = native(replace(pick, k=None))
    if threshold is not None:
        pick = replace(pick, k=int((own.node_score > threshold).sum()))
    fitted = shelf().get(peer_key(pick.dataset, pick.model, pick.explainer, pick.seed))
    fit_seconds = fitted.fit_seconds if fitted else None
    seconds = fitted.graph_seconds if fitted else seconds
    return figures.Method(EXPLAINERS[pick.explainer].title, story(pick), own, seconds, fit_seconds)


@st.cache_data(max_entries=200, show_spinner=False)
def grid(picks: tuple[Pick, ...], threshold: float | None, masks: tuple[str, ...]) -> dict[str, Any]:
    """The panels of several explainers; `masks` are the titles of those whose own masks are drawn."""
    return figures.grid_data([method(pick, threshold) for pick in picks], masks)


@st.cache_resource(max_entries=100, show_spinner=False)
def soft(pick: Pick) -> tuple[Data, Tensor]:
    """Picked graph and donor mixed softly under the explainer's own masks, and the model's output on that."""
    graph, donor, *_ = views(pick)
    ours, theirs = explain(pick, [graph, donor])
    released = pick.explainer == "mixupexplainer-released"
    mixed = soft_mix(graph, donor, ours.edge_mask, theirs.edge_mask, pick.seed, as_released=released)
    return mixed, weighted_logits(classifier(pick.dataset, pick.model), mixed)


@st.cache_resource(max_entries=200, show_spinner=False)
def size_curve(pick: Pick) -> tuple[SizeCurve, int]:
    """What the classifier says of the nested subgraphs of the picked ranking, and the ranking's own size."""
    if pick.k is not None:
        return size_curve(replace(pick, k=None))
    name, arch, seed = pick.dataset, pick.model, pick.seed
    graph = graph_of(name, pick.graph)
    donors = figures.draw_donors(dataset(name).test, graph, CURVE_DONORS, seed)
    own, *others = hardened(pick, [graph, *donors])
    cuts = [hard_mask(other) for other in others]
    curve = metrics.size_curve(
        classifier(name, arch), graph, own.node_score, int(own.target), donors, cuts, seed
    )
    return curve, int(hard_mask(own).sum())


@st.cache_resource(max_entries=50, show_spinner=False)
def trials(pick: Pick, count: int) -> dict[int, Trials]:
    """The picked graph under each shipped explainer, by seed, and in the same `count` donors."""
    name, arch = pick.dataset, pick.model
    graph = graph_of(name, pick.graph)
    donors = figures.draw_donors(dataset(name).test, graph, count, pick.seed)
    found, reading = {}, scale(name, arch)
    near = reading.tolerance if reading else 0.0
    for seed in seeds(name, arch):
        own, *others = explainer(name, arch, seed).explain_batch([graph, *donors])
        keep, cuts = hard_mask(own, pick.k), [hard_mask(other) for other in others]
        found[seed] = metrics.trials(classifier(name, arch), graph, keep, donors, cuts, pick.seed, near=near)
    return found


@st.cache_resource(max_entries=100, show_spinner=False)
def cut_answers(pick: Pick) -> figures.Answers:
    """What the classifier says of the picked graph whole, without the dropped nodes, and with them zeroed."""
    seen = story(pick)
    graph, keep = seen.scene.graph, seen.scene.keep
    shown = [graph, *subgraphs([graph], [keep]), zeroed(graph, keep)]
    return replace(seen.answers, outputs=logits(classifier(pick.dataset, pick.model), shown))


@st.cache_resource(max_entries=16, show_spinner="Explaining the held-out graphs …")
def cards(name: str, arch: str, seed: int, checkpoint: int | None) -> dict[int, Card]:
    """The held-out graphs explained, by id; where there are too many, some drawn once."""
    some = benchmark.draw(dataset(name).test, CARDS_LIMIT)
    found = explainer(name, arch, seed).explain_batch(some, checkpoint)
    return {card.graph: card for card in gallery.cards(classifier(name, arch), some, found, seed)}


@st.cache_resource(max_entries=8, show_spinner=False)
def kinds(name: str) -> whatif.Kinds:
    """The types that nodes can be given."""
    return whatif.kinds_of(dataset(name))


@st.cache_resource(max_entries=400, show_spinner=False)
def edited(name: str, arch: str, number: int, edits: str) -> tuple[Data, Tensor]:
    """A graph after some edits, as `edits.to_text` has them, and what the classifier says ``[1, C]``."""
    graph = whatif.edited(graph_of(name, number), from_text(edits), kinds(name))
    return graph, logits(classifier(name, arch), [graph])


@st.cache_resource(max_entries=400, show_spinner=False)
def edited_explanation(pick: Pick, edits: str) -> Explanation:
    """What HPME says of the picked graph after some edits, at the picked size."""
    graph, _ = edited(pick.dataset, pick.model, pick.graph, edits)
    (own,) = explainer(pick.dataset, pick.model, pick.seed).explain_batch([graph], pick.checkpoint)
    return own if pick.k is None else at_size(own, pick.k)


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
    test = benchmark.draw(data.test, MAP_LIMIT // 2)
    train = benchmark.draw(data.train, MAP_LIMIT - len(test))
    shown = [*test, *train]
    return Atlas(
        [int(graph.graph_id) for graph in shown],
        *_grouped(name, arch, shown),
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
    return EXPLAINERS["mixupexplainer"].build(classifier(name, arch), 0).fit(dataset(name).train)


@st.cache_resource(max_entries=100, show_spinner=False)
def seen(pick: Pick, peer: bool) -> dict[str, Tensor]:
    """Embeddings of what the classifier is shown of the picked graph."""
    graph, donor, *_ = views(pick)
    return _seen(pick, [graph], [donor], peer)


@st.cache_resource(max_entries=8, show_spinner=False)
def split_seen(name: str, arch: str, seed: int, peer: bool) -> dict[str, Tensor]:
    """The same of many held-out graphs, each with the next one as its donor, at HPME's own size."""
    some = benchmark.draw(dataset(name).test, SPLIT_LIMIT)
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


@st.cache_data(max_entries=200, show_spinner=False)
def trio(pick: Pick, hide: bool, structure: bool) -> dict[str, Any]:
    """The panels of the picked graph."""
    return figures.trio_data(story(pick), show_dropped=not hide, structure=structure)


def drawn_donor(pool: Sequence[Data], graph: Data, draw: int, seed: int) -> Data:
    """The `draw`-th of a graph's donors; after the last one the first comes again."""
    order = figures.draw_donors(pool, graph, len(pool), seed)
    return order[draw % len(order)]


def first_graph(name: str, arch: str) -> int:
    """The first held-out graph that is predicted right and has a ground truth, else the first one."""
    answers = held_out(name, arch)
    right = (graph for graph, (label, said) in answers.items() if label == said)
    return next((graph for graph in right if has_ground_truth(graphs(name)[graph])), next(iter(answers)))


def dark() -> bool:
    """Whether the page has a dark surface."""
    return st.context.theme.type == "dark"
