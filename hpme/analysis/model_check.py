"""Can a model be explained? What it lacks, in plain words."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch_geometric.data import Data

from hpme.classifiers import is_reference, load_classifier, load_own, predict, score
from hpme.datasets import Dataset
from hpme.forward.ask import graph_logits, node_embedding
from hpme.forward.fingerprint import fingerprint
from hpme.forward.packed import pack
from hpme.seeding import generator

SAMPLE, SCORED = 8, 500  # graphs that are looked at, and those that accuracy is measured on
NEAR = 1e-4  # how far answers may differ that should be the same, of the largest one


@dataclass(frozen=True)
class Finding:
    """What came of one check."""

    check: str
    passed: bool
    told: str  # what was found, or what is wrong and what to do


@dataclass(frozen=True)
class _Look:
    """A model, and graphs that it is tried on."""

    model: nn.Module
    dataset: Dataset
    again: Callable[[], nn.Module]  # loads it a second time

    @property
    def graphs(self) -> list[Data]:
        return self.dataset.test[:SAMPLE]

    def ask(self, graphs: list[Data]) -> Tensor:
        """Outputs of a batch, as the model gives them."""
        packed = pack(graphs)
        with torch.no_grad():
            return self.model(packed.x, packed.edge_index, packed.batch)


def check_model(name: str, dataset: Dataset) -> list[Finding]:
    """Loads a model and tries it on a dataset's held-out graphs.

    Args:
        name: ``package.module:factory``, or the architecture of a shipped classifier.
        dataset: What the model is to be asked about.

    Returns:
        A finding for each check, in order; those that make no sense after an earlier one failed are left out.

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
    look = _Look(model, dataset, load)
    found = [Finding("loads", True, f"{type(model).__name__} with {_count(model):,} weights")]
    for check, (test, needed) in CHECKS.items():
        found.append(_finding(check, test, look))
        if needed and not found[-1].passed:
            break
    return found


def _finding(check: str, test: Callable[[_Look], str], look: _Look) -> Finding:
    try:
        return Finding(check, True, test(look))
    except ValueError as error:
        told = str(error)
    except Exception as error:  # foreign code can fail in any way
        told = f"{type(error).__name__}: {error}"
    return Finding(check, False, " ".join(told.split())[:300])


def _count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _called(look: _Look) -> str:
    given = pack(look.graphs)
    x, edge_index, batch = given.x.clone(), given.edge_index.clone(), given.batch
    try:
        with torch.no_grad():
            look.model(x, edge_index, batch)
    except TypeError as error:
        raise ValueError(f"it has to take x, edge_index and batch, in that order ({error})") from error
    if not all(map(torch.equal, (x, edge_index, batch), (given.x, given.edge_index, given.batch))):
        raise ValueError("it changes the graph that it is given; copy x before writing to it")
    return "takes x, edge_index and batch, and leaves them as they are"


def _shape(look: _Look) -> str:
    found, wanted = look.ask(look.graphs), [len(look.graphs), look.dataset.spec.num_outputs]
    got = list(found.shape) if isinstance(found, Tensor) else type(found).__name__
    columns = "one number" if look.dataset.spec.regression else "a column for each class"
    if got != wanted:
        raise ValueError(f"it has to return {wanted}, a row for each graph with {columns} (got {got})")
    return f"{got}, a row for each graph with {columns}"


def _finite(look: _Look) -> str:
    found = look.ask(look.graphs)
    if not found.isfinite().all():
        raise ValueError("its outputs hold NaN or infinity; return logits, not the logarithm of 0")
    return f"numbers from {found.min():.3g} to {found.max():.3g}"


def _repeats(look: _Look) -> str:
    if not _near(look.ask(look.graphs), look.ask(look.graphs)):
        raise ValueError(
            "it says something else when it is asked again; draw nothing and use dropout in training only"
        )
    return "the same answer when it is asked again"


def _reloads(look: _Look) -> str:
    if fingerprint(look.again()) != fingerprint(look.model):
        raise ValueError("loading it twice gives other weights; load trained weights, or set a seed")
    return "the same weights when it is loaded again"


def _alone(look: _Look) -> str:
    alone = torch.cat([look.ask([graph]) for graph in look.graphs])
    if not _near(alone, look.ask(look.graphs)):
        raise ValueError("a graph gets another answer in a batch than alone; pool by 'batch', call eval()")
    return "a graph gets the same answer alone and in a batch"


def _renumbered(look: _Look) -> str:
    others = []
    for graph in look.graphs:
        order = torch.randperm(graph.num_nodes, generator=generator(0))
        others.append(Data(x=graph.x[order], edge_index=order.argsort()[graph.edge_index]))
    if not _near(look.ask(others), look.ask(look.graphs)):
        raise ValueError("its answer depends on how the nodes are numbered; pool by sum, mean or maximum")
    return "the same answer however the nodes are numbered"


def _parts(look: _Look) -> str:
    bare = [Data(x=graph.x[:1], edge_index=graph.edge_index[:, :0]) for graph in look.graphs]
    if not graph_logits(look.model, pack(bare)).isfinite().all():
        raise ValueError("a single node gives NaN or infinity; the smallest explanations are that small")
    return "answers for single nodes without edges, too"


def _embeds(look: _Look) -> str:
    found = node_embedding(look.model, pack(look.graphs))
    if not found.isfinite().all():
        raise ValueError("its node embeddings hold NaN or infinity")
    where = "'embed'" if hasattr(look.model, "embed") else "the last message-passing layer"
    return f"{where} gives {found.size(1)} numbers for each node"


def _travels(look: _Look) -> str:
    try:
        copies = copy.deepcopy(look.model), pickle.loads(pickle.dumps(look.model))
    except Exception as error:
        raise ValueError(
            f"it cannot be sent to another process ({error}); define its class at the top of a module"
        ) from error
    expected = look.ask(look.graphs)
    if not all(_near(_Look(other, look.dataset, look.again).ask(look.graphs), expected) for other in copies):
        raise ValueError("a copy of it says something else; keep all that it knows in its attributes")
    return "can be copied and sent to another process"


def _score(look: _Look) -> str:
    graphs = look.dataset.test[:SCORED]
    reached = score(look.model, graphs)
    if look.dataset.spec.regression:
        return f"R² {reached:.3f} on {len(graphs)} held-out graphs; always saying the mean has 0"
    floor = int(torch.cat([graph.y for graph in graphs]).bincount().max()) / len(graphs)
    said = len(predict(look.model, graphs).argmax(-1).unique())
    classes = ", ".join(look.dataset.spec.classes)
    hint = "" if reached > floor else f"; are its columns in the order {classes}?"
    return (
        f"right on {reached:.1%} of {len(graphs)} held-out graphs, for which it says {said} of "
        f"{len(look.dataset.spec.classes)} classes; always saying the commonest is right on {floor:.1%}{hint}"
    )


def _near(found: Tensor, expected: Tensor) -> bool:
    return bool((found - expected).abs().max() <= NEAR * max(1.0, float(expected.abs().max())))


# What is looked at, in order, and whether what follows needs it.
CHECKS: dict[str, tuple[Callable[[_Look], str], bool]] = {
    "is called": (_called, True),
    "output": (_shape, True),
    "finite": (_finite, True),
    "repeats itself": (_repeats, False),
    "loads the same": (_reloads, False),
    "alone or in a batch": (_alone, False),
    "order of nodes": (_renumbered, False),
    "small parts": (_parts, False),
    "node embeddings": (_embeds, False),
    "travels": (_travels, False),
    "held-out graphs": (_score, False),
}
