"""The graph neural networks to be explained."""

from hpme.classifiers.gat import GAT, EdgeGAT
from hpme.classifiers.gcn import GCN
from hpme.classifiers.gcn_norm import GCNNorm
from hpme.classifiers.gin import GIN
from hpme.classifiers.gine import GINE
from hpme.classifiers.own import is_reference, load_own, model_title, own_models, register
from hpme.classifiers.registry import CLASSIFIERS, EPOCHS, fitting
from hpme.classifiers.store import (
    available_classifiers,
    classifier_card,
    classifier_path,
    default_classifier,
    load_classifier,
    load_classifier_file,
    save_bytes,
    save_classifier,
    user_classifier_path,
    users_weights,
)
from hpme.classifiers.train import accuracy, predict, r2, score, train_classifier, trained
from hpme.classifiers.untrained import untrained
from hpme.classifiers.weights import load_classifier_bytes

__all__ = [
    "CLASSIFIERS",
    "EPOCHS",
    "GAT",
    "GCN",
    "GIN",
    "GINE",
    "EdgeGAT",
    "GCNNorm",
    "accuracy",
    "available_classifiers",
    "classifier_card",
    "classifier_path",
    "default_classifier",
    "fitting",
    "is_reference",
    "load_classifier",
    "load_classifier_bytes",
    "load_classifier_file",
    "load_own",
    "model_title",
    "own_models",
    "predict",
    "r2",
    "register",
    "save_bytes",
    "save_classifier",
    "score",
    "train_classifier",
    "trained",
    "untrained",
    "user_classifier_path",
    "users_weights",
]
