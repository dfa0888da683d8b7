"""What explanations say beyond one graph: gallery, map, provenance, and the check of a model."""
