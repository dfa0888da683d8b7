"""Asking any model for logits of graphs and embeddings of nodes."""
