"""What pages share: the only cached functions. Cached resources are read-only, for all sessions."""

import torch

from ui.state.drawn import CARD, answer, dark, grid, picture, trio
from ui.state.maps import Atlas, atlas, place, seen, split_gaps
from ui.state.sources import (
    Pick,
    called,
    card,
    classifier,
    dataset,
    explainer,
    first_graph,
    graph_of,
    graphs,
    groups,
    held_out,
    models,
    names,
    scale,
    seeds,
    spec,
)
from ui.state.told import cards, hardened, method, missing, native, positions, soft, story
from ui.state.tried import CURVE_DONORS, cut_answers, edited, edited_explanation, kinds, size_curve, trials
from ui.state.work import jobs, owner, packed_train, peer_key, shelf

torch.set_num_threads(1)  # sessions share the cores, and one graph is too small for two

__all__ = [
    "CARD",
    "CURVE_DONORS",
    "Atlas",
    "Pick",
    "answer",
    "atlas",
    "called",
    "card",
    "cards",
    "classifier",
    "cut_answers",
    "dark",
    "dataset",
    "edited",
    "edited_explanation",
    "explainer",
    "first_graph",
    "graph_of",
    "graphs",
    "grid",
    "groups",
    "hardened",
    "held_out",
    "jobs",
    "kinds",
    "method",
    "missing",
    "models",
    "names",
    "native",
    "owner",
    "packed_train",
    "peer_key",
    "picture",
    "place",
    "positions",
    "scale",
    "seeds",
    "seen",
    "shelf",
    "size_curve",
    "soft",
    "spec",
    "split_gaps",
    "story",
    "trials",
    "trio",
]
