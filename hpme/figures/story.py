"""All that is shown of one explanation: its three views, the predictions on them, and the warnings."""

from dataclasses import dataclass
from functools import cached_property

import networkx as nx
from rdkit import Chem
from torch import Tensor
from torch_geometric.utils import to_networkx

from hpme.chemistry.fragments import fragment_smiles
from hpme.chemistry.names import molecule_of, name_atoms
from hpme.figures.answer import Answers
from hpme.figures.scene import Scene
from hpme.figures.window import MOST, SLOW
from hpme.metrics.forward import same


@dataclass(frozen=True)
class Flag:
    """A warning: what the reader has to know before believing the picture."""

    title: str
    words: str
    serious: bool = True


@dataclass(frozen=True)
class Story:
    """An explanation of one graph, with what the model predicts on its views."""

    scene: Scene
    answers: Answers  # on the whole graph, the subgraph alone, the rest alone, the mixed graph
    num_held: int  # in how many of `draws` mixed graphs the prediction holds
    draws: int
    metrics: dict[str, float | None]  # by name in METRICS
    explainer: str = "HPME"  # its title

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; none in a regression."""
        return self.answers.classes

    @property
    def probabilities(self) -> Tensor:
        """Class probabilities of the four views ``[4, C]``, or the numbers of a regression ``[4, 1]``."""
        return self.answers.probabilities

    @property
    def target(self) -> int:
        """The explained class; 0 in a regression."""
        return int(self.scene.explanation.target)

    @cached_property
    def pieces(self) -> int:
        """Number of connected pieces of the kept subgraph."""
        network = to_networkx(self.scene.graph, to_undirected=True)
        return nx.number_connected_components(network.subgraph(self._kept))

    def question(self, model: str, graph: str) -> str:
        """The question that the explanation answers, of a model and a graph by what to call them."""
        prediction = self.answers.prediction(0)
        named = prediction if self.answers.scale else f"“{prediction}”"
        if self.answers.target is not None:
            speaks = f"What speaks for “{self.answers.explained_name}” in {graph}"
            return f"{speaks}, for which {model} predicts {named}?"
        return f"Why does {model} predict {named} for {graph}?"

    @cached_property
    def molecule(self) -> Chem.Mol | None:
        """The molecule that the graph is, if it is one."""
        return molecule_of(self.scene.graph) if self.scene.labels else None

    @property
    def kept_smiles(self) -> str:
        """SMILES of the kept atoms; nothing where the graph is no molecule."""
        return fragment_smiles(self.molecule, self._kept) if self.molecule else ""

    def kept_names(self, mark: str = "") -> str:
        """What chemists call the kept atoms, see `name_atoms`; nothing where the graph is no molecule."""
        return name_atoms(self.molecule, self._kept, mark) if self.molecule else ""

    @property
    def sentence(self) -> str:
        """The result in words, as Markdown."""
        return self._say("*", "`")

    @property
    def plain_sentence(self) -> str:
        """The result in words."""
        return self._say("", "")

    def _say(self, emphasis: str, mark: str) -> str:
        """The result in words, with signs around the prediction, and around SMILES."""
        kept, size = len(self._kept), self.scene.graph.num_nodes
        bits = self.metrics["capacity_bits"]
        named = f"{self.kept_names(mark)}: " if self.molecule and 0 < kept < size else ""
        count = f"{named}{kept} of {size} {'atoms' if self.scene.labels else 'nodes'}"
        capacity = "" if bits is None else f" (at most {bits:.1f} bits)"
        share, name = f"{self.num_held} of {self.draws}", f"{emphasis}{self.answers.explained_name}{emphasis}"
        holds = f"The prediction {name} holds in {share} mixed graphs."
        if self.answers.target is not None:
            holds = f"The model predicts {name} for {share} mixed graphs."
        return f"{self.explainer} keeps {count}{capacity}. {holds}"

    @property
    def _kept(self) -> list[int]:
        return self.scene.keep.nonzero().flatten().tolist()

    @property
    def note(self) -> str:
        """What the bars and their marks mean."""
        return f"{self.answers.note} For the rest alone: = it says the same, ≠ it does not."

    @property
    def right(self) -> bool | None:
        """Whether the model predicts the label; None where the graph has none."""
        graph, answers = self.scene.graph, self.answers
        if "y" not in graph:
            return None
        if answers.scale is None:
            return int(graph.y) == int(answers.outputs[0].argmax())
        return bool(same(graph.y.view(1), answers.outputs[0], answers.scale.tolerance))

    @property
    def flags(self) -> list[Flag]:
        """The warnings that apply, the gravest first."""
        return [flag for flag in (*_about_prediction(self), *self.notes, *_about_subgraph(self)) if flag]

    @property
    def notes(self) -> list[Flag]:
        """What was noticed about the model when the explainer was fitted to it, or asked."""
        return [Flag("About the model", note) for note in self.scene.explanation.get("notes", [])]


def _about_prediction(story: Story) -> list[Flag | None]:
    answers, target = story.answers, story.answers.explained_name
    whole = "" if answers.target is None else "On the whole graph, too, the model decides for another class."
    lost = Flag(
        "Prediction lost in the mix" if answers.target is None else "Not enough for that class",
        f"In this mixed graph {answers.statement(3)}: the kept part does not carry "
        f"{'the prediction' if answers.target is None else target} here. {whole}".strip(),
    )
    shift = Flag(
        "Out-of-distribution effect",
        f"On the bare subgraph {answers.statement(1)}, but in the mixed graph it predicts {target}: "
        "a fragment is unlike anything that the model was trained on.",
        serious=False,
    )
    return [
        _wrong(story),
        _unknown(story),
        None if answers.holds(3) else lost,
        shift if answers.holds(3) and not answers.holds(1) else None,
    ]


def _wrong(story: Story) -> Flag | None:
    graph, answers = story.scene.graph, story.answers
    if story.right in (None, True):
        return None
    label = answers.classes[int(graph.y)] if answers.scale is None else f"{float(graph.y):.2f}"
    words = f"The model predicts {answers.prediction(0)}, but the label is {label}."
    if answers.target is None:
        words += " The explanation shows what misled the model, not what is true."
    return Flag("Wrong prediction", words)


def _unknown(story: Story) -> Flag | None:
    """A warning of elements that have no column of their own among the features."""
    atoms = story.molecule.GetAtoms() if story.molecule else []
    strange = sorted({atom.GetSymbol() for atom in atoms} - {*story.scene.labels})
    words = f"The model does not know {', '.join(strange)}: it sees “any other element”."
    return Flag("Unknown element", words) if strange else None


def _about_subgraph(story: Story) -> list[Flag | None]:
    kept, size = int(story.scene.keep.sum()), story.scene.graph.num_nodes
    least, nothing, around = 0, "Nothing kept", "in this graph"
    if story.scene.centre is not None:
        least, nothing, around = 1, "Only the node itself kept", "around this node"
    words = "At this size, the explanation cannot tell which part matters; choose another size."
    if kept == least and story.answers.target is not None:
        words = f"Nothing was found {around} that speaks for {story.answers.explained_name}."
    extreme = Flag("Everything kept" if kept == size else nothing, words)
    split = Flag(
        "Disconnected subgraph",
        f"The kept nodes form {story.pieces} separate pieces.",
        serious=False,
    )
    large = Flag(
        "Large graph",
        f"This graph has {size:,} nodes, so drawing takes a moment. Of more than {MOST:,} nodes, "
        "the panels show only the highest-ranked ones and their surroundings.",
        serious=False,
    )
    blind = Flag(
        "No ground truth",
        f"This {story.scene.item} comes without a true explanation, so agreement with it cannot be measured.",
        serious=False,
    )
    if "node_gt" in story.scene.graph:
        words = "By the label, nothing is there that would be a true explanation to agree with."
        blind = Flag("Nothing to find", words, serious=False)
    return [
        extreme if kept in (least, size) else None,
        split if story.pieces > 1 else None,
        large if size > SLOW else None,
        blind if story.scene.ground_truth is None else None,
    ]
