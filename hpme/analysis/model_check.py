"""Checks whether a model can be explained, each with a message in plain words."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.classifiers import is_reference, load_classifier, load_own, predict, score
from hpme.datasets import Dataset
from hpme.datasets.reach import reaching
from hpme.explainers.quick_check import probabilities, same_as_model
from hpme.forward.around import GraphsAround, labels_of
from hpme.forward.ask import graph_logits, node_embedding
from hpme.forward.company import nearly_equal
from hpme.forward.embedding import message_passing
from hpme.forward.fingerprint import fingerprint
from hpme.forward.hops import CENTRE, has_centre
from hpme.forward.question import Question, ask
from hpme.seeding import generator

SAMPLE, SCORED = 8, 500  # graphs to try the model on, and to measure its accuracy on


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    check: str
    passed: bool
    message: str  # what was found, or what is wrong and what to do


@dataclass(frozen=True, eq=False)
class _Trial:
    """A model, and a dataset whose test graphs it is tried on."""

    model: nn.Module
    dataset: Dataset
    reload: Callable[[], nn.Module]  # loads it a second time

    @property
    def graphs(self) -> list[Data]:
        return [*self.dataset.test[:SAMPLE]]

    @cached_property
    def question(self) -> Question:
        return ask(self.model)

    def ask(self, graphs: list[Data]) -> Tensor:
        """Outputs of a batch, as logits or numbers."""
        return graph_logits(self.question, self.question.pack(graphs))


def check_model(name: str, dataset: Dataset) -> list[Finding]:
    """Results of all checks of a model on a dataset's test graphs.

    Args:
        name: ``package.module:factory``, or the architecture of a shipped classifier.
        dataset: Dataset whose graphs the model takes.

    Returns:
        A finding for each check, in order; checks that need an earlier one that failed are left out.

    Example:
        >>> from hpme import load_dataset
        >>> findings = check_model("gin", load_dataset("ba-2motifs"))
        >>> [finding.check for finding in findings if not finding.passed]
        []
    """

    def load() -> nn.Module:
        return load_own(name) if is_reference(name) else load_classifier(dataset.spec.name, name)

    try:
        model = load()
    except (ValueError, KeyError) as error:
        return [Finding("loads", False, error.args[0])]
    trial = _Trial(model, dataset, load)
    findings = [Finding("loads", True, f"{type(model).__name__} with {_count(model):,} weights")]
    if dataset.spec.of_nodes:
        findings.append(_finding("reach", _reach, trial))
        if not findings[-1].passed:
            return findings
        trial = _Trial(model, reaching(dataset, model), load)
    for check, (test, needed) in CHECKS.items():
        findings.append(_finding(check, test, trial))
        if needed and not findings[-1].passed:
            break
    return findings


def _finding(check: str, test: Callable[[_Trial], str], trial: _Trial) -> Finding:
    try:
        return Finding(check, True, test(trial))
    except ValueError as error:
        message = str(error)
    except Exception as error:  # foreign code can fail in any way
        message = f"{type(error).__name__}: {error}"
    return Finding(check, False, " ".join(message.split())[:300])


def _count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _reach(trial: _Trial) -> str:
    train = reaching(trial.dataset, trial.model).train
    hops = train.hops if isinstance(train, GraphsAround) else 0
    return f"answers about a node as in the whole graph when it is given what is up to {hops} steps away"


def _called(trial: _Trial) -> str:
    graph_logits(trial.question, trial.question.pack(trial.graphs))
    takes = "a Batch" if trial.question.takes.whole else ", ".join(sorted(trial.question.takes.keys))
    return f"takes {takes}, and leaves them as they are"


def _shape(trial: _Trial) -> str:
    output, wanted = trial.ask(trial.graphs), [len(trial.graphs), trial.dataset.spec.num_outputs]
    got = list(output.shape) if isinstance(output, Tensor) else type(output).__name__
    item = trial.dataset.spec.item
    columns = "one number" if trial.dataset.spec.regression else "a column for each class"
    if got != wanted:
        raise ValueError(f"it has to return {wanted}, a row for each {item} with {columns} (got {got})")
    return f"{got}, a row for each {item} with {columns}"


def _same(trial: _Trial) -> str:
    share = same_as_model(trial.question, trial.graphs, trial.ask(trial.graphs))
    if share is None:
        raise ValueError("it cannot be called on one graph alone; let its forward work for a batch of one")
    if share < 1:
        raise ValueError(
            f"for {1 - share:.0%} of graphs it gives another answer here than when it is called on a graph "
            "alone; pool by 'batch', and let nothing else depend on the batch"
        )
    return "gives the answers that it gives when it is called on a graph alone (same_as_model 1.0)"


def _attributes(trial: _Trial) -> str:
    notes = trial.question.notes(trial.graphs[0])
    return " ".join(notes) or "takes all that the graphs have"


def _task(trial: _Trial) -> str:
    config = trial.question.task.config
    if config is not None:
        return f"says that it is a {config.mode.value}, with outputs that are {config.return_type.value}"
    if probabilities(trial.ask(trial.graphs)):
        return (
            "its outputs look like probabilities and are read as logits; if they are, give it an attribute "
            "model_config = dict(mode='multiclass_classification', return_type='probs')"
        )
    return "its outputs are read as logits of classes, as it says nothing else in an attribute model_config"


def _finite(trial: _Trial) -> str:
    output = trial.ask(trial.graphs)
    if not output.isfinite().all():
        raise ValueError("its outputs hold NaN or infinity; return logits, not the logarithm of 0")
    return f"numbers from {output.min():.3g} to {output.max():.3g}"


def _repeats(trial: _Trial) -> str:
    if not nearly_equal(trial.ask(trial.graphs), trial.ask(trial.graphs)):
        raise ValueError(
            "it gives different outputs when it is called again; draw no random numbers, and use dropout "
            "only in training"
        )
    return "gives the same output when it is called again"


def _reloads(trial: _Trial) -> str:
    if fingerprint(trial.reload()) != fingerprint(trial.model):
        raise ValueError("loading it twice gives different weights; load trained weights, or set a seed")
    return "has the same weights when it is loaded again"


def _alone(trial: _Trial) -> str:
    alone = torch.cat([trial.ask([graph]) for graph in trial.graphs])
    if trial.question.apart or not nearly_equal(alone, trial.ask(trial.graphs)):
        raise ValueError(
            "a graph gets a different output in a batch than alone; pool by 'batch', and call eval()"
        )
    return "gives a graph the same output alone and in a batch"


def _renumbered(trial: _Trial) -> str:
    others = []
    for graph in trial.graphs:
        order = torch.randperm(graph.num_nodes, generator=generator(0))
        others.append(graph.subgraph(order))
    if not nearly_equal(trial.ask(others), trial.ask(trial.graphs)):
        raise ValueError("its output depends on the order of the nodes; pool by sum, mean or maximum")
    return "gives the same output for any order of the nodes"


def _parts(trial: _Trial) -> str:
    bare = [graph.subgraph(_one_node(graph)) for graph in trial.graphs]
    if not trial.ask(bare).isfinite().all():
        raise ValueError(
            "its output for a single node is NaN or infinity; the smallest explanations are that small"
        )
    return "works for single nodes without edges"


def _one_node(graph: Data) -> Tensor:
    """The first node of a graph, or that which it is around."""
    return graph[CENTRE].view(-1).nonzero().view(-1) if has_centre(graph) else torch.tensor([0])


def _embeds(trial: _Trial) -> str:
    embedding = node_embedding(trial.question, trial.question.pack(trial.graphs))
    if not embedding.isfinite().all():
        raise ValueError("its node embeddings hold NaN or infinity")
    where = (
        "the last message-passing layer" if message_passing(trial.question.model) else "a sum of neighbours"
    )
    if trial.question.embeds is not None:
        where = "'embed'"
    return f"{where} gives {embedding.size(1)} numbers for each node"


def _copies(trial: _Trial) -> str:
    try:
        copies = copy.deepcopy(trial.model), pickle.loads(pickle.dumps(trial.model))
    except Exception as error:
        raise ValueError(
            f"it cannot be sent to another process ({error}); define its class at the top level of a module"
        ) from error
    expected = trial.ask(trial.graphs)
    if not all(
        nearly_equal(_Trial(other, trial.dataset, trial.reload).ask(trial.graphs), expected)
        for other in copies
    ):
        raise ValueError("a copy of it gives different outputs; keep its whole state in attributes")
    return "can be copied and sent to another process"


def _score(trial: _Trial) -> str:
    graphs, items = trial.dataset.test[:SCORED], f"test {trial.dataset.spec.item}s"
    reached = score(trial.model, graphs)
    if trial.dataset.spec.regression:
        return f"R² {reached:.3f} on {len(graphs)} {items}; always predicting the mean has 0"
    floor = int(labels_of(graphs).bincount().max()) / len(graphs)
    predicted = len(predict(trial.model, graphs).argmax(-1).unique())
    classes = ", ".join(trial.dataset.spec.classes)
    hint = "" if reached > floor else f"; are its columns in the order {classes}?"
    return (
        f"accuracy {reached:.1%} on {len(graphs)} {items}, for which it predicts {predicted} of "
        f"{len(trial.dataset.spec.classes)} classes; always predicting the most common has {floor:.1%}{hint}"
    )


# The checks in order, and whether those that follow need it to pass.
CHECKS: dict[str, tuple[Callable[[_Trial], str], bool]] = {
    "call": (_called, True),
    "same as the model": (_same, False),
    "output": (_shape, True),
    "attributes": (_attributes, False),
    "task": (_task, False),
    "finite": (_finite, True),
    "repeatable": (_repeats, False),
    "reloads": (_reloads, False),
    "alone or in a batch": (_alone, False),
    "order of nodes": (_renumbered, False),
    "small parts": (_parts, False),
    "node embeddings": (_embeds, False),
    "copies": (_copies, False),
    "test graphs": (_score, False),
}
