"""A user's dataset with all that was learnt of it, as one file; it is read with no more trust than an upload.

It is a zip archive: `work.json` says what is in it and holds the results, `data` is the dataset's own file,
and models and explainers are safetensors.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import torch
from torch import nn

from hpme import __version__
from hpme.box import boxed
from hpme.classifiers import CLASSIFIERS, load_classifier_bytes, save_bytes
from hpme.classifiers.weights import parse_weights
from hpme.datasets import DATASETS, Dataset, load_built_in
from hpme.explainers import EXPLAINERS, HPME
from hpme.forward.fingerprint import fingerprint
from hpme.io.archive import unpack, zipped
from hpme.io.text import quote
from hpme.limits import DATASET_BOX_LIMITS, DATASET_LIMITS
from hpme.method.capacity import SIZES
from hpme.metrics import METRICS
from hpme.own_data import as_floats, read_dataset
from hpme.own_data.labels import one_line

FACTS, DATA, KIND = "work.json", "data", "hpme-work"
FIELDS = ("x", "edge_index", "edge_attr", "y", "node_gt", "edge_gt")  # that the digest is of
COSTS = ("fit_seconds", "explain_ms")  # which rows of results hold beside the metrics
MOST_ROWS, MOST_EPOCHS = 200, 100_000
Row = dict[str, Any]


@dataclass(frozen=True)
class SavedWork:
    """A dataset, and the models, explainers and results that belong to it."""

    dataset: Dataset
    filename: str = ""  # of the dataset's own file; none of a built-in one
    content: bytes = b""  # of that file
    label: str | None = None  # name of the label in it, where the user gave it
    built_in: str = ""  # name of the built-in dataset that it is
    classifiers: dict[str, tuple[nn.Module, dict[str, Any]]] = field(default_factory=dict)  # with their cards
    explainers: dict[tuple[str, int], HPME] = field(default_factory=dict)  # by model and seed
    results: dict[str, list[Row]] = field(default_factory=dict)  # of comparisons, by model


def pack_work(work: SavedWork) -> bytes:
    """Returns the file's content."""
    facts = {
        "kind": KIND,
        "made_by": __version__,
        "filename": work.filename,
        "label": work.label,
        "built_in": work.built_in,
        "graphs": graphs_digest(work.dataset),
        "models": {arch: fingerprint(model) for arch, (model, _) in work.classifiers.items()},
        "explainers": [[arch, seed] for arch, seed in work.explainers],
        "results": {arch: [_row(row) for row in rows] for arch, rows in work.results.items()},
    }
    files = {FACTS: json.dumps(facts, indent=1).encode()} | ({} if work.built_in else {DATA: work.content})
    for arch, (model, card) in work.classifiers.items():
        files[_model_file(arch)] = save_bytes(model, card)
    for (arch, seed), explainer in work.explainers.items():
        files[_explainer_file(arch, seed)] = explainer.to_bytes()
    return zipped(files)


def is_work(content: bytes) -> bool:
    """Returns whether a file is one that `pack_work` wrote, by its head alone."""
    return content.startswith(b"PK\x03\x04") and content[30 : 30 + len(FACTS)] == FACTS.encode()


@boxed(DATASET_BOX_LIMITS)
def unpack_work(content: bytes) -> SavedWork:
    """Reads what `pack_work` wrote; nothing in the file is trusted.

    Args:
        content: The file's bytes.

    Returns:
        Dataset, models and explainers, which fit one another: the graphs and weights are those that were
        saved, and each explainer was fitted to its model.

    Raises:
        ValueError: If it is no such file, or anything in it does not fit; then nothing of it is taken.
    """
    files = unpack(content, DATASET_LIMITS)
    facts = _facts(files)
    dataset = _dataset(facts, files)
    classifiers = {}
    for arch, expected in facts["models"].items():
        content = files[_model_file(arch)]
        model, card = load_classifier_bytes(content, dataset)
        _check_same(f"the model {arch}", expected, fingerprint(model))
        classifiers[arch] = model, card | _origin(content)
    explainers = {
        (arch, seed): _explainer(files[_explainer_file(arch, seed)], classifiers[arch][0], seed, dataset)
        for arch, seed in facts["explainers"]
    }
    return SavedWork(
        dataset,
        facts["filename"],
        files.get(DATA, b""),
        facts["label"],
        facts["built_in"],
        classifiers,
        explainers,
        {arch: [_row(row) for row in rows] for arch, rows in facts["results"].items()},
    )


def graphs_digest(dataset: Dataset) -> str:
    """Returns a digest of all that a dataset's graphs hold: features, edges, labels and ground truth."""
    found = sha256()
    for graph in dataset.graphs if dataset.graph is None else [dataset.graph]:
        for name in FIELDS:
            if torch.is_tensor(graph.get(name)):
                found.update(f"{name} {graph[name].dtype} {list(graph[name].shape)};".encode())
                found.update(graph[name].contiguous().numpy().tobytes())
    return found.hexdigest()


def _facts(files: dict[str, bytes]) -> dict[str, Any]:
    """What `work.json` says: each part of it is of its kind, and it names the very files that there are."""
    try:
        facts = json.loads(files.get(FACTS, b"{}"))
        facts["explainers"] = [(arch, seed) for arch, seed in facts["explainers"]]
        sound = _are_sound(facts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise ValueError(
            f"Expected saved work with the {FACTS} that the explorer writes (got another); save it again"
        )
    named = {FACTS} if facts["built_in"] else {FACTS, DATA}
    named |= {*map(_model_file, facts["models"])}
    named |= {_explainer_file(arch, seed) for arch, seed in facts["explainers"]}
    if odd := named ^ {*files}:
        got = quote(", ".join(sorted(odd)), 60)
        raise ValueError(f"Expected the files that {FACTS} names (got more or fewer: {got}); save it again")
    return facts


def _are_sound(facts: dict[str, Any]) -> bool:
    models, rows = facts["models"], [row for rows in facts["results"].values() for row in rows]
    texts = (facts["filename"], facts["label"] or "", facts["graphs"], *models.values())
    return (
        facts["kind"] == KIND
        and facts["built_in"] in ("", *DATASETS)
        and all(type(text) is str and len(text) <= 255 for text in texts)
        and {*models} <= {*CLASSIFIERS}
        and all(
            arch in models and type(seed) is int and 0 <= seed < 2**31 for arch, seed in facts["explainers"]
        )
        and {*facts["results"]} <= {*models}
        and len(rows) <= MOST_ROWS
        and all(type(row) is dict for row in rows)
    )


def _dataset(facts: dict[str, Any], files: dict[str, bytes]) -> Dataset:
    if facts["built_in"]:
        dataset = load_built_in(facts["built_in"])
    else:
        dataset = as_floats(read_dataset(files[DATA], facts["filename"], facts["label"]))
    _check_same("the graphs", facts["graphs"], graphs_digest(dataset))
    return dataset


def _check_same(what: str, saved: str, read: str) -> None:
    if saved != read:
        got = quote(f"{saved[:12]} and {read[:12]}", 30)
        raise ValueError(f"Expected {what} as saved (got other fingerprints: {got}); take an unchanged file")


def _origin(content: bytes) -> dict[str, Any]:
    """What the card of weights says of how they came about: the epochs of a training, or a file's name."""
    card = parse_weights(content)[1]
    epochs, name = card.get("epochs"), card.get("weights")
    if type(epochs) is int and 0 < epochs <= MOST_EPOCHS:
        return {"epochs": epochs}
    return {"weights": one_line(name) if type(name) is str else "weights.safetensors"}


def _explainer(content: bytes, model: nn.Module, seed: int, dataset: Dataset) -> HPME:
    """An explainer, tried on two graphs."""
    try:
        explainer = HPME.from_bytes(content, model, "in the file")
        last = len(explainer.path)
        chosen = [explainer.plateau, *explainer.sizes.values()]
        if not (
            explainer.config.seed == seed
            and explainer.target is None
            and {*explainer.sizes} <= {*SIZES}
            and all(type(place) is int and 0 <= place < last for places in chosen for place in places)
            and all(map(len, chosen))
            and all(
                value.isfinite().all() for one in explainer.scorers for value in one.state_dict().values()
            )
        ):
            raise ValueError("values that no fit has")
        explainer.explain_batch(dataset.test[:2])
    except Exception as error:  # whatever a file that only looks like one leads to
        got = quote(str(error), 60)
        raise ValueError(f"Expected an explainer as it was saved (got: {got}); save the work again") from None
    return explainer


def _row(row: Row) -> Row:
    """A row of results with what tables show of it, numbers that are none left out."""
    name = row.get("explainer")
    if name not in EXPLAINERS or type(row.get("graphs")) is not int:
        raise ValueError("Expected results of known explainers (got another name); save the work again")
    numbers = {key: row.get(key) for key in (*METRICS, *COSTS)}
    kept = {key: float(value) if isinstance(value, int | float) else None for key, value in numbers.items()}
    return {"explainer": name, "graphs": row["graphs"]} | kept


def _model_file(arch: str) -> str:
    return f"model-{arch}.safetensors"


def _explainer_file(arch: str, seed: int) -> str:
    return f"explainer-{arch}-{seed}.safetensors"
