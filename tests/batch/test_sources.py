import gzip

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from hpme.batch.config import BatchConfig
from hpme.batch.sources import Part, Row, read_parts
from tests.packs import pack


def rows(path, **settings):
    config = BatchConfig((str(path),), "out", "benzene", "gine", **settings)
    return [row for part in read_parts(config) for row in part.rows]


def written(folder, name, text):
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["list.smi", "list.smi.gz"])
def test_a_list_has_a_molecule_a_line_and_a_name_behind_it(tmp_path, name):
    found = rows(written(tmp_path, name, "CCO ethanol\n\nc1ccccc1\nCC(=O)O\tacetic acid\r\n"))
    assert found == [
        Row("ethanol", "CCO"),
        Row(f"{name}:3", "c1ccccc1"),
        Row("acetic acid", "CC(=O)O"),
    ]


def test_a_table_has_a_column_of_smiles_and_perhaps_one_of_ids(tmp_path):
    found = rows(written(tmp_path, "t.csv", "name,canonical_smiles\na,CCO\nb,\nc,CC\n"))
    assert found == [Row("t.csv:2", "CCO"), Row("t.csv:3", ""), Row("t.csv:4", "CC")]
    found = rows(written(tmp_path, "t.tsv", "ID\tsmiles\n007\tCCO\n1e5\tCC\n"))
    assert found == [Row("007", "CCO"), Row("1e5", "CC")]  # as they are written


def test_what_cxsmiles_add_is_of_neither_smiles_nor_name(tmp_path):
    assert rows(written(tmp_path, "l.smi", "CCO |$;;x$| ethanol\n")) == [Row("ethanol", "CCO")]
    assert rows(written(tmp_path, "t.csv", "id,smiles\na,CCO |$;;x$|\n")) == [Row("a", "CCO")]


@pytest.mark.parametrize(("name", "mark"), [("t.csv", ";"), ("t.csv", "\t"), ("t.tsv", ",")])
def test_a_table_with_other_separators_than_its_suffix_says_is_refused(tmp_path, name, mark):
    with pytest.raises(ValueError, match=r"^Expected cells separated by (commas|tabs) in 't\..sv' \(got 'id"):
        rows(written(tmp_path, name, f"id{mark}smiles\na{mark}CCO\n"))


def test_columns_can_be_named(tmp_path):
    path = written(tmp_path, "t.csv", "structure,code\nCCO,x1\n")
    with pytest.raises(ValueError, match=r"one column of SMILES in 't.csv' \(got 'structure', 'code'\)"):
        rows(path)
    assert rows(path, columns={"smiles": "structure", "id": "code"}) == [Row("x1", "CCO")]
    with pytest.raises(KeyError, match=r"column of t.csv"):
        rows(path, columns={"smiles": "molecule"})


def test_two_columns_of_smiles_are_not_guessed_between(tmp_path):
    path = written(tmp_path, "t.csv", "smiles_in,smiles_out\nCCO,CC\n")
    with pytest.raises(ValueError, match=r"one column of SMILES.*\(got 'smiles_in', 'smiles_out'\)"):
        rows(path)


def test_a_line_of_another_number_of_cells_is_a_row_with_an_error_in_its_place(tmp_path):
    found = rows(written(tmp_path, "t.csv", 'id,smiles\na,CC\nb,C,C\nc,"C\nC"\nd\n'))
    assert found == [
        Row("a", "CC"),
        Row("t.csv:3", "", "Expected 2 cells (got 3)"),
        Row("c", "C\nC"),
        Row("t.csv:5", "", "Expected 2 cells (got 1)"),
    ]


def test_parquet_is_read_with_its_nulls(tmp_path):
    table = pa.table({"smiles": ["CCO", None, "CC"], "id": [7, 8, None]})
    parquet.write_table(table, tmp_path / "t.parquet")
    assert rows(tmp_path / "t.parquet") == [
        Row("7", "CCO"),
        Row("8", "", "Expected SMILES (got nothing)"),
        Row("t.parquet:3", "CC"),
    ]


def test_lines_of_graphs_are_left_as_they_are(tmp_path):
    path = written(tmp_path, "g.jsonl", '{"nodes": []}\n\n{"a": 1}\n')
    assert rows(path) == [Row("g.jsonl:1", '{"nodes": []}'), Row("g.jsonl:3", '{"a": 1}')]
    with pytest.raises(ValueError, match=r"Expected smiles in 'g.jsonl' \(got a file of graphs\)"):
        rows(path, format="smiles")


def test_a_packed_file_has_a_row_for_each_graph_with_labels_or_without(tmp_path):
    packed = pack(3)
    np.savez(tmp_path / "with.npz", **{**packed, "bond_type": packed["bond_type"] * 0})
    np.savez(tmp_path / "g.npz", **{name: packed[name] for name in ("x", "edge_index", "nptr", "eptr")})
    found = rows(tmp_path / "g.npz")
    assert [row.id for row in found] == ["g.npz:1", "g.npz:2", "g.npz:3"]
    assert [row.arrays["edge_index"].shape[1] for row in found] == [8, 10, 8]
    assert found[1].arrays["edge_index"].tolist() == packed["edge_index"][:, 8:18].tolist()
    assert found[0].arrays.keys() == {"x", "edge_index"}
    with_types = rows(tmp_path / "with.npz", part_rows=2)
    assert with_types[2].arrays.keys() == {"element", "edge_index", "bond_type"}
    with pytest.raises(ValueError, match=r"Expected smiles in 'g.npz' \(got a file of graphs\)"):
        rows(tmp_path / "g.npz", format="smiles")


def test_a_packed_file_whose_arrays_do_not_fit_together_is_refused(tmp_path):
    np.savez(tmp_path / "g.npz", **{**pack(3), "nptr": np.array([0, 5, 9, 14])})
    with pytest.raises(
        ValueError, match=r"packed file of graphs \(got 'g.npz': Expected 'nptr' to rise .* 15"
    ):
        rows(tmp_path / "g.npz")
    (tmp_path / "h.npz").write_bytes(b"none")
    with pytest.raises(ValueError, match=r"packed file of graphs \(got 'h.npz': Expected "):
        rows(tmp_path / "h.npz")


def test_rows_come_in_parts_that_are_named_by_their_file(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, "list.smi", "C\nCC\nCCC\n")
    written(tmp_path, "readme.txt", "no molecules")
    config = BatchConfig((str(tmp_path),), "out", "benzene", "gine", part_rows=2)
    parts = list(read_parts(config))
    assert [(part.name, len(part.rows)) for part in parts] == [
        ("list-00000.parquet", 2),
        ("list-00001.parquet", 1),
        ("list-2-00000.parquet", 2),
        ("list-2-00001.parquet", 1),
    ]


def test_no_two_files_of_the_output_have_one_name(tmp_path):
    for folder, name in (("one", "a"), ("two", "a"), ("two", "a-2")):
        (tmp_path / folder).mkdir(exist_ok=True)
        written(tmp_path / folder, f"{name}.smi", "C\n")
    named = [tmp_path / "one" / "a.smi", tmp_path / "two" / "a.smi", tmp_path / "two" / "a-2.smi"]
    config = BatchConfig(tuple(map(str, named)), "out", "benzene", "gine")
    assert [part.name for part in read_parts(config)] == [
        "a-00000.parquet",
        "a-2-00000.parquet",
        "a-2-2-00000.parquet",
    ]


def test_parts_differ_by_their_rows_and_by_how_they_are_explained():
    part = Part("a", "smiles", [Row("1", "CC")])
    others = [Row("1", "CCC"), Row("2", "CC"), Row("1C", "C"), Row("1", "CC", "no")]
    digests = {Part("a", "smiles", [row]).digest("model") for row in others}
    assert len(digests | {part.digest("model"), part.digest("another")}) == 6
    arrays = [{"x": np.zeros(2)}, {"x": np.ones(2)}, {"x": np.zeros((2, 1))}]
    packed = {Part("a", "graphs", [Row("1", "", arrays=one)]).digest("model") for one in arrays}
    assert len(packed) == 3
    assert part.digest("model") == Part("b", "smiles", [Row("1", "CC")]).digest("model")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.smi", r"Expected a file or a folder \(got '.*missing.smi'\); check its path"),
        ("list.xyz", r"Expected a file ending in .csv, .* \(got 'list.xyz'\); rename it"),
        ("empty", r"Expected files ending in .* in '.*empty' \(got none\)"),
        ("broken.parquet", r"Expected a file that can be read to its end \(got 'broken.parquet': .*\)"),
        ("cut.smi.gz", r"Expected a file that can be read to its end \(got 'cut.smi.gz': .*\)"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path, name, sentence):
    (tmp_path / "empty").mkdir()
    (tmp_path / "list.xyz").write_text("C")
    (tmp_path / "broken.parquet").write_text("no table")
    (tmp_path / "cut.smi.gz").write_bytes(gzip.compress(b"CCCC\n" * 999)[:-20])
    with pytest.raises(ValueError, match=sentence):
        rows(tmp_path / name)


def test_an_address_that_arrow_does_not_know_is_refused():
    with pytest.raises(ValueError, match=r"or an address that Arrow opens \(got 'no://where'"):
        rows("no://where")
