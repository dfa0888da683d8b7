"""HPME: why did a graph neural network predict this?"""

from hpme.classifiers import load_classifier
from hpme.datasets import load_dataset
from hpme.explainers.config import HPMEConfig
from hpme.explainers.hpme import HPME
from hpme.notebook import show

__all__ = ["HPME", "HPMEConfig", "load_classifier", "load_dataset", "show"]
