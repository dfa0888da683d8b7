"""HPME, the Hard-Perturbation Mixup Explainer."""

from collections.abc import Callable, Mapping, Sequence
from operator import index as as_integer
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch_geometric.data import Data
from torch_geometric.explain import Explanation
from torch_geometric.explain.config import ModelConfig

from hpme.classifiers import default_classifier, load_classifier
from hpme.explainers.additive import ADDS_UP, adds_up
from hpme.explainers.base import (
    Explainer,
    ExplainerSpec,
    NotFittedError,
    Progress,
    checked,
    checked_one,
    only_predicted,
)
from hpme.explainers.explained import Explained, Explanations
from hpme.explainers.hpme import scores, store
from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.fitting import Index, Objective, fit_path, last_tenth, learnt_from, score_function
from hpme.explainers.hpme.packed import OneByOne, hard_explanations
from hpme.explainers.hpme.scorer import NodeScorer, seen_of
from hpme.explainers.quick_check import QuickCheck, quick_check
from hpme.forward.ask import checked_answer, levels
from hpme.forward.batches import one_thread
from hpme.forward.both import embed_and_answer
from hpme.forward.graphs import one_graph
from hpme.forward.inputs import Inputs
from hpme.forward.node_graphs import node_graphs
from hpme.forward.packed import Packed
from hpme.forward.question import Types, asked
from hpme.forward.task import Output
from hpme.method import mixup, pooling
from hpme.method.capacity import Checkpoint, Size, default_size, named_sizes
from hpme.method.types import OWN, count_edge_types, count_types


class HPME(Explainer):
    r"""Explains predictions by hard subgraphs that keep the prediction inside other graphs.

    A scorer of nodes is fitted once. Its hard subgraphs :math:`G^*` replace those of donor graphs, and it
    minimises :math:`E[\ell(f(G_{mix}), f(G))] + \lambda \, share + \epsilon \, mean(s^2)` by a leave-one-out
    score-function gradient, which needs only forward passes of the model :math:`f`. As :math:`\lambda` rises
    the explanations pass from the whole graph to nothing, by way of two named `sizes`, *all* that counts and
    the *core*, and a default between them (`hpme.method.capacity.plateau`; of a model of nodes `last_rest`).
    There the nodes whose mean probability is above one half are the hard subgraph. They come first in the
    ranking; beyond that a node ranks the higher the longer it stays along the path.

    Fitting takes seconds to minutes, explaining a graph some milliseconds. The model is asked in
    evaluation mode, and left as it was. What the fit has noticed about it is in `check`, and in the
    `notes` of every explanation.

    Args:
        model: Model of graphs, or a `Question` with all settings in it.
        config: Settings; default: the one configuration used for every dataset.
        model_config: Task of the model; this and the others: see `hpme.forward.question.Question`.
        output: Which of several outputs to explain.
        inputs: What the model is given.
        transform: Applied to every graph, also after mixing.
        types: What counts as a node's type in mixing.

    Example:
        >>> from hpme import load_classifier, load_dataset
        >>> data, model = load_dataset("ba-2motifs"), load_classifier("ba-2motifs")
        >>> quick = HPMEConfig(rounds=1, min_steps=2, checkpoints=2, draws=1)  # leave it out for real use
        >>> HPME(model, quick).fit(data.train[:40]).explain(data.test[0]).node_mask.shape
        torch.Size([25, 1])

        >>> explainer = HPME.load("ba-2motifs", "gin")  # the shipped one
        >>> out = explainer.explain(data.test[0])
        >>> out.node_mask.view(-1).nonzero().view(-1).tolist()  # the nodes of the house
        [20, 21, 22, 23, 24]
        >>> mixed = explainer.mix(data.test[0], donor=data.test[1])
        >>> mixed.node_origin.bincount().tolist()  # five of the explanation, and the donor's rest
        [5, 19]

    Source:
        arXiv:2606.05756, reconstructed from its abstract; details are ours, and `docs/method.md` lists them.
    """

    def __init__(
        self,
        model: nn.Module,
        config: HPMEConfig | None = None,
        *,
        model_config: ModelConfig | Mapping[str, Any] | None = None,
        output: Output | None = None,
        inputs: Inputs | None = None,
        transform: Callable[[Data], Data] | None = None,
        types: Types | None = None,
    ) -> None:
        self.question = asked(
            model, model_config=model_config, output=output, inputs=inputs, transform=transform, types=types
        )
        self.config = config or HPMEConfig()
        self.scorers: list[NodeScorer] = []
        self.path: list[Checkpoint] = []
        self.plateau: list[int] = []
        self.sizes: dict[Size, list[int]] = {}
        self.num_types = self.num_edge_types = 1
        self.target: int | None = None
        self.check: QuickCheck | None = None
        self._additive: bool | None = None  # it was not tried
        self.seen = scores.Remembered()

    @torch.inference_mode(False)  # whatever the caller has switched off, the scorer needs gradients
    @torch.enable_grad()
    def fit(
        self,
        graphs: Sequence[Data] | Data,
        progress: Progress | None = None,
        *,
        index: Index | None = None,
        val: Sequence[Data] | None = None,
        target: int | None = None,
        aim: Objective = score_function,
    ) -> Self:
        """Walks the capacity path.

        Args:
            graphs: Training graphs of all classes: a list, a `Batch` or a loader; labels are not asked. Or
                one graph, of a model of nodes.
            progress: Called as ``progress(step, steps, info)``; see `hpme.explainers.hpme.fitting.fit_path`.
            index: Nodes of that graph to fit on ``[B]``, or a mask of them; see `hpme.forward.node_graphs`.
            val: Graphs on which the size is chosen; default: the last tenth of `graphs`.
            target: Class whose evidence is sought in every graph; default: of each the predicted class.
            aim: What a step descends; only the ablations give another.

        Raises:
            ValueError: If there are fewer than four graphs, one does not fit the model, the model cannot be
                asked, or predicts the target for too few of them.
        """
        graphs = learnt_from(self.question, graphs, index, self.config.seed)
        val = None if val is None else checked(val)
        self.check = quick_check(self.question, graphs)
        graphs, val = last_tenth(graphs) if val is None else (graphs, val)
        train, held = self.question.pack(graphs), self.question.pack(val)
        self.num_types, self.num_edge_types = count_types(train), count_edge_types(train)
        with one_thread():
            fitted = fit_path(self.question, train, held, self.config, progress, aim, target)
        self.scorers, self.path, self.target = fitted.scorers, fitted.points, target
        self.choose_size(fitted.num_outputs)
        return self

    def choose_size(self, num_outputs: int) -> None:
        """Chooses the default and the named sizes by the `path` of a model with so many outputs."""
        classes = levels(num_outputs)
        self.plateau = default_size(self.path, classes, self.question.task.of_nodes)
        self.sizes = named_sizes(self.path, classes)

    @property
    def chosen(self) -> int:
        """Index into `path` of the plateau's middle checkpoint."""
        self._check_fitted()
        return self.plateau[len(self.plateau) // 2]

    def explain(
        self,
        graph: Data,
        target: int | None = None,
        checkpoint: int | None = None,
        *,
        index: int | None = None,
        size: Size | None = None,
    ) -> Explanation:
        """Explains the prediction on one graph, or on one node of it.

        Args:
            graph: Graph with `x` ``[N, F]`` and `edge_index` ``[2, E]``.
            index: Node of the graph, of a model of nodes: what is explained is the graph around it, see
                `hpme.forward.node_graphs`.
            target: Class to explain: the one that it was fitted for, else the predicted one.
            checkpoint: Point of the path to explain at; default: the plateau.
            size: Or ``"core"``, the smallest that still holds in mixed graphs, or ``"all"`` that counts: what
                is left out moves the output least. Each of core, default and all is a part of the next.

        Returns:
            Explanation with `node_mask` ``[N, 1]`` and `edge_mask` ``[E]`` (0 or 1), `node_score` ``[N]`` and
            `edge_score` ``[E]`` (a ranking, in ``[0, 1]``), `target` ``[1]``, and `capacity_bits`, a bound on
            the information in the hard subgraph. Of a node also `centre` and `node_number` ``[N]``: which
            nodes of the whole graph these are.

        Raises:
            NotFittedError: If the explainer is not fitted.
            ValueError: If the graph does not fit, it was not fitted for `target`, or the size is not known.
        """
        if index is not None:
            graph = node_graphs(self.question, one_graph(graph), as_integer(index))[0]
        explanation = self.explain_batch([checked_one(graph)], checkpoint, size=size)[0]
        if self.target is not None and target not in (None, self.target):
            raise ValueError(
                f"Expected the class {self.target} that this HPME was fitted for as target (got {target}); "
                f"fit another with fit(graphs, target={target})"
            )
        why = f"for another one fit an HPME with fit(graphs, target={target})"
        return only_predicted(explanation, target, why) if self.target is None else explanation

    def explain_batch(
        self,
        graphs: Sequence[Data] | Data,
        checkpoint: int | None = None,
        *,
        index: Index | None = None,
        size: Size | None = None,
    ) -> Sequence[Explanation]:
        """Explains many graphs in one pass, or many nodes of one graph; see `explain`.

        Explanations are made of `explain_packed` when they are asked for.
        """
        if index is not None:
            graphs = node_graphs(self.question, one_graph(graphs), index)
        graphs = checked(graphs)
        if not graphs:
            return []
        explained = self.explain_packed(self.question.pack(graphs), checkpoint, size=size)
        notes = self.question.notes(graphs[0]) if self.check is None else [*self.check.notes]
        notes += [ADDS_UP.format(name=self.question.name)] * self._adds_up(graphs[0])
        return Explanations(len(graphs), OneByOne(graphs, explained, self._types, notes))

    def explain_packed(
        self, graphs: Packed, checkpoint: int | None = None, *, size: Size | None = None
    ) -> Explained:
        """Explains graphs as ``question.pack`` packs them, without an object for any; see `explain`.

        The model is asked once where that is enough, see `hpme.forward.both`, and scorers about embeddings
        that were not seen before.
        """
        self._check_fitted()
        z, logits = embed_and_answer(self.question, graphs)
        score = self._scores(seen_of(z, graphs), graphs, checkpoint, size)
        logits = checked_answer(self.question, graphs, logits)
        return hard_explanations(graphs, score, logits, self.target, self._types)

    @property
    def _types(self) -> tuple[int, int]:
        return self.num_types, self.num_edge_types

    def _adds_up(self, graph: Data) -> bool:
        """Whether the model's numbers add up, tried on the first graph that is explained."""
        if self._additive is None:
            self._additive = adds_up(self.question, graph)
        return self._additive

    def _scores(self, z: Tensor, graphs: Packed, checkpoint: int | None, size: Size | None) -> Tensor:
        if self.scorers[0].mean.device != z.device:  # the model was moved, or the scorers come from a file
            self.scorers = [scorer.to(z.device) for scorer in self.scorers]
        at = scores.At(checkpoint, size, self.plateau, self.sizes)
        return pooling.always_kept(self.seen(self.scorers, z, at), graphs)

    def mix(
        self,
        graph: Data,
        donor: Data,
        seed: int = 0,
        checkpoint: int | None = None,
        size: Size | None = None,
    ) -> Data:
        """Puts a graph's explanation in the place of a donor's; see `hpme.method.mixup.mix_graphs`."""
        return self.mix_batch([graph], [donor], seed, checkpoint, size)[0]

    def mix_batch(
        self,
        graphs: Sequence[Data],
        donors: Sequence[Data],
        seed: int = 0,
        checkpoint: int | None = None,
        size: Size | None = None,
    ) -> list[Data]:
        """Mixes pairs of graphs and donors in one pass; see `hpme.method.mixup.mix_graphs`.

        Raises:
            ValueError: If one of them is no graph that fits the model, or the model reads positions.
        """
        both, half = [checked_one(graph) for graph in (*graphs, *donors)], len(graphs)
        packed = self.question.pack(both)
        if self.question.removal_only(packed):
            raise ValueError(
                f"Expected a model that does not read positions (got {self.question.name}); the parts of two "
                "graphs have no place in one space, so look at the subgraph alone"
            )
        keep = self.explain_packed(packed, checkpoint, size=size).keep
        keeps = packed.split_nodes(keep.to(both[0].edge_index.device))
        types = packed.node_attrs.get(OWN) if self.question.types else None
        return mixup.mix_graphs(both[:half], both[half:], keeps[:half], keeps[half:], seed, types)

    def save(self, path: Path) -> None:
        """Writes the fitted explainer, whole or not at all."""
        store.save(path, self._saved(), self.question)

    def to_bytes(self) -> bytes:
        """Returns the content of the file that `save` writes."""
        return store.to_content(self._saved(), self.question)

    def _saved(self) -> store.Saved:
        self._check_fitted()
        facts = self.plateau, self.sizes, self.num_types, self.num_edge_types, self.target
        return store.Saved(self.config, self.scorers, self.path, *facts, self.check)

    @classmethod
    def load(cls, dataset: str, arch: str | None = None, seed: int = 0, target: int | None = None) -> Self:
        """Loads the fitted explainer of a model: the user's own, else the shipped one.

        Args:
            dataset: Name of the dataset.
            arch: Name of the model; default: the one that `load_classifier` takes.
            seed: Seed of the fit.
            target: Class that it was fitted for; default: the predicted ones.

        Warns:
            YoursInUse: If the user's own is used instead of a shipped one.

        Raises:
            KeyError: If there is no such model or explainer.
        """
        arch = arch or default_classifier(dataset)
        return cls.load_file(store.fitted_path(dataset, arch, seed, target), load_classifier(dataset, arch))

    @classmethod
    def load_file(cls, path: Path, model: nn.Module) -> Self:
        """Loads a fitted explainer of a classifier.

        Raises:
            ValueError: If the file is damaged, or was fitted to another classifier.
        """
        return cls._of(store.load(path, model), model)

    @classmethod
    def from_bytes(cls, content: bytes, model: nn.Module, where: str = "in these bytes") -> Self:
        """Loads a fitted explainer of a classifier from the content of its file.

        Raises:
            ValueError: If it is damaged, or was fitted to another classifier.
        """
        return cls._of(store.from_content(content, model, where), model)

    @classmethod
    def _of(cls, saved: store.Saved, model: nn.Module) -> Self:
        explainer = cls(model, saved.config)
        explainer.scorers, explainer.path, explainer.num_types = saved.scorers, saved.path, saved.num_types
        explainer.plateau, explainer.sizes = saved.plateau, saved.sizes
        explainer.num_edge_types, explainer.target = saved.num_edge_types, saved.target
        explainer.check = saved.check
        return explainer

    def _check_fitted(self) -> None:
        if not self.path:
            raise NotFittedError("This HPME is not fitted; call fit(graphs), or HPME.load(dataset, model)")


HPME_SPEC = ExplainerSpec(
    name="hpme",
    title="HPME",
    hard=True,
    learns=True,
    one_pass=False,
    build=lambda model, seed: HPME(model, HPMEConfig(seed=seed)),
    source="https://arxiv.org/abs/2606.05756",
    reference=True,
)
