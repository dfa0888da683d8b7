"""Cora: what is a paper about?"""

from torch_geometric.data import Data

from hpme.datasets import planetoid
from hpme.datasets.spec import DatasetSpec

DIGESTS = {
    "x": "23cfa55d91c6f624233f5eb7b6e3f141f1bd2b2ae39608a63cf5d084bb27baab",
    "tx": "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
    "allx": "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
    "y": "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
    "ty": "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
    "ally": "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
    "graph": "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
    "test.index": "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
}


def _load() -> list[Data]:
    return [planetoid.read_planetoid("Cora", DIGESTS)]


CORA = DatasetSpec(
    name="cora",
    title="Cora",
    task="node-classification",
    description="Papers on machine learning, joined where one cites the other; features are the words that "
    "occur in a paper. The question is what it is about. There is no ground truth.",
    load=_load,
    num_graphs=2708,
    num_features=1433,
    classes=(
        "theory",
        "reinforcement learning",
        "genetic algorithms",
        "neural networks",
        "probabilistic methods",
        "case-based",
        "rule learning",
    ),
    ground_truth=False,
    source=planetoid.SOURCE,
    licence=planetoid.LICENCE,
    default_model="gcn",
    download=True,
)
