"""HPME: why did a graph neural network predict this?"""

from hpme import lean  # noqa: F401 - first, as all others import PyG
from hpme.classifiers import load_classifier
from hpme.explainers.hpme import HPME
from hpme.explainers.hpme.config import HPMEConfig
from hpme.forward.question import Question
from hpme.notebook import show
from hpme.own_data import load_dataset

__version__ = "0.1.0"

__all__ = ["HPME", "HPMEConfig", "Question", "load_classifier", "load_dataset", "show"]
