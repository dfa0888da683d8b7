"""How far the graphs around nodes reach for a model that somebody brings."""

from dataclasses import replace

import torch
from torch import nn

from hpme.datasets.spec import Dataset
from hpme.forward.around import GraphsAround
from hpme.forward.ask import graph_logits, same, whole_logits
from hpme.forward.node_graphs import fewest_hops
from hpme.forward.question import ask

TRIED = 64  # nodes


def same_around(dataset: Dataset, model: nn.Module) -> float:
    """Returns the share of test nodes of which a model predicts the same in their graph as in the whole.

    It is 1 where the graphs reach as far as the model sees and are not cut at their most nodes; and for a
    dataset of graphs. The first `TRIED` are tried.
    """
    test = dataset.test[:TRIED]
    if not isinstance(test, GraphsAround):
        return 1.0
    question = ask(model)
    around = torch.cat([graph_logits(question, question.pack([graph])) for graph in test])
    return float(same(around, whole_logits(question, test)).float().mean())


def reaching(dataset: Dataset, model: nn.Module) -> Dataset:
    """Returns a dataset whose graphs around nodes hold all that a model sees of the whole graph.

    Args:
        dataset: Any; one of graphs is returned as it is, and one whose graphs reach that far already.
        model: Model of nodes. The graphs around nodes grow until it answers about them as in the whole graph,
            see `hpme.forward.node_graphs`.

    Raises:
        ValueError: If nodes are predicted and the model says that it predicts graphs, or it answers otherwise
            than in the whole graph however far they reach.
    """
    train = dataset.train
    if not isinstance(train, GraphsAround):
        return dataset
    question = ask(model)
    if not question.task.of_nodes:
        raise ValueError(
            f"Expected a model of nodes for {dataset.spec.name}, whose nodes are predicted (got task_level "
            f"'graph' from {question.name}); say it in its attribute model_config"
        )
    parts = (train, dataset.val, dataset.test)
    nodes = torch.cat([part.nodes for part in parts if isinstance(part, GraphsAround)])
    hops = fewest_hops(question, train.packed, nodes, train.most)
    if hops <= train.hops:
        return dataset
    further = GraphsAround(train.whole, train.nodes, hops, train.most)
    val, test = (further.of(part.nodes) for part in parts[1:] if isinstance(part, GraphsAround))
    return replace(dataset, train=further, val=val, test=test)
