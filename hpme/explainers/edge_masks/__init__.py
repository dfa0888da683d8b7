"""Soft masks over the edges."""
