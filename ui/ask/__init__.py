"""The Ask page: one molecule, or a list of them, before every shipped model of molecules."""
