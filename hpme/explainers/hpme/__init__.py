"""HPME: its explainer, settings, fitting, scorer and files."""

from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.explainer import HPME

__all__ = ["HPME", "HPMEConfig"]
