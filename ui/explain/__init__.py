"""The tools of the Explain page."""
