"""Analyses beyond one picture: story, gallery, map, provenance, and the check of a model."""
