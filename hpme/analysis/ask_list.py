"""A list of molecules before the shipped models: what each says of each, as a table and as an SD file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from rdkit import Chem
from rdkit.Chem import rdDepictor
from torch_geometric.data import Data
from torch_geometric.explain import Explanation

from hpme.analysis.ask import Expert, about_distance, true_words
from hpme.analysis.nearby import NearestGraphs, Surroundings, nearest_graphs
from hpme.analysis.pasted import PastedMolecule
from hpme.chemistry.fragments import fragment_smarts
from hpme.chemistry.names import formula, molecule_of, name_atoms
from hpme.datasets import DATASETS, DatasetSpec
from hpme.explainers.sizes import hard_mask
from hpme.figures import Answers, Flag
from hpme.figures.flags import about_extent, about_model, about_prediction
from hpme.io.smiles import parse_smiles
from hpme.metrics.forward import logits


@dataclass(frozen=True)
class ListedAnswer:
    """What a model says of one molecule of a list."""

    answers: Answers  # of the whole molecule
    kept: tuple[int, ...]  # atoms, from 0
    names: str  # of these
    smarts: str  # of these
    truth: str  # by the dataset's rule; nothing where there is none
    near: NearestGraphs | None  # None: not asked for
    flags: tuple[Flag, ...]  # all but those that mixed graphs would show


def ask_list(ready: Expert, graphs: Sequence[Data], around: Surroundings | None = None) -> list[ListedAnswer]:
    """Returns what a model says of each of several fitted molecules, all together and without mixes.

    Args:
        ready: The model.
        graphs: What `hpme.own_data.fit_input.fit_to_input` makes of molecules for its dataset.
        around: Training molecules to look for the nearest ones; default: none.

    Raises:
        ValueError: If a graph is no molecule.
    """
    spec = ready.spec
    answers = (Answers(row[None], spec.classes, ready.scale) for row in logits(ready.model, graphs))
    near = nearest_graphs(around, graphs) if around else [None] * len(graphs)
    own = ready.explainer.explain_batch(graphs)
    return [_listed(spec, *row) for row in zip(graphs, answers, own, near, strict=True)]


def _listed(
    spec: DatasetSpec, graph: Data, answers: Answers, own: Explanation, near: NearestGraphs | None
) -> ListedAnswer:
    mol, kept = molecule_of(graph), hard_mask(own).nonzero().view(-1).tolist()
    if mol is None:
        raise ValueError("Expected graphs of molecules (got one without SMILES); read them from SMILES")
    flags = (
        *about_distance(near),
        *about_prediction(graph, answers, mol, spec.node_labels),
        *about_model(own.get("notes", [])),
        *about_extent(len(kept), graph.num_nodes, answers),
    )
    names, smarts = name_atoms(mol, kept), fragment_smarts(mol, kept)
    return ListedAnswer(answers, tuple(kept), names, smarts, true_words(graph, spec), near, flags)


def list_rows(
    molecules: Sequence[PastedMolecule], answers: Mapping[str, Sequence[ListedAnswer]]
) -> list[dict[str, object]]:
    """Returns a table of a list: a row a molecule, and columns for each model that was asked, by its set.

    The number of a model is the probability of the second class, or what a regression predicts. The
    percentile says how many percent of the held-out molecules are nearer to the training than this one.
    """
    return [
        {
            "name": one.name,
            "SMILES": one.smiles,
            "formula": formula(parse_smiles(one.smiles)),
            **{key: value for name in answers for key, value in _columns(name, answers[name][place]).items()},
            "note": one.note,
        }
        for place, one in enumerate(molecules)
    ]


def _columns(name: str, answer: ListedAnswer) -> dict[str, object]:
    spec, answers = DATASETS[name], answer.answers
    number = round(float(answers.probabilities[0, -1]), 4)
    said = (
        {spec.quantity: number}
        if answers.scale
        else {
            f"{spec.title}": answers.prediction(0),
            f"p({spec.classes[-1]})": number,
        }
    )
    near = answer.near
    told = {
        "truth": answer.truth,
        "kept": answer.names,
        "kept SMARTS": answer.smarts,
        "percentile": None if near is None else round(100 * near.percentile, 1),
        "nearest": "" if near is None else near.graphs[0].smiles,
        "flags": ", ".join(flag.title for flag in answer.flags),
    }
    return said | {f"{spec.title}: {name}": value for name, value in told.items()}


def sdf_text(rows: Sequence[Mapping[str, object]]) -> str:
    """Returns a list as an SD file: 2D structures with the columns of `list_rows` as their properties."""
    file = StringIO()
    with Chem.SDWriter(file) as writer:
        for row in rows:
            mol = parse_smiles(str(row["SMILES"]))
            rdDepictor.Compute2DCoords(mol)
            mol.SetProp("_Name", str(row["name"] or row["SMILES"]))
            for key, value in row.items():
                mol.SetProp(key, str(value))
            writer.write(mol)
    return file.getvalue()
