"""Rows in, explained rows out: what a worker does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from rdkit import Chem
from torch import Tensor
from torch_geometric.data import Data

from hpme.batch.arrays import join_arrays, pack_arrays
from hpme.batch.columns import EVERYTHING, NOTHING, PIECES, UNKNOWN, MadeBy
from hpme.batch.config import BatchConfig
from hpme.batch.sources import Row
from hpme.chemistry.bonds import BONDS
from hpme.chemistry.flat import FlatMolecule, flatten_molecule
from hpme.chemistry.fragments import fragment_smarts, part_smiles
from hpme.classifiers import is_reference, load_classifier, register
from hpme.datasets import Dataset
from hpme.datasets.molecules import ELEMENTS, molecule_arrays
from hpme.explainers.explained import Explained
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.asking import mixed_logits
from hpme.forward.ask import same, tolerance
from hpme.forward.fingerprint import fingerprint
from hpme.forward.packed import Packed, pointers
from hpme.io import read_graphs
from hpme.io.smiles import parse_smiles
from hpme.method.types import traits_of
from hpme.own_data import as_floats, load_dataset
from hpme.own_data.fit_input import fit_to_input
from hpme.seeding import generator


def graph_of(row: Row, dataset: Dataset) -> Data:
    """Returns the graph of a row of graphs as it stands in its file.

    Args:
        row: The row.
        dataset: The dataset that the model was trained on, which has at least as many types of nodes.

    Raises:
        ValueError: If it is none.
    """
    if row.arrays is not None:
        return join_arrays([row.arrays], dataset)
    graphs = read_graphs(row.text.encode(), "row.json")
    if len(graphs) != 1:
        raise ValueError(f"Expected one graph in a line (got {len(graphs)}); write one a line")
    return graphs[0]


@dataclass(frozen=True)
class _Read:
    """A row that can be explained."""

    place: int
    mol: Chem.Mol | None
    flat: FlatMolecule | None = None
    graph: Data | None = None  # where it is not a molecule as the shipped datasets have them
    arrays: Mapping[str, np.ndarray] | None = None  # where it comes from a packed file


class Explaining:
    """A model and its explainer, which explain rows.

    Args:
        config: Settings of the job.
        device: Where the model is.

    Raises:
        KeyError: If there is no such dataset, model or explainer.
        ValueError: If the explainer is of another model, or nodes are predicted.
    """

    def __init__(self, config: BatchConfig, device: torch.device | None = None) -> None:
        self.config = config
        dataset = load_dataset(config.dataset)
        if dataset.spec.of_nodes:
            raise ValueError(
                f"Expected a dataset whose graphs are predicted (got {config.dataset}, whose nodes are); "
                "hpme explain explains nodes"
            )
        self.dataset: Dataset = dataset if is_reference(config.model) else as_floats(dataset)
        if is_reference(config.model):
            register(dataset.spec.name, config.model)
        place = dataset.spec.name, config.model
        if config.explainer is None:
            self.hpme = HPME.load(*place, seed=config.seed)
        else:
            self.hpme = HPME.load_file(config.explainer, load_classifier(*place))
        self.question = self.hpme.question
        if device is not None:
            self.question.to(device)
        spec = dataset.spec
        # As the shipped datasets have molecules; of these nothing but flat arrays is made.
        self.plain = spec.molecular and spec.node_labels == ELEMENTS and spec.edge_labels in ((), BONDS)

    @property
    def settings(self) -> str:
        """What the output depends on, beside its rows."""
        scorers = torch.nn.ModuleList(self.hpme.scorers)
        return (
            f"4 {self.dataset.spec.name} {self.config.model} {fingerprint(self.question)} "
            f"{fingerprint(scorers)} {self.hpme.plateau} {self.hpme.target} {self.config.mixes}"
        )

    @property
    def made_by(self) -> MadeBy:
        """What the output says of itself."""
        spec, config = self.dataset.spec, self.config
        seed = config.seed if config.explainer is None else None
        return MadeBy(spec.name, config.model, seed, spec.classes, config.mixes, self.settings)

    def explain(self, rows: Sequence[Row], kind: str) -> list[dict[str, Any]]:
        """Returns what the output has of each row, in order; of one that cannot be explained, why."""
        found: list[dict[str, Any]] = []
        ready: list[_Read] = []
        for place, row in enumerate(rows):
            found.append({"id": row.id, "smiles": row.text or None if kind == "smiles" else None})
            try:
                if row.error:
                    raise ValueError(row.error)
                ready.append(self._read(place, row, kind))
            except ValueError as error:
                found[-1]["error"] = str(error)
        if ready:
            try:
                told = self._told(ready)
            except ValueError as error:
                if len(ready) > 1:  # which of them it is
                    half = len(rows) // 2
                    return self.explain(rows[:half], kind) + self.explain(rows[half:], kind)
                told = [{"error": str(error)}]
            for one, more in zip(ready, told, strict=True):
                found[one.place] |= more
        return found

    def _read(self, place: int, row: Row, kind: str) -> _Read:
        """Reads the SMILES or the graph of a row.

        Raises:
            ValueError: If it is none that the model can be asked about.
        """
        if row.arrays is not None:
            return _Read(place, None, arrays=row.arrays)
        if kind == "smiles":
            mol = parse_smiles(row.text)
            if self.plain:
                return _Read(place, mol, flatten_molecule(mol, row.text))
            (graph,) = read_graphs(f"{row.text}\n".encode(), "row.smi")
        else:
            mol, graph = None, graph_of(row, self.dataset)
        return _Read(place, mol, graph=fit_to_input(graph, self.dataset).graph)

    def _told(self, ready: Sequence[_Read]) -> list[dict[str, Any]]:
        """What the explanations say of each row."""
        graphs = self._pack(ready)
        out = self.hpme.explain_packed(graphs)
        held = self._held(out)
        names, probability = self._predictions(out.logits)
        nodes = graphs.node_ptr.tolist()
        score, keep = out.node_score.cpu().numpy(), out.keep.cpu().numpy()
        bits, unknown = out.bits.tolist(), self._unknown(graphs)
        told = []
        for i, one in enumerate(ready):
            inside = slice(nodes[i], nodes[i + 1])
            atoms = np.flatnonzero(keep[inside])
            count = nodes[i + 1] - nodes[i]
            smarts = None if one.mol is None else fragment_smarts(one.mol, atoms.tolist())
            told.append(
                {
                    "prediction": names[i],
                    "probability": probability[i],
                    "kept_atoms": atoms,
                    "kept_smiles": None if smarts is None else part_smiles(smarts),
                    "kept_smarts": smarts,
                    "kept_share": len(atoms) / count,
                    "capacity_bits": bits[i],
                    "holds_on_mixes": held[i],
                    "node_score": score[inside],
                    "flags": _flags(len(atoms), count, unknown[i], one),
                }
            )
        return told

    def _pack(self, ready: Sequence[_Read]) -> Packed:
        graphs = [one.graph for one in ready if one.graph is not None]
        if graphs:
            return self.question.pack(graphs)
        flat = [one.flat for one in ready if one.flat is not None]
        arrays = [one.arrays for one in ready if one.arrays is not None]
        packed = pack_arrays(arrays, self.dataset) if arrays else _pack_molecules(flat)
        if "edge_attr" not in self.question.takes.keys and not self.question.takes.whole:
            packed = replace(packed, edge_attrs={})
        device = self.question.device
        return packed if device is None else packed.to(device)

    def _predictions(self, logits: Tensor) -> tuple[list[str], list[float | None]]:
        if logits.size(1) == 1:
            return [f"{value:.6g}" for value in logits[:, 0].tolist()], [None] * len(logits)
        classes = self.dataset.spec.classes
        best = logits.softmax(1).max(1)
        return [classes[i] for i in best.indices.tolist()], best.values.tolist()

    def _unknown(self, graphs: Packed) -> list[bool]:
        """Which molecules have atoms of the column for any other element."""
        if not self.dataset.spec.molecular or "*" not in self.dataset.spec.node_labels:
            return [False] * graphs.size
        other = graphs.x[:, self.dataset.spec.node_labels.index("*")] > 0
        count = torch.zeros(graphs.size, device=graphs.device).index_add_(0, graphs.batch, other.float())
        return (count > 0).tolist()

    def _held(self, out: Explained) -> list[float] | list[None]:
        """How often each prediction is kept in mixed graphs; their donors are others of the batch.

        None where that was not asked for, or there is no other.
        """
        size, count = len(out), self.config.mixes
        if not count or size < 2:
            return [None] * size
        draws = generator(self.config.seed, 1)
        shift = torch.randint(1, size, (count, 1), generator=draws)
        donor = (torch.arange(size) + shift) % size
        graphs, keep = out.graphs, out.keep.expand(count, -1)
        mixed = mixed_logits(self.question, graphs, traits_of(graphs), keep, donor, 0, draws)
        return same(mixed, out.logits, tolerance(out.logits)).float().mean(0).tolist()


def _pack_molecules(molecules: Sequence[FlatMolecule]) -> Packed:
    arrays = molecule_arrays(molecules)
    node_ptr, edge_ptr = pointers(torch.tensor(arrays.sizes)), pointers(torch.tensor(arrays.counts))
    shift = node_ptr[:-1].repeat_interleave(torch.tensor(arrays.counts))
    edge_attrs = {"edge_attr": arrays.edge_attr}
    return Packed(arrays.x, arrays.ends + shift, node_ptr, edge_ptr, edge_attrs=edge_attrs)


def _flags(kept: int, count: int, unknown: bool, one: _Read) -> list[str]:
    pieces = one.flat.pieces if one.flat else len(Chem.GetMolFrags(one.mol)) if one.mol else 1
    return [
        *([EVERYTHING] if kept == count else [NOTHING] if not kept else []),
        *[UNKNOWN] * unknown,
        *[PIECES] * (pieces > 1),
    ]
