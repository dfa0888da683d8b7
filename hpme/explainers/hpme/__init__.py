"""HPME: its explainer, settings, fitting, scorer and files."""

from hpme.explainers.hpme.config import HPMEConfig
from hpme.explainers.hpme.explainer import HPME, HPME_SPEC

__all__ = ["HPME", "HPME_SPEC", "HPMEConfig"]
