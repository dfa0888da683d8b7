import json

import numpy as np
import pytest
import torch

from hpme import HPME, load_dataset
from hpme.batch import columns
from hpme.batch.config import BatchConfig
from hpme.batch.explaining import Explaining
from hpme.batch.sources import Row, read_parts
from hpme.io import read_graphs
from hpme.own_data.fit_input import fit_to_input
from tests.packs import flatten, pack

SMILES = ["Cc1ccccc1", "CCO", "c1ccccc1[Si](C)C", "CCN.Cl", "OC(=O)c1ccccc1"]


@pytest.fixture(scope="module")
def benzene():
    return Explaining(BatchConfig(("x",), "out", "benzene", "gine", mixes=3))


def test_rows_say_what_the_explainer_says(benzene):
    rows = benzene.explain([Row(f"m{i}", text) for i, text in enumerate(SMILES)], "smiles")
    explainer, data = HPME.load("benzene"), load_dataset("benzene")
    for text, row in zip(SMILES, rows, strict=True):
        graph = fit_to_input(read_graphs(text.encode(), "a.smi")[0], data).graph
        out = explainer.explain(graph)
        assert row["kept_atoms"].tolist() == out.node_mask[:, 0].nonzero()[:, 0].tolist()
        torch.testing.assert_close(torch.from_numpy(row["node_score"]), out.node_score)
        assert row["prediction"] == data.spec.classes[int(out.target)]
        assert row["capacity_bits"] == pytest.approx(out.capacity_bits)
        assert row["kept_share"] == pytest.approx(float(out.node_mask.mean()))
        assert 0 <= row["holds_on_mixes"] <= 1
        assert 0.5 <= row["probability"] <= 1
    assert [row["id"] for row in rows] == ["m0", "m1", "m2", "m3", "m4"]
    assert rows[0]["kept_smarts"] == rows[0]["kept_smiles"] == "c1ccccc1"
    assert columns.UNKNOWN in rows[2]["flags"]
    assert columns.PIECES in rows[3]["flags"]
    assert (columns.NOTHING in rows[1]["flags"]) == (rows[1]["kept_share"] == 0)


def test_a_bad_row_has_its_error_and_takes_nothing_else_along(benzene):
    rows = [
        Row("a", "Cc1ccccc1"),
        Row("b", "nonsense"),
        Row("c", ""),
        Row("d", "", "2 cells"),
    ]
    found = benzene.explain(rows, "smiles")
    assert "error" not in found[0]
    assert found[1]["error"].startswith("Expected a molecule as SMILES (got 'nonsense')")
    assert found[2]["error"].startswith("Expected 1 to ")
    assert found[3]["error"] == "2 cells"
    table = columns.table(found, benzene.made_by)
    assert table.column("error").null_count == 1
    assert table.column("kept_atoms").null_count == 3


def test_the_model_that_cannot_answer_about_one_row_answers_about_the_others(benzene, monkeypatch):
    whole = benzene.hpme.explain_packed

    def explain_packed(graphs):
        if 3 in graphs.node_ptr.diff().tolist():
            raise ValueError("Expected no ethanol (got one)")
        return whole(graphs)

    monkeypatch.setattr(benzene.hpme, "explain_packed", explain_packed)
    found = benzene.explain([Row("a", "Cc1ccccc1"), Row("b", "CCO"), Row("c", "CC")], "smiles")
    assert [row.get("error") for row in found] == [
        None,
        "Expected no ethanol (got one)",
        None,
    ]


def test_numbers_have_no_probability():
    numbers = Explaining(BatchConfig(("x",), "out", "crippen-logp", "gine"))
    (row,) = numbers.explain([Row("a", "Cc1ccccc1")], "smiles")
    assert row["probability"] is None
    assert float(row["prediction"]) == pytest.approx(2, abs=0.7)  # of toluene, by Crippen
    assert row["holds_on_mixes"] is None


def test_graphs_come_as_json():
    motifs = Explaining(BatchConfig(("x",), "out", "ba-2motifs", "gin"))
    graph = load_dataset("ba-2motifs").test[0]
    edges = graph.edge_index.t().tolist()
    line = json.dumps(
        {
            "nodes": [{"id": i} for i in range(graph.num_nodes)],
            "edges": [{"source": u, "target": v} for u, v in edges if u < v],
        }
    )
    ours, bad = motifs.explain([Row("a", line), Row("b", "{")], "graphs")
    expected = HPME.load("ba-2motifs").explain(graph)
    assert ours["kept_atoms"].tolist() == expected.node_mask[:, 0].nonzero()[:, 0].tolist()
    assert ours["smiles"] is None
    assert ours["kept_smarts"] is ours["kept_smiles"] is None
    assert bad["error"].startswith("Expected")


def packed_rows(folder, arrays):
    np.savez(folder / "g.npz", **arrays)
    (part,) = read_parts(BatchConfig((str(folder / "g.npz"),), "out", "any", "model"))
    return part.rows


def test_packed_graphs_are_explained_as_they_are_in_their_dataset(benzene, tmp_path):
    graphs = load_dataset("benzene").test[:20]
    arrays = flatten(graphs)
    bonds = torch.cat([graph.edge_attr for graph in graphs]).numpy()
    types = {"x": arrays["x"].argmax(1), "bond_type": bonds.argmax(1)}
    for kind in (arrays | {"edge_attr": bonds}, arrays | types):  # features, and types of atoms and bonds
        found = benzene.explain(packed_rows(tmp_path, kind), "graphs")
        for row, out in zip(found, benzene.hpme.explain_batch(graphs), strict=True):
            assert row["kept_atoms"].tolist() == out.node_mask[:, 0].nonzero()[:, 0].tolist()
            torch.testing.assert_close(torch.from_numpy(row["node_score"]), out.node_score)


def test_types_of_packed_nodes_are_as_many_as_the_model_knows(benzene, tmp_path):
    few = pack(3) | {"edge_attr": np.zeros(26, int)}
    assert not [row for row in benzene.explain(packed_rows(tmp_path, few), "graphs") if "error" in row]
    many = benzene.explain(packed_rows(tmp_path, few | {"x": np.arange(15)}), "graphs")
    assert ["error" in row for row in many] == [False, False, True]  # which alone has type 14
    assert "got 15 features" in many[2]["error"]


def test_datasets_of_nodes_are_refused():
    with pytest.raises(ValueError, match=r"graphs are predicted \(got ba-shapes, whose nodes are\)"):
        Explaining(BatchConfig(("x",), "out", "ba-shapes", "gcn"))


def test_settings_tell_models_and_explainers_apart(benzene):
    other = Explaining(BatchConfig(("x",), "out", "benzene", "gine", seed=1))
    plain = Explaining(BatchConfig(("x",), "out", "benzene", "gine"))
    assert len({benzene.settings, other.settings, plain.settings}) == 3


def test_a_row_is_never_its_own_donor(benzene, monkeypatch):
    drawn = []

    def mixed_logits(question, graphs, traits, keep, donor, dilation, draws):
        drawn.append(donor)
        return torch.zeros(*donor.shape, 2)

    monkeypatch.setattr("hpme.batch.explaining.mixed_logits", mixed_logits)
    benzene.explain([Row(f"m{i}", text) for i, text in enumerate(SMILES)], "smiles")
    (donor,) = drawn
    assert donor.shape == (3, 5)
    assert not (donor == torch.arange(5)).any()
    (alone,) = benzene.explain([Row("a", "Cc1ccccc1")], "smiles")
    assert alone["holds_on_mixes"] is None
