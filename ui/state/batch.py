"""The output of a batch job, as pages show it: read again after a while, as the job may be at work."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from torch_geometric.data import Data

from hpme import figures
from hpme.analysis.atlas import Projection, pca_projection, tsne_projection
from hpme.batch.explaining import graph_of
from hpme.batch.origin import input_of
from hpme.batch.output import BatchOutput, FoundRows, KeptCounts, RowFilter, Sort
from hpme.chemistry.names import name_atoms
from hpme.io.record import complete_graphs, draft_graph
from hpme.io.smiles import parse_smiles, record
from hpme.metrics.forward import embeddings
from hpme.own_data.fit_input import fit_to_input
from ui import session
from ui.state.drawings import look
from ui.state.sources import classifier, dataset

FRESH = 60  # seconds after which the folder is looked at again
MAPPED = 500  # molecules on a map
KEYS: dict[str | type[Any], Callable[[Any], Any]] = {
    BatchOutput: lambda output: (output.folder, output.changed)
}


@st.cache_resource(max_entries=4, ttl=FRESH, show_spinner=False)
def batch_output(folder: str) -> BatchOutput:
    """The files that a job has written.

    Raises:
        ValueError: If there are none.
    """
    return BatchOutput(folder)


@st.cache_data(max_entries=100, show_spinner="Reading …", hash_funcs=KEYS)
def batch_rows(
    output: BatchOutput,
    wanted: RowFilter,
    by: Sort = "input",
    descending: bool = False,
    start: int = 0,
    count: int = 0,
) -> FoundRows:
    """Some of the rows that pass a filter, and how many do."""
    return output.find(wanted, by, descending=descending, start=start, count=count)


@st.cache_data(max_entries=20, show_spinner="Counting …", hash_funcs=KEYS)
def batch_kept(output: BatchOutput, wanted: RowFilter) -> KeptCounts:
    """What is kept of the rows that pass a filter."""
    return output.count_kept(wanted)


def batch_input(output: BatchOutput, place: int) -> Data:
    """The graph of a row as it stands in the input of the job.

    Raises:
        ValueError: If it is not there any more, or has changed.
    """
    return graph_of(input_of(output, place), dataset(output.made_by.dataset))


def row_picture(row: dict[str, Any]) -> str:
    """A small picture of the molecule of an explained row, its kept atoms marked, as SVG.

    Raises:
        ValueError: If it is too large.
    """
    return _picture(row["smiles"], tuple(row["kept_atoms"]), look())


@st.cache_data(max_entries=2000, show_spinner=False)
def _picture(smiles: str, kept: tuple[int, ...], look: figures.Look) -> str:
    graph = _molecule(smiles)
    shares = [float(atom in kept) for atom in range(graph.num_nodes)]
    return figures.thumbnail(graph, shares=shares, look=look)


@st.cache_data(max_entries=2000, show_spinner=False)
def kept_picture(smiles: str, kept: tuple[int, ...], dark: bool) -> tuple[str, str]:
    """A small picture of the kept atoms of a molecule alone, as SVG, and what chemists call them."""
    graph = _molecule(smiles)
    return figures.piece_thumbnail(graph, kept, dark=dark), name_atoms(parse_smiles(smiles), kept)


def _molecule(smiles: str) -> Data:
    graph = draft_graph(record(smiles))
    complete_graphs([graph])
    session.check_drawn(graph)
    return graph


@dataclass(frozen=True)
class MappedRows:
    """Some rows on a map of the model's embeddings."""

    rows: list[dict[str, Any]]
    projection: Projection


@st.cache_resource(max_entries=8, show_spinner="Computing the map …", hash_funcs=KEYS)
def batch_map(output: BatchOutput, wanted: RowFilter, kind: str) -> MappedRows:
    """The molecules of a sample of the rows that pass a filter, as the job's model sees them.

    Raises:
        ValueError: If they are too few.
    """
    name, model = output.made_by.dataset, output.made_by.model
    found = output.find(replace(wanted, errors=False), "shuffled", count=MAPPED)
    rows = [row for row in found.rows if row["smiles"]]
    graphs = [fit_to_input(_molecule(row["smiles"]), dataset(name)).graph for row in rows]
    if len(graphs) < 3:
        raise ValueError(f"Expected at least 3 molecules for a map (got {len(graphs)}); choose more rows")
    embedded = embeddings(classifier(name, model), graphs)
    return MappedRows(rows, tsne_projection(embedded) if kind == "t-SNE" else pca_projection(embedded))
