"""The test graphs of a dataset: their labels, what a model predicts of them, and which comes first."""

from collections.abc import Iterator, Sequence
from itertools import chain

import streamlit as st
import torch
from torch_geometric.data import Data

from hpme.forward.around import ids_of, labels_of, taken
from hpme.forward.packed import chunks
from hpme.metrics import has_ground_truth
from hpme.metrics.forward import logits, same, tolerance
from ui.state.sources import classifier, dataset, explainer, graphs, is_fitted, seeds, spec


@st.cache_data(max_entries=8, show_spinner=False)
def labels_and_predictions(name: str, arch: str) -> dict[int, tuple[int, int]]:
    """Group and prediction of each test graph, by graph id, in order.

    Groups are those of `groups`, and of a regression the prediction is the label's group where it is near
    the label, else -1.
    """
    pool = dataset(name).test
    ids = ids_of(pool)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    pairs = zip(*grouped(name, arch, taken(pool, order)), strict=True)
    return {ids[place]: pair for place, pair in zip(order, pairs, strict=True)}


def grouped(name: str, arch: str, chosen: Sequence[Data]) -> tuple[list[int], list[int]]:
    """Group and prediction of each of the chosen graphs; see `labels_and_predictions`."""
    outputs, labels = logits(classifier(name, arch), chosen), labels_of(chosen)
    group, predicted = labels, outputs.argmax(-1)
    if spec(name).regression:
        group = torch.bucketize(group, group.quantile(torch.tensor([1 / 3, 2 / 3])))
        predicted = torch.where(same(outputs, labels[:, None], tolerance(outputs)), group, -1)
    return group.tolist(), predicted.tolist()


def groups(name: str) -> tuple[str, ...]:
    """Names of what the graphs of a dataset are sorted into: classes, or thirds by the number to predict."""
    return spec(name).classes or ("lowest third", "middle third", "highest third")


def first_graph(name: str, arch: str) -> int:
    """Id of the first test graph that is predicted right and has a ground truth.

    Where none has, that of which HPME keeps a part: some classes mean that something is missing.
    """
    predictions, everything = labels_and_predictions(name, arch), graphs(name)
    right = [graph for graph, (label, predicted) in predictions.items() if label == predicted]
    true = right if spec(name).ground_truth else []
    known = (graph for graph in true if has_ground_truth(everything[graph]))
    return next(chain(known, _kept_in_part(name, arch, right[:100]), predictions))


def _kept_in_part(name: str, arch: str, ids: list[int]) -> Iterator[int]:
    """Ids of graphs of which HPME keeps a part; it is not asked before the first is."""
    if not is_fitted(name, arch, seeds(name, arch)[0]):
        return
    fitted, least = explainer(name, arch, seeds(name, arch)[0]), int(spec(name).of_nodes)
    for some in chunks(ids, 10):
        explanations = fitted.explain_batch([graphs(name)[graph] for graph in some])
        for graph, explanation in zip(some, explanations, strict=True):
            if least < explanation.node_mask.sum() < len(explanation.node_mask):
                yield graph
