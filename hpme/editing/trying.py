"""Changed graphs, and what a model says of all of them at once."""

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch_geometric.data import Data

from hpme.editing.alike import graph_keys
from hpme.editing.around import EditedNode
from hpme.editing.candidates import Step, named_nodes, size
from hpme.editing.edits import Edit
from hpme.editing.kinds import Kinds, edited
from hpme.forward.around import GraphsAround
from hpme.forward.ask import answer, same
from hpme.forward.packed import chunks
from hpme.forward.question import Question
from hpme.method.objective import log_odds

AT_ONCE = 64  # graphs around a node that are cut at one time
TOGETHER = 2_000  # graphs in a pass
NEAR = 1e-3  # log-odds, or units of a number: what is nearer is the same answer


@dataclass(frozen=True, eq=False)
class Variant:
    """A graph after one change or two, and what the model says of it."""

    steps: tuple[Step, ...]
    size: int  # how many nodes and edges the changes add, remove or alter
    graph: Data  # after them
    key: Hashable = field(repr=False)  # of the graph, whatever the order of its nodes
    output: Tensor  # logits [C], or the number [1]
    effect: float  # on the log-odds of the class that was predicted, or on the number
    flips: bool  # is it another class, or a number that is far from the original's?
    also: int = 0  # other changes that make the same graph

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The changes as edits, as histories and addresses have them."""
        return tuple(edit for step in self.steps for edit in step)

    def inside(self, kept: Collection[int]) -> bool:
        """Returns whether all nodes that the edits name are among the kept ones."""
        return named_nodes(self.edits) <= {*kept}


class Search:
    """Tries changes of one graph on one model; see `hpme.editing.counterfactuals.counterfactuals`."""

    def __init__(
        self, question: Question, graph: Data, kinds: Kinds, around: GraphsAround | None, near: float
    ) -> None:
        self._question, self._start, self._kinds, self._near = question, graph, kinds, near
        self._around = None if around is None else EditedNode(around, int(graph.graph_id), kinds)
        self.original = self._cut([self._changed(())])[0]
        asked = torch.cat([answer(question, question.pack([one])) for one in (graph, self.original)])
        self.output = asked[1]
        self._target = asked[1:].argmax(-1)
        if not torch.allclose(asked[0], asked[1], atol=NEAR, rtol=NEAR):
            raise ValueError(
                f"Expected a graph of which edits keep all that {question.name} reads (got another answer "
                "about the same graph without edits); edits keep x, edge_index, edge_attr and SMILES"
            )

    def _changed(self, edits: Sequence[Edit]) -> Data:
        """The graph after edits; of a node, all that can be around it then."""
        if self._around is None:
            return edited(self._start, edits, self._kinds)
        return self._around.changed(edits)

    def _cut(self, changed: Sequence[Data]) -> Sequence[Data]:
        """The graphs that the model is asked about."""
        return changed if self._around is None else self._around.cut(changed)

    def room(self, nodes: int) -> tuple[int, int]:
        """Returns how many changes, and new edges among them, fit into so many nodes of all graphs.

        A new edge around a node can bring in all that is around its ends, which has to be searched anew.
        """
        here = len(self.original.x)
        reached = here if self._around is None else 2 * self._around.reach(self.original.node_name)
        return max(nodes // here, 1), max(nodes // reached, 1)

    def tried(self, changes: Sequence[tuple[Step, ...]]) -> list[Variant]:
        """Returns the graph after each change, or each pair, that can be made; all are asked together."""
        made: list[tuple[tuple[Step, ...], Data]] = []
        for some in chunks(self._made(changes), AT_ONCE):
            steps, changed = zip(*some, strict=True)
            made += zip(steps, self._cut(changed), strict=True)
        return [one for some in chunks(made, TOGETHER) for one in self._asked(some)]

    def _made(self, changes: Sequence[tuple[Step, ...]]) -> Iterator[tuple[tuple[Step, ...], Data]]:
        for steps in changes:
            try:
                changed = self._changed([edit for step in steps for edit in step])
            except ValueError:  # no valence allows it
                continue
            yield steps, changed

    def _asked(self, made: Sequence[tuple[tuple[Step, ...], Data]]) -> list[Variant]:
        graphs = [graph for _, graph in made]
        packed = self._question.pack(graphs)
        outputs = answer(self._question, packed)
        whole = log_odds(self.output[None], self._target)
        effects = (log_odds(outputs, self._target.expand(len(outputs))) - whole).tolist()
        flips = (~same(outputs, self.output, self._near)).tolist()
        names, count = self.original.node_name[self.original.edge_index[0]].unique(return_counts=True)
        neighbours = dict(zip(names.tolist(), count.tolist(), strict=True))
        keys = [graph.smiles for graph in graphs] if "smiles" in graphs[0] else graph_keys(packed)
        return [
            Variant(steps, sum(size(step, neighbours) for step in steps), graph, key, output, effect, flip)
            for (steps, graph), key, output, effect, flip in zip(
                made, keys, outputs, effects, flips, strict=True
            )
        ]

    def listed(self, variants: Sequence[Variant]) -> list[Variant]:
        """Returns the first of those that make the same graph: the smallest, or the largest moves, first."""
        found: dict[Hashable, list[Variant]] = {}
        for one in variants:
            alike = found.setdefault(one.key, [])
            for place, other in enumerate(alike):
                if abs(other.effect - one.effect) < NEAR:
                    alike[place] = replace(other, also=other.also + 1)
                    break
            else:
                alike.append(one)
        return sorted((one for alike in found.values() for one in alike), key=self._order)

    def _order(self, one: Variant) -> tuple[float, ...]:
        changes, effect = len(one.steps), round(one.effect, 3)
        return (changes, one.size, effect) if len(self.output) > 1 else (changes, -abs(effect), one.size)

    def nearing(self, variants: Sequence[Variant]) -> list[Variant]:
        """Returns those that flip nothing, the nearest to a flip first; of a number, pairs after others."""
        number = len(self.output) == 1
        left = [one for one in variants if not one.flips and (number or one.effect < -NEAR)]
        return sorted(left, key=lambda one: (number and len(one.steps), -abs(round(one.effect, 3))))
