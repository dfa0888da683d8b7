"""Embeddings and answers of the same graphs from one pass of the model."""

from contextlib import suppress
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from hpme.forward.calling import called, evaluating
from hpme.forward.embedding import last_layers
from hpme.forward.hops import centre_rows
from hpme.forward.inputs import Signature, signature
from hpme.forward.packed import Packed
from hpme.forward.question import Question

NEAR = 1e-4  # of an answer: what is nearer is the same
# How a question's model reads its embeddings out; None where it was tried and gives other answers.
_READERS: WeakKeyDictionary[Question, Signature | None] = WeakKeyDictionary()


def embed_and_answer(question: Question, graphs: Packed) -> tuple[Tensor, Tensor]:
    """Returns what `Question.embed` and the question itself return, without gradient.

    One pass of the model gives both where hooks on its layers tell the embeddings, and where it has, beside
    `embed`, a method `read_out` that is given their result as `z`, and `batch` and `batch_size` if it takes
    them. Whether that gives the model's own answers is tried once. Any other model is asked twice.

    Args:
        question: The question to a model.
        graphs: ``B`` graphs with ``N`` nodes, as the question packs them.

    Returns:
        Embeddings ``[N, H]``, and logits ``[B, C]`` or numbers ``[B, 1]``.

    Raises:
        ValueError: If the graphs lack what the model takes, it fails, or returns another shape.
    """
    with torch.no_grad():
        if question.embeds is not None:
            return _read_out(question, graphs)
        said = list[Tensor]()
        if question.together and not question.task.of_nodes and graphs.size > 1:
            z = last_layers(question.model, lambda: said.append(question(graphs)), len(graphs.x))
            if z is not None:
                return z.to(graphs.device).float(), said[0].float()
        return question.embed(graphs).float(), (said[0] if said else question(graphs)).float()


def _read_out(question: Question, graphs: Packed) -> tuple[Tensor, Tensor]:
    z = question.embed(graphs)
    if question not in _READERS:
        own, rows = getattr(question.model, "read_out", None), question(graphs)
        _READERS[question] = None
        if callable(own) and question.transform is None:
            with suppress(ValueError):  # it is for something else
                takes = signature(own, f"{question.name}.read_out")
                if same_but_rounded(_rows(question, takes, z, graphs), rows):
                    _READERS[question] = takes
        return z.float(), rows.float()
    reader = _READERS[question]
    rows = question(graphs) if reader is None else _rows(question, reader, z, graphs)
    return z.float(), rows.float()


def _rows(question: Question, takes: Signature, z: Tensor, graphs: Packed) -> Tensor:
    """The answers that the model's `read_out` gives of its embeddings."""
    device = question.device or graphs.device
    here = replace(graphs, node_attrs={**graphs.node_attrs, "z": z}).to(device)
    args, kwargs = takes.arguments(here)
    read_out: Any = question.model.read_out
    size = len(graphs.x) if question.task.of_nodes else graphs.size
    with evaluating(question.model):
        rows = question.task.rows(called(read_out, args, kwargs, takes.owner), size).to(graphs.device)
    return centre_rows(rows, graphs) if question.task.of_nodes else rows


def same_but_rounded(rows: Tensor, originals: Tensor) -> bool:
    """Tells whether answers are the same but for rounding."""
    return rows.shape == originals.shape and torch.allclose(rows, originals, rtol=NEAR, atol=NEAR)
