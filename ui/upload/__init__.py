"""The sections of the Upload page."""
