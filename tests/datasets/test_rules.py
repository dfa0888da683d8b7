import pickle

import pytest
import torch

from hpme.analysis.ask import ASKED
from hpme.datasets import DATASETS, load_built_in
from hpme.datasets.molecules import bundled_smiles, parse_bundled
from hpme.datasets.named import MOLECULES, name_of_smiles, smiles_of_name


@pytest.mark.parametrize("name", ASKED)
def test_the_rule_gives_the_label_and_the_truth_of_the_set(name):
    """On every twentieth graph; a rule can be sent to a job."""
    rule = pickle.loads(pickle.dumps(DATASETS[name].rule))
    for graph in load_built_in(name).graphs[::20]:
        label, atoms = rule(parse_bundled(graph.smiles))
        assert label == pytest.approx(float(graph.y), abs=1e-4)
        assert torch.tensor([atom in atoms for atom in range(graph.num_nodes)]).equal(graph.node_gt)


def test_each_known_name_is_of_a_bundled_molecule_and_back():
    assert {*MOLECULES.values()} <= {*bundled_smiles()}
    assert len({*MOLECULES.values()}) == len(MOLECULES)
    for name, smiles in MOLECULES.items():
        assert smiles_of_name(f" {name.upper()}  ") == smiles
        assert name_of_smiles(smiles) == name
    assert smiles_of_name("unheard of") is None
    assert name_of_smiles("C[C@H](N)Cc1ccccc1") == "amphetamine"  # whatever the stereo
    assert name_of_smiles("CCCCCCCCCC") == name_of_smiles("C1CC") == ""
