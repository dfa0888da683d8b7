"""All that is shown of one explanation: its three views, the predictions on them, and the warnings."""

from dataclasses import dataclass
from functools import cached_property

import networkx as nx
from rdkit import Chem
from torch import Tensor
from torch_geometric.utils import to_networkx

from hpme.chemistry.fragments import fragment_smarts
from hpme.chemistry.names import molecule_of, name_atoms
from hpme.figures.answer import Answers
from hpme.figures.flags import Flag, about_extent, about_model, about_prediction, is_right
from hpme.figures.scene import Scene
from hpme.figures.window import MOST, SLOW


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
    def kept_smarts(self) -> str:
        """SMARTS of the kept atoms; nothing where the graph is no molecule."""
        return fragment_smarts(self.molecule, self._kept) if self.molecule else ""

    @property
    def kept_names(self) -> str:
        """What chemists call the kept atoms, see `name_atoms`; nothing where the graph is no molecule."""
        return name_atoms(self.molecule, self._kept) if self.molecule else ""

    @property
    def sentence(self) -> str:
        """The result in words, as Markdown."""
        return self._say("*")

    @property
    def plain_sentence(self) -> str:
        """The result in words."""
        return self._say("")

    def _say(self, emphasis: str) -> str:
        """The result in words, with signs around the prediction."""
        kept, size = len(self._kept), self.scene.graph.num_nodes
        bits = self.metrics["capacity_bits"]
        named = f"{self.kept_names}: " if self.molecule and 0 < kept < size else ""
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
        return is_right(self.scene.graph, self.answers)

    @property
    def flags(self) -> list[Flag]:
        """The warnings that apply, the gravest first."""
        scene = self.scene
        told = about_prediction(scene.graph, self.answers, self.molecule, scene.labels)
        return [*told, *_about_mix(self), *self.notes, *_about_subgraph(self)]

    @property
    def no_truth(self) -> Flag | None:
        """Why agreement with a true explanation cannot be measured; None where it can."""
        if self.scene.ground_truth is not None:
            return None
        if "node_gt" in self.scene.graph:
            words = "By the label, nothing is there that would be a true explanation to agree with."
            return Flag("Nothing to find", words, serious=False)
        words = f"This {self.scene.item} comes without a true explanation"
        return Flag("No ground truth", f"{words}, so agreement with it cannot be measured.", serious=False)

    @property
    def notes(self) -> list[Flag]:
        """What was noticed about the model when the explainer was fitted to it, or asked."""
        return about_model(self.scene.explanation.get("notes", []))


def _about_mix(story: Story) -> list[Flag]:
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
    if not answers.holds(3):
        return [lost]
    return [] if answers.holds(1) else [shift]


def _about_subgraph(story: Story) -> list[Flag]:
    kept, size = int(story.scene.keep.sum()), story.scene.graph.num_nodes
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
    return [
        *about_extent(kept, size, story.answers, around=story.scene.centre is not None),
        *[split] * (story.pieces > 1),
        *[large] * (size > SLOW),
        *([story.no_truth] if story.no_truth else []),
    ]
