import re
import xml.etree.ElementTree as ET

import pytest

from hpme.figures import molecule_picture
from hpme.figures.molecule_picture import ASPECT
from tests.figures.scenes import molecule_graph

LONG = "C" * 30


@pytest.mark.parametrize("smiles", ["C", "c1ccccc1Cl", LONG, "CC(C)(C)c1cc(C(C)(C)C)cc(C(C)(C)C)c1"])
def test_pictures_of_all_molecules_are_svg_of_one_shape(smiles):
    root = ET.fromstring(molecule_picture(molecule_graph(smiles)))
    width, height = (float(re.sub("[a-z]+$", "", root.get(side))) for side in ("width", "height"))
    assert root.tag.endswith("svg")
    assert width / height == pytest.approx(ASPECT, rel=0.15)  # a margin of one bond stands around it


def test_kept_atoms_are_highlighted_in_the_colour_of_the_theme():
    plain, kept = (molecule_picture(molecule_graph("c1ccccc1Cl"), atoms) for atoms in ((), (0, 1)))
    assert kept.count("<ellipse") + kept.count("<path") > plain.count("<ellipse") + plain.count("<path")
    assert kept != molecule_picture(molecule_graph("c1ccccc1Cl"), (0, 1), dark=True)
