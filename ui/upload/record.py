"""The provenance in an uploaded file: where its explanation comes from, and how to see it again."""

import json
from typing import Any

from torch_geometric.data import Data

from hpme.explainers import EXPLAINERS
from ui import state


def home(graph: Data) -> tuple[str, str] | None:
    """Dataset and model of the explanation in a file; None if the explorer does not have them."""
    facts = _facts(graph)
    name, model = facts.get("dataset"), facts.get("model")
    return (name, model) if name in state.names() and model in state.models(name) else None


def settings(graph: Data, dataset: str, model: str) -> dict[str, Any]:
    """Values of the sidebar, by key, that show the explanation in a file again, if this model made it."""
    if home(graph) != (dataset, model):
        return {}
    facts, values = _facts(graph), {}
    if facts.get("explainer") in [*EXPLAINERS]:
        values["explainer"] = facts["explainer"]
    seed = facts.get("seed")
    if type(seed) is int and seed in state.seeds(dataset, model) and state.is_fitted(dataset, model, seed):
        values["seed"] = seed
        fitted = state.explainer(dataset, model, seed)
        if _counts(facts.get("checkpoint"), len(fitted.path)):
            values["size"] = str(facts["checkpoint"])
        elif facts.get("size") in [*fitted.sizes]:
            values["size"] = facts["size"]
    if _counts(facts.get("nodes"), graph.num_nodes + 1):
        values["k"] = facts["nodes"]
    if _counts(facts.get("donor"), state.spec(dataset).num_graphs):
        values["donor"] = facts["donor"]
    return values


def origin(graph: Data) -> str:
    """The origin of the explanation in a file, in words, as the file states it."""
    facts = _facts(graph)
    if not {"explainer", "model", "dataset", "seed"} <= {*facts}:
        return ""
    return f"by {facts['explainer']}, seed {facts['seed']}, for {facts['model']} on {facts['dataset']}"[:120]


def _counts(value: object, end: int) -> bool:
    return type(value) is int and 0 <= value < end


def _facts(graph: Data) -> dict[str, Any]:
    try:
        facts = json.loads(graph.get("provenance", "{}"))
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
