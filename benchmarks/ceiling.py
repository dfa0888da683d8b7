"""Measures how much of the ground truth can be read off a model's embeddings of single nodes.

python -m benchmarks.ceiling [--datasets a,b] [--model gin] [--json]

A probe, a small network, learns the ground truth of the training graphs from the frozen node embeddings, and
is measured on the held-out graphs of `hpme bench`. One probe scores nodes, and ranks an edge by its lower end
as HPME does; another scores edges. No explainer that scores nodes or edges by these embeddings is expected to
rank or cut much better. The probe sees the ground truth, as no explainer may; no setting was chosen by it.
"""

import warnings
from typing import Annotated, Any

import torch
import typer
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn

from hpme import checks
from hpme.benchmark import held_out
from hpme.classifiers import load_classifier
from hpme.datasets import DATASETS, EMBEDDED, load_built_in
from hpme.forward.ask import node_embedding
from hpme.forward.packed import Packed, pack
from hpme.method.pooling import edge_score
from hpme.metrics.evaluate import mean
from hpme.metrics.ground_truth import edge_auc, has_ground_truth, node_iou
from hpme.shell.terminal import bar, print_table

TAUGHT = 800  # training graphs with a ground truth, at most


def probe(features: Tensor, truth: Tensor) -> Pipeline:
    """Returns a network with one hidden layer, fitted to ``truth`` ``[N]`` from ``features`` ``[N, F]``."""
    network = MLPClassifier((64,), early_stopping=True, max_iter=40, n_iter_no_change=40, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # forty rounds are enough for these few weights
        return make_pipeline(StandardScaler(), network).fit(features.numpy(), truth.numpy())


def chance(taught: Pipeline, features: Tensor) -> Tensor:
    """Returns the chance ``[N]`` that each row is true, as a probe estimates it."""
    return torch.from_numpy(taught.predict_proba(features.numpy())[:, 1])


def both_ends(graphs: Packed, z: Tensor) -> Tensor:
    """Returns features of each edge that do not depend on its direction, ``[E, 3H]``."""
    start, end = z[graphs.edge_index]
    return torch.cat([start + end, (start - end).abs(), start * end], dim=1)


def ceiling(dataset: str, model: nn.Module) -> dict[str, Any]:
    """Returns the scores of the probes on one dataset."""
    data = load_built_in(dataset)
    known = [graph for graph in data.train if has_ground_truth(graph)][:TAUGHT]
    asked = held_out(data, 200)
    (train, z), (test, w) = ((packed, node_embedding(model, packed)) for packed in (pack(known), pack(asked)))
    node_truth, edge_truth = (torch.cat([graph[name] for graph in known]) for name in ("node_gt", "edge_gt"))
    nodes = chance(probe(z, node_truth), w)
    edges = chance(probe(both_ends(train, z), edge_truth), both_ends(test, w))
    ranked = test.split_edges(edge_score(nodes, test.edge_index))
    return {
        "dataset": dataset,
        "graphs": len(asked),
        "edge AUC, probe of nodes": mean(map(edge_auc, asked, ranked)),
        "edge AUC, probe of edges": mean(map(edge_auc, asked, test.split_edges(edges))),
        "node IoU, probe of nodes": mean(map(node_iou, asked, test.split_nodes(nodes > 0.5))),
    }


def main(
    datasets: str = ",".join(EMBEDDED),
    model: str = "gin",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Prints one row per dataset."""
    rows: list[dict[str, Any]] = []
    names = datasets.split(",")
    with bar("Probing") as step:
        for name in names:
            checks.known(name, DATASETS, "dataset")
            rows.append(ceiling(name, load_classifier(name, model)))
            step(len(rows), len(names))
    print_table(rows, as_json=as_json)


if __name__ == "__main__":
    typer.run(main)
