"""A user's own models and explainers in the user's folder."""

from hpme.classifiers import CLASSIFIERS, available_classifiers, user_classifier_path
from hpme.explainers.hpme.store import available_explainers, user_explainer_path


def list_yours(dataset: str) -> list[str]:
    """Returns the names of a user's own models and explainers of a dataset: ``gin``, ``gin-hpme-0``."""
    models = [arch for arch in CLASSIFIERS if user_classifier_path(dataset, arch).exists()]
    explainers = [
        f"{arch}-hpme-{seed}"
        for arch in available_classifiers(dataset)
        for seed in available_explainers(dataset, arch)
        if user_explainer_path(dataset, arch, seed).exists()
    ]
    return [*models, *explainers]
