"""Graphs edited by hand: the edits, what chemistry allows, and the types of nodes."""
