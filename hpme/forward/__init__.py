"""The one question to any model: what it says of graphs, and what it knows of their nodes."""
