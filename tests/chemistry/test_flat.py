import pytest
from rdkit import Chem

from hpme.chemistry.bonds import bond_types
from hpme.chemistry.flat import flatten_molecule
from hpme.datasets.columns import join_columns
from hpme.datasets.molecules import ELEMENTS, molecule_columns


def test_atoms_and_bonds_lie_in_order_and_both_directions():
    flat = flatten_molecule(Chem.MolFromSmiles("CC#N"), "CC#N")
    assert [*flat.numbers] == [6, 6, 7]
    assert flat.ends.tolist() == [0 * 3 + 1, 1 * 3 + 0, 1 * 3 + 2, 2 * 3 + 1]
    assert flat.orders.tolist() == [1, 1, 3, 3]


def test_a_bond_without_an_order_is_an_edge_without_a_type():
    mol = Chem.RWMol(Chem.MolFromSmiles("CCO"))
    mol.GetBondWithIdx(1).SetBondType(Chem.BondType.ZERO)
    flat = flatten_molecule(mol, "")
    assert flat.ends.tolist() == [1, 3, 5, 7]
    assert flat.orders.tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("others", [(), ("C",), ("C$C.N->[Na+]", "[U]", "c1ccccc1O", "*C[2H]")])
def test_each_graph_is_as_if_it_were_alone(others):
    for place in (0, len(others)):
        texts = [*others[:place], "CC(=O)Oc1ccccc1", *others[place:]]
        mols = [Chem.MolFromSmiles(text) for text in texts]
        graphs = join_columns(molecule_columns([*map(flatten_molecule, mols, texts)]))
        for mol, graph in zip(mols, graphs, strict=True):
            symbols = [atom.GetSymbol() for atom in mol.GetAtoms()]
            assert [ELEMENTS[i] for i in graph.x.argmax(1)] == [s if s in ELEMENTS else "*" for s in symbols]
            bonds = {(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in mol.GetBonds()}
            ends = [*map(tuple, graph.edge_index.t().tolist())]
            assert ends == sorted(bonds | {(v, u) for u, v in bonds})
            assert graph.edge_attr.tolist() == bond_types(mol, graph.edge_index).tolist()
        assert [graph.smiles for graph in graphs] == texts
