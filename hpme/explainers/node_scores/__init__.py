"""Scores of single nodes, in one pass over many graphs."""
