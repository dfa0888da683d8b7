"""A whole graph whose nodes are predicted: where its nodes are drawn, and what is known of each."""

import numpy as np
import streamlit as st
from pandas import DataFrame
from torch_geometric.data import Data

from hpme import figures
from hpme.datasets.spec import MASKS
from ui.state.sources import dataset, graphs
from ui.state.split import grouped, groups


@st.cache_resource(max_entries=4, show_spinner="Drawing the whole graph …")
def whole_graph(name: str, arch: str) -> figures.WholeGraph:
    """The whole graph of a dataset, with what a model predicts, ready to be drawn."""
    graph = _whole(name)
    start, end = graph.edge_index.numpy()
    labels, predicted = map(np.array, grouped(name, arch, graphs(name)))
    once = graph.edge_index.numpy()[:, start < end]
    return figures.WholeGraph(_places(name), once, labels, predicted, groups(name))


@st.cache_resource(max_entries=4, show_spinner=False)
def _places(name: str) -> np.ndarray:
    return figures.layout(_whole(name)).astype(np.float32)


def _whole(name: str) -> Data:
    """The graph whose nodes a dataset is about."""
    graph = dataset(name).graph
    if graph is None:
        raise ValueError(f"Expected a dataset whose nodes are predicted (got {name!r})")
    return graph


@st.cache_data(max_entries=4, show_spinner=False)
def node_list(name: str, arch: str) -> DataFrame:
    """A row for each node of a dataset's graph: its number, class, prediction, neighbours and part.

    Whether a node without a label is predicted right is not known: None.
    """
    graph, classes = _whole(name), np.array([*groups(name), figures.UNLABELLED])  # whose label is -1
    labels, predicted = map(np.array, grouped(name, arch, graphs(name)))
    part = np.full(len(labels), "–", dtype=object)
    for mask in MASKS:
        part[graph[mask].numpy()] = mask.removesuffix("_mask")
    return DataFrame(
        {
            "node": np.arange(len(labels)),
            "class": classes[labels],
            "prediction": classes[predicted],
            "right": np.where(labels < 0, None, labels == predicted),
            "neighbours": graph.edge_index[0].bincount(minlength=len(labels)).numpy(),
            "part": part,
        }
    )
