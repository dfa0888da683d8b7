"""Tasks: what the numbers that a model returns mean."""

from collections import namedtuple
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch_geometric import nn as g

from tests.forward.models.case import (
    Case,
    classes,
    graphs,
    logit,
    number,
    plain,
    probabilities,
    probability,
)
from tests.forward.models.nets import Plain

BINARY = {"model_config": {"mode": "binary_classification"}}
REGRESSION = {"model_config": {"mode": "regression"}}
MULTICLASS = {"model_config": {"mode": "multiclass_classification"}}


def _returning(change, out: int = 2) -> type[Plain]:
    """A network whose output is changed before it is returned."""

    class Changed(Plain):
        def __init__(self) -> None:
            super().__init__(out=out)

        def forward(self, x, edge_index, batch=None):
            return change(super().forward(x, edge_index, batch))

    return Changed


def _probs(**mode) -> dict:
    return {"model_config": {**mode, "return_type": "probs"}}


@dataclass
class _Result:
    logits: Tensor
    loss: None = None


_Pair = namedtuple("_Pair", "logits hidden")


def _pick(change):
    """How its owner takes the prediction out of what the model returns."""
    return lambda model, graph: change(plain(model, graph))


class _PerNode(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = g.GCNConv(4, 2)

    def forward(self, x, edge_index, batch=None):
        return self.conv(x, edge_index)


class _PerNodeAlone(_PerNode):
    def forward(self, x, edge_index):
        return self.conv(x, edge_index)[:, 0]


class _Links(_PerNode):
    def forward(self, x, edge_index, edge_label_index):
        z = self.conv(x, edge_index)
        return (z[edge_label_index[0]] * z[edge_label_index[1]]).sum(1)


def _twelve_labels() -> list:
    many = graphs()()
    for graph in many:
        graph.y = torch.rand(1, 12).round()
    return many


def _three_numbers() -> list:
    many = graphs()()
    for graph in many:
        graph.y = torch.rand(1, 3)
    return many


def _same_size() -> list:
    return [graph for graph in graphs()() if graph.num_nodes == 8] * 4


def _case(id_: str, title: str, change=lambda rows: rows, out: int = 2, **more) -> Case:
    more.setdefault("graphs", graphs())
    return Case(id_, "tasks", title, _returning(change, out), **more)


def _two_heads(rows: Tensor) -> dict:
    return {"toxic": rows[:, :2], "size": rows[:, 2:]}


TASKS = [
    _case("T1a", "one logit, without saying so", out=1, refused="^Expected a task for the one output"),
    _case(
        "T1b",
        "one logit of a binary classifier",
        out=1,
        settings=BINARY,
        answer=logit,
        lines='HPME(model, model_config=dict(mode="binary_classification"))',
    ),
    _case(
        "T2a",
        "one logit, squeezed to `[graphs]`",
        lambda rows: rows.view(-1),
        out=1,
        settings=BINARY,
        answer=logit,
    ),
    _case(
        "T2b",
        "one logit, squeezed, without saying so",
        lambda rows: rows.view(-1),
        out=1,
        refused=r"^Expected logits \[\d+, C\] of \d+ graphs .*say model_config",
    ),
    _case(
        "T3a",
        "twelve tasks (multi-label), labels of twelve, without saying so",
        out=12,
        graphs=_twelve_labels,
        refused="^Expected a task for Changed, as the labels have 12 values",
    ),
    _case(
        "T3b",
        "one task of twelve",
        out=12,
        graphs=_twelve_labels,
        settings={**BINARY, "output": 3},
        answer=lambda rows: logit(rows[0, 3]),
        lines='HPME(model, model_config=dict(mode="binary_classification"), output=3)',
    ),
    _case(
        "T3c",
        "twelve sigmoids, one of them",
        torch.sigmoid,
        out=12,
        graphs=_twelve_labels,
        settings={**_probs(mode="binary_classification"), "output": 3},
        answer=lambda rows: probability(rows[0, 3]),
    ),
    _case(
        "T3d",
        "a task of twelve that is not there",
        out=12,
        settings={**BINARY, "output": 12},
        refused=r"^Expected output in \[0, 11\] \(got 12\)",
    ),
    _case(
        "T4a",
        "three numbers to predict, without saying so",
        out=3,
        graphs=_three_numbers,
        refused="^Expected a task for Changed, as the labels have 3 values",
    ),
    _case(
        "T4b",
        "one of three numbers to predict",
        out=3,
        graphs=_three_numbers,
        settings={**REGRESSION, "output": 2},
        answer=lambda rows: number(rows[0, 2]),
        notes=("add up",),
        lines='HPME(model, model_config=dict(mode="regression"), output=2)',
    ),
    _case(
        "T4c",
        "three numbers, but not which",
        out=3,
        settings=REGRESSION,
        refused="^Expected one output for mode 'regression' .got 3 from Changed.; say with output=",
    ),
    _case("T8a", "log_softmax", lambda rows: rows.log_softmax(-1)),
    _case(
        "T8b",
        "softmax, said",
        lambda rows: rows.softmax(-1),
        answer=probabilities,
        settings=_probs(mode="multiclass_classification"),
        lines='HPME(model, model_config=dict(mode="multiclass_classification", return_type="probs"))',
    ),
    _case("T8c", "softmax, not said", lambda rows: rows.softmax(-1), notes=("look like probabilities",)),
    _case(
        "N84",
        "several sigmoids, called probabilities of classes",
        torch.sigmoid,
        answer=probabilities,
        settings=_probs(mode="multiclass_classification"),
        notes=("do not sum to 1",),
    ),
    _case(
        "T8d",
        "one sigmoid, said",
        torch.sigmoid,
        out=1,
        settings=_probs(mode="binary_classification"),
        answer=probability,
        lines='HPME(model, model_config=dict(mode="binary_classification", return_type="probs"))',
    ),
    _case(
        "N26",
        "one sigmoid, called a logit",
        torch.sigmoid,
        out=1,
        settings=BINARY,
        answer=logit,
        notes=("look like probabilities",),
    ),
    _case(
        "N27",
        "logits, called probabilities",
        settings=_probs(mode="multiclass_classification"),
        refused="^Expected probabilities",
    ),
    _case(
        "N28",
        "one logit, called a probability",
        out=1,
        settings=_probs(mode="binary_classification"),
        refused="^Expected probabilities",
    ),
    _case(
        "T9a",
        "a dictionary",
        lambda rows: {"logits": rows, "loss": None},
        settings={"output": "logits"},
        call=_pick(lambda out: out["logits"]),
        lines='HPME(model, output="logits")',
    ),
    _case(
        "T9b",
        "a dictionary, without saying which",
        lambda rows: {"logits": rows},
        refused="^Expected logits .*say with output= which part",
    ),
    _case(
        "T9c",
        "a tuple",
        lambda rows: (rows, rows * 0),
        settings={"output": lambda out: out[0]},
        call=_pick(lambda out: out[0]),
        lines="HPME(model, output=lambda out: out[0])",
    ),
    _case(
        "T9d",
        "a tuple, without saying which",
        lambda rows: (rows, rows * 0),
        refused="^Expected logits .*say with output= which part",
    ),
    _case(
        "N29",
        "a named tuple",
        lambda rows: _Pair(rows, rows * 0),
        settings={"output": "logits"},
        call=_pick(lambda out: out.logits),
    ),
    _case("N30", "a dataclass", _Result, settings={"output": "logits"}, call=_pick(lambda out: out.logits)),
    _case(
        "N31",
        "a key that is not there",
        lambda rows: {"logits": rows},
        settings={"output": "scores"},
        refused="^Expected 'scores' in what Changed returns .got logits.",
    ),
    _case(
        "N32a",
        "several heads: a class",
        _two_heads,
        out=3,
        settings={"output": "toxic"},
        call=_pick(lambda out: out["toxic"]),
    ),
    _case(
        "N32b",
        "several heads: a number",
        _two_heads,
        out=3,
        settings={**REGRESSION, "output": "size"},
        call=_pick(lambda out: out["size"]),
        answer=number,
        notes=("add up",),
        lines='HPME(model, model_config=dict(mode="regression"), output="size")',
    ),
    _case(
        "N33",
        "four tasks of three classes, `[graphs, tasks, classes]`",
        lambda rows: rows.view(-1, 4, 3),
        out=12,
        settings={**MULTICLASS, "output": 1},
        answer=lambda rows: classes(rows[0, 1]),
        lines='HPME(model, model_config=dict(mode="multiclass_classification"), output=1)',
    ),
    _case(
        "N34",
        "two logits, called binary",
        settings=BINARY,
        refused="^Expected one output for mode 'binary_classification' .*'multiclass_classification'",
    ),
    _case("N35", "squeezed whatever it is", torch.squeeze),
    _case(
        "N36",
        "not a number",
        lambda rows: rows * torch.nan,
        refused="^Expected numbers from Changed .got nan for ",
    ),
    _case(
        "T12a",
        "one number to predict",
        out=1,
        settings=REGRESSION,
        answer=number,
        notes=("add up",),
        lines='HPME(model, model_config=dict(mode="regression"))',
    ),
    _case(
        "T12b",
        "one number to predict, squeezed",
        lambda rows: rows.squeeze(),
        out=1,
        settings=REGRESSION,
        answer=number,
        notes=("add up",),
    ),
    Case(
        "D10a",
        "tasks",
        "a class for each node",
        _PerNode,
        graphs(),
        refused=r"^Expected logits \[\d+, C\] of \d+ graphs from _PerNode",
    ),
    Case(
        "D10b",
        "tasks",
        "a class for each node, said",
        _PerNode,
        graphs(),
        {"model_config": {"mode": "multiclass_classification", "task_level": "node"}},
        refused="^Expected graphs around one node each, which 'centre' marks",
    ),
    Case(
        "N37a",
        "tasks",
        "a number for each node, without a batch vector",
        _PerNodeAlone,
        graphs(),
        refused="^Expected logits",
    ),
    Case(
        "N37b",
        "tasks",
        "the same, all graphs of one size",
        _PerNodeAlone,
        _same_size,
        refused="^Expected logits",
    ),
    Case(
        "D11",
        "tasks",
        "links",
        _Links,
        graphs(),
        refused="^Expected graphs with 'edge_label_index', which _Links.forward takes",
    ),
]
