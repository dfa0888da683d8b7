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
from hpme.classifiers.train import CLASSIFIERS, accuracy, predict, train_classifier

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
    "save_classifier",
    "train_classifier",
]
