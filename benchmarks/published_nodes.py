"""PGExplainer and GNNExplainer on the ground that PGExplainer's paper measures them on, beside ours.

python -m benchmarks.published_nodes                     # all four datasets, the GCN, three seeds
python -m benchmarks.published_nodes tree-grid --seeds 1

*Theirs*: one node of each motif (all of Tree-Grid) is fitted on and scored; true are the edges of *any*
motif in the graph around it; edges of all nodes are pooled. *Ours*: held-out nodes of motifs; true are the
edges of the node's own motif; the mean over nodes. PGExplainer reads embeddings of the whole graph, as
published, or of the graph around the node alone, as HPME does ("cut").
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

import torch
from torch_geometric.data import Data

from hpme import load_classifier, load_dataset
from hpme.benchmark import held_out
from hpme.benchmark.published import quoted
from hpme.explainers import EXPLAINERS, Explainer
from hpme.forward.around import EDGE_MOTIF, MOTIF, GraphsAround
from hpme.metrics import edge_auc, edge_auc_pooled

DATASETS = ("ba-shapes", "ba-community", "tree-cycles", "tree-grid")
TRIES = (("pgexplainer", False), ("pgexplainer", True), ("gnnexplainer", True))  # name, and whether it is cut
ALL_NODES = "tree-grid"  # of its motifs are scored in the paper, of the others one a motif


@dataclass(frozen=True)
class Figures:
    """Edge AUC of one explainer and seed."""

    theirs: float
    ours: float


def scored(graphs: Sequence[Data], every: bool) -> GraphsAround:
    """Returns the graphs around nodes of motifs: of the first of each, or of every one."""
    assert isinstance(graphs, GraphsAround)
    motif = graphs.whole[MOTIF]
    nodes = (motif >= 0).nonzero().view(-1)
    first = torch.cat([torch.tensor([True]), motif[nodes].diff() != 0])
    return graphs.of(nodes if every else nodes[first])


def any_motif(graph: Data, whole: Data) -> Data:
    """Returns the graph around a node with the edges of all motifs as its ground truth."""
    total = whole.num_nodes
    of_whole, own = (
        (ends[0] * total + ends[1]) for ends in (whole.edge_index, graph.node_number[graph.edge_index])
    )
    known, order = of_whole.sort()
    marked = graph.clone()
    marked.edge_gt = whole[EDGE_MOTIF][order[torch.searchsorted(known, own)]] >= 0
    return marked


def figures(name: str, cut: bool, dataset: str, model: str, seed: int) -> Figures:
    """Returns an explainer's edge AUC on their ground and on ours."""
    data, classifier = load_dataset(dataset), load_classifier(dataset, model)

    def fitted(graphs: Sequence[Data]) -> Explainer:
        return EXPLAINERS[name].build(classifier, seed).fit([*graphs] if cut else graphs)

    theirs = scored(data.train, dataset == ALL_NODES)
    outs = fitted(theirs).explain_batch([*theirs])
    marked = [any_motif(graph, theirs.whole) for graph in theirs]
    test = held_out(data, 200)
    own = map(edge_auc, test, (out.edge_score for out in fitted(data.train).explain_batch(test)))
    pooled = edge_auc_pooled(marked, [out.edge_score for out in outs])
    return Figures(pooled or 0.0, mean(auc for auc in own if auc is not None))


def main() -> None:
    """Prints a table, a line as soon as it is known."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("datasets", nargs="*", default=DATASETS)
    parser.add_argument("--model", default="gcn")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print("| dataset | explainer | paper | on their ground | held-out, own motif |")  # noqa: T201
    print(f"|{' --- |' * 5}")  # noqa: T201
    for dataset in options.datasets:
        for name, cut in TRIES:
            found = [figures(name, cut, dataset, options.model, seed) for seed in range(options.seeds)]
            title = name + (", cut" if cut and EXPLAINERS[name].learns else "")
            cells = [f"{mean(values):.3f} ± {_spread(values):.3f}" for values in _columns(found)]
            print(f"| {dataset} | {title} | {quoted(dataset, name)} | {' | '.join(cells)} |", flush=True)  # noqa: T201


def _columns(found: Sequence[Figures]) -> tuple[list[float], list[float]]:
    return [one.theirs for one in found], [one.ours for one in found]


def _spread(values: Sequence[float]) -> float:
    return float(torch.tensor(values).std(correction=min(1, len(values) - 1)))


if __name__ == "__main__":
    main()
