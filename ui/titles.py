"""Titles of datasets, models and explainers, for people; sessions and addresses hold their names."""

from hpme.benchmark.oracle import GROUND_TRUTH
from hpme.classifiers import is_reference, model_title
from hpme.explainers import EXPLAINERS
from ui import session, state


def dataset_title(name: str) -> str:
    """Title of a dataset; one of the session's own has a part of its name, for two of one file."""
    own = session.datasets().get(name)
    if own:
        return f"{own.dataset.spec.title} ({name.rpartition('-')[2][:6]})"
    return state.spec(name).title if name in state.names() else name


def model_choice(name: str) -> str:
    """Title of a model in a list: of the user's own the whole reference, for two of one class name."""
    return name if is_reference(name) else model_title(name)


def explainer_title(name: str) -> str:
    """Title of an explainer."""
    entries = EXPLAINERS | {GROUND_TRUTH.name: GROUND_TRUTH}
    return entries[name].title if name in entries else name
