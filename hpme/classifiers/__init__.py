"""The graph neural networks to be explained."""

from hpme.classifiers.gcn import GCN
from hpme.classifiers.gin import GIN
from hpme.classifiers.store import (
    available_classifiers,
    classifier_card,
    classifier_path,
    load_classifier,
    load_classifier_file,
    save_classifier,
)
from hpme.classifiers.train import CLASSIFIERS, accuracy, predict, r2, score, train_classifier, trained

__all__ = [
    "CLASSIFIERS",
    "GCN",
    "GIN",
    "accuracy",
    "available_classifiers",
    "classifier_card",
    "classifier_path",
    "load_classifier",
    "load_classifier_file",
    "predict",
    "r2",
    "save_classifier",
    "score",
    "train_classifier",
    "trained",
]
