"""What a reader has to know before believing an explanation, as far as no mixed graph has to say it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rdkit import Chem
from torch_geometric.data import Data

from hpme.figures.answer import Answers
from hpme.metrics.forward import same


@dataclass(frozen=True)
class Flag:
    """A warning: what the reader has to know before believing the picture."""

    title: str
    words: str
    serious: bool = True


def is_right(graph: Data, answers: Answers) -> bool | None:
    """Returns whether the model predicts the label; None where the graph has none."""
    if "y" not in graph:
        return None
    if answers.scale is None:
        return int(graph.y) == int(answers.outputs[0].argmax())
    return bool(same(graph.y.view(1), answers.outputs[0], answers.scale.tolerance))


def about_prediction(
    graph: Data, answers: Answers, molecule: Chem.Mol | None, labels: Sequence[str]
) -> list[Flag]:
    """Returns the warnings about what the model predicts for the whole graph.

    Args:
        graph: With its label ``y``, if it has one.
        answers: The predictions; the first is that of the whole graph.
        molecule: What the graph is, if it is one.
        labels: Element symbol of each feature column, for molecules.
    """
    atoms = molecule.GetAtoms() if molecule else []
    strange = sorted({atom.GetSymbol() for atom in atoms} - {*labels})
    words = f"The model does not know {', '.join(strange)}: it sees “any other element”."
    unknown = [Flag("Unknown element", words)] if strange else []
    return [*_wrong(graph, answers), *unknown]


def _wrong(graph: Data, answers: Answers) -> list[Flag]:
    if is_right(graph, answers) in (None, True):
        return []
    words = f"The model predicts {answers.prediction(0)}, but the label is {answers.label(graph)}."
    if answers.target is None:
        words += " The explanation shows what misled the model, not what is true."
    return [Flag("Wrong prediction", words)]


def about_extent(kept: int, size: int, answers: Answers, *, around: bool = False) -> list[Flag]:
    """Returns the warning that all nodes are kept or none, which tells nothing.

    Args:
        kept: Number of kept nodes.
        size: Number of all.
        answers: The predictions, which name the explained class.
        around: Whether the graph is the surroundings of one node, which is always kept.
    """
    nothing, where = (
        ("Only the node itself kept", "around this node") if around else ("Nothing kept", "in this graph")
    )
    if kept not in (int(around), size):
        return []
    words = "At this size, the explanation cannot tell which part matters; choose another size."
    if kept == int(around) and answers.target is not None:
        words = f"Nothing was found {where} that speaks for {answers.explained_name}."
    return [Flag("Everything kept" if kept == size else nothing, words)]


def about_model(notes: Sequence[str]) -> list[Flag]:
    """Returns what was noticed about the model when the explainer was fitted to it, or asked."""
    return [Flag("About the model", note) for note in notes]
