"""A list of molecules before the shipped models: what each says of each, as a table and as an SD file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from rdkit import Chem
from rdkit.Chem import rdDepictor
from torch import Tensor
from torch_geometric.data import Data

from hpme.analysis.ask import Expert
from hpme.analysis.pasted import PastedMolecule
from hpme.chemistry.names import formula, fragment_smiles, molecule_of, name_atoms
from hpme.datasets import DATASETS
from hpme.explainers.sizes import hard_mask
from hpme.figures import Answers
from hpme.io.smiles import parse_smiles
from hpme.metrics.forward import logits


@dataclass(frozen=True)
class ListedAnswer:
    """What a model says of one molecule of a list."""

    answers: Answers  # of the whole molecule
    kept: tuple[int, ...]  # atoms, from 0
    names: str  # of these
    smiles: str  # of these


def ask_list(ready: Expert, graphs: Sequence[Data]) -> list[ListedAnswer]:
    """Returns what a model says of each of several fitted molecules, in one pass and without mixes."""
    answers = (Answers(row[None], ready.spec.classes, ready.scale) for row in logits(ready.model, graphs))
    keeps = map(hard_mask, ready.explainer.explain_batch(graphs))
    return [_listed(*row) for row in zip(graphs, answers, keeps, strict=True)]


def _listed(graph: Data, answers: Answers, keep: Tensor) -> ListedAnswer:
    mol, kept = molecule_of(graph), keep.nonzero().view(-1).tolist()
    if mol is None:
        raise ValueError("Expected graphs of molecules (got one without SMILES); read them from SMILES")
    return ListedAnswer(answers, tuple(kept), name_atoms(mol, kept), fragment_smiles(mol, kept))


def list_rows(
    molecules: Sequence[PastedMolecule], answers: Mapping[str, Sequence[ListedAnswer]]
) -> list[dict[str, object]]:
    """Returns a table of a list: a row a molecule, and columns for each model that was asked, by its set.

    The number of a model is the probability of the second class, or what a regression predicts.
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
    return said | {f"{spec.title}: kept": answer.names, f"{spec.title}: kept SMILES": answer.smiles}


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
