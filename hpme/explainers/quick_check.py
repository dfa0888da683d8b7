"""What is checked of a model each time that an explainer is fitted to it, in a few forward passes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch_geometric.data import Batch, Data
from torch_geometric.explain.config import ModelMode

from hpme.forward.ask import answer, graph_logits, node_embedding
from hpme.forward.calling import evaluating
from hpme.forward.company import NEARLY, nearly_equal
from hpme.forward.hops import CENTRE
from hpme.forward.inputs import LABEL, split_arguments
from hpme.forward.packed import Packed, at
from hpme.forward.question import Question
from hpme.seeding import generator

IN_HALF = 2e-2  # and in half precision
ROUNDED = 1e-2  # how far probabilities may be from a sum of 1
FEW = 3  # other nodes, of which every one may be joined to the last by chance
ENCODING = re.compile(r"(^|_)(pe|rwpe|rwse|lappe|lap|eigvecs|eigenvectors?)(_|$)")  # in names of attributes
SAMPLE = 8  # graphs that the model is tried on


@dataclass(frozen=True)
class QuickCheck:
    """What was found."""

    same_as_model: float | None  # share of graphs that the model itself answers alike; None: cannot be called
    notes: list[str]  # sentences that every result should carry


def quick_check(question: Question, graphs: Sequence[Data]) -> QuickCheck:
    """Returns what is noticed about a model on some of the graphs that it is to be explained on.

    Args:
        question: The question to the model.
        graphs: Graphs; the first few are tried.

    Raises:
        ValueError: If the model cannot be asked about them.
    """
    sample = list(graphs[:SAMPLE])
    packed = question.pack(sample)
    answers = answer(question, packed)
    question.removal_only(packed)  # tried on all of them, where it has to be tried
    share = same_as_model(question, sample, answers)
    found = [*question.notes(sample[0]), *_task_notes(question, sample, answers)]
    if share is None:
        found.append(
            f"{question.name} could not be called on one graph alone, so it is not known whether it gives "
            "the same answers there as here."
        )
    elif share < 1:
        found.append(
            f"Asked here, {question.name} gives the same answer as when it is called on one graph alone for "
            f"only {share:.0%} of graphs: the explanations may not be of the model that you know."
        )
    found += _mixing_notes(question, packed)
    if question.apart:
        found.append(
            f"What {question.name} answers about a graph depends on what else is in the batch: it is asked "
            "about one graph at a time, which takes longer."
        )
    if not nearly_equal(answers, graph_logits(question, packed)):
        found.append(f"{question.name} gives another answer when it is asked again: it draws random numbers.")
    elif not nearly_equal(node_embedding(question, packed), _embedded_alone(question, packed)):
        found.append(
            f"The node embeddings of {question.name} depend on what else is in the batch: an explanation may "
            "change with the graphs that are explained beside it."
        )
    elif not _in_any_order(question, packed, answers):
        found.append(
            f"The answers of {question.name} depend on the order of the nodes, which means nothing in mixed "
            "graphs."
        )
    return QuickCheck(share, found)


def same_as_model(question: Question, graphs: Sequence[Data], answers: Tensor) -> float | None:
    """Returns the share of graphs for which the user's own call of the model gives the same answer.

    The model is called here as a user would call it: one graph at a time, by its signature, or with what
    `inputs` returns. The same is the same class and, of the numbers, within `NEARLY` of their size.

    Args:
        question: The question to the model.
        graphs: ``G`` graphs.
        answers: What the question answers of them ``[G, C]``.

    Returns:
        A share; None if the model cannot be called so.
    """
    own = []
    for graph in graphs:
        try:
            with evaluating(question.model), torch.no_grad():
                returned = _own_call(question, graph)
            of_nodes = question.task.of_nodes
            rows = question.task.rows(returned, graph.num_nodes if of_nodes else 1, alone=not of_nodes)
            rows = rows[graph[CENTRE].bool().view(-1).to(rows.device)] if of_nodes else rows
            own.append(rows.float().to(answers.device))
        except Exception:  # foreign code can fail in any way; the question has had its answer
            return None
    rows = torch.cat(own)
    gap = (rows - answers).abs().amax(1) <= NEARLY * answers.abs().amax(1).clamp(min=1)
    alike = rows.argmax(1) == answers.argmax(1)
    return float((gap & alike).float().mean())


def _own_call(question: Question, graph: Data) -> Any:
    """What a model returns for one graph, called by the names of its parameters."""
    alone = Batch.from_data_list([graph if question.transform is None else question.transform(graph.clone())])
    if question.device is not None:
        alone = alone.to(question.device)
    model, inputs = question.model, question.inputs
    if callable(inputs):
        args, kwargs = split_arguments(inputs(alone))
        return model(*args, **kwargs)
    if question.takes.whole:
        return model(alone)
    names = dict(inputs or {})
    values = {p.name: names.get(p.name, p.key) for p in question.takes.parameters if p.key != LABEL}
    counts = {"batch_size": 1, "num_nodes": alone.num_nodes}
    given = {name: alone[key] if key in alone else counts.get(key) for name, key in values.items()}
    given = {name: value for name, value in given.items() if value is not None}
    places = [p.name for p in question.takes.parameters if p.by_place and p.name in given]
    args = [given.pop(name) for name in places]
    return model(*args, **given)


def _in_any_order(question: Question, graphs: Packed, answers: Tensor) -> bool:
    """Tells whether a model answers alike where the nodes of each graph are numbered otherwise."""
    order = torch.randperm(len(graphs.x), generator=generator(0)).to(graphs.device)
    order = order[graphs.batch[order].argsort(stable=True)]
    place = torch.empty_like(order)
    place[order] = torch.arange(len(order), device=graphs.device)
    moved = at(graphs.node_attrs, order)
    others = replace(graphs, x=graphs.x[order], edge_index=place[graphs.edge_index], node_attrs=moved)
    try:
        return nearly_equal(graph_logits(question, others), answers, _rounding(question))
    except ValueError:
        return False


def _rounding(question: Question) -> float:
    """What sums in another order may differ by, relative to the largest."""
    first = next(question.model.parameters(), None)
    return NEARLY if first is None or first.dtype.itemsize > 2 else IN_HALF


def _mixing_notes(question: Question, graphs: Packed) -> list[str]:
    """What is wrong in mixed graphs with what was computed of whole graphs, or added to them."""
    if question.transform is not None or question.task.of_nodes:
        return []
    notes = [
        f"'{name}' looks like an encoding of a node's place in its graph: in mixed graphs a node has that of "
        "the graph that it comes from; say transform= and give graphs without it to have it made anew."
        for name in graphs.node_attrs
        if ENCODING.search(name.lower())
    ]
    if "fixed" not in graphs.node_attrs and all(map(_has_hub, graphs.to_data_list())):
        notes.append(
            "The last node of each graph is joined to all others, as a virtual node is, but may go as any "
            "other; mark it by an attribute 'fixed', bool [nodes], or say transform= and omit it in graphs."
        )
    return notes


def _has_hub(graph: Data) -> bool:
    start, end = graph.edge_index
    last = graph.num_nodes - 1
    return last >= FEW and len(end[(start == last) & (end != last)].unique()) == last


def _task_notes(question: Question, graphs: Sequence[Data], answers: Tensor) -> list[str]:
    notes, labels = [], [graph.get("y") for graph in graphs]
    columns = answers.size(1)
    if question.task.config is None:
        numbers = [y for y in labels if isinstance(y, Tensor)]
        if any(y.numel() == columns > 1 for y in numbers):
            raise ValueError(
                f"Expected a task for {question.name}, as the labels have {columns} values a graph (got "
                "none); say model_config=dict(mode='binary_classification') or 'regression', and with "
                "output= which of them to explain"
            )
        if not numbers or any(y.is_floating_point() for y in numbers):
            notes.append(
                f"The {columns} outputs of {question.name} are read as logits of classes, of which one is "
                "right; if they are something else, say so in model_config and output."
            )
    mode = question.task.mode or ModelMode.multiclass_classification
    if question.task.raw and mode is not ModelMode.regression and probabilities(answers, mode):
        notes.append(
            f"The outputs of {question.name} look like probabilities, but are read as logits; say "
            f"model_config=dict(mode='{mode.value}', return_type='probs')."
        )
    if not question.task.raw and mode is ModelMode.multiclass_classification:
        total = answers.exp().sum(1)
        if bool(((total - 1).abs() > ROUNDED).any()):
            notes.append(
                f"The probabilities of {question.name} do not sum to 1 (but to {float(total.min()):.2f} to "
                f"{float(total.max()):.2f}), and are read as shares of it; if each is a task of its own, say "
                "mode='binary_classification' and output=."
            )
    if question.model.training:
        notes.append(f"{question.name} was in training mode; it is asked in evaluation mode.")
    return notes


def probabilities(answers: Tensor, mode: ModelMode = ModelMode.multiclass_classification) -> bool:
    """Tells whether rows are not negative and sum to 1; of a binary task, whether they are in [0, 1]."""
    if mode is ModelMode.binary_classification:
        return bool(((answers >= 0) & (answers <= 1)).all())
    return bool((answers >= 0).all() and ((answers.sum(1) - 1).abs() <= NEARLY).all())


def _embedded_alone(question: Question, graphs: Packed) -> Tensor:
    ids = torch.arange(graphs.size, device=graphs.device)
    return torch.cat([node_embedding(question, graphs.take(i)[0]) for i in ids.split(1)])
