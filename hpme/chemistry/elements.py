"""The elements."""

from rdkit import Chem

SYMBOLS = ("*", *map(Chem.GetPeriodicTable().GetElementSymbol, range(1, 119)))  # by atomic number
