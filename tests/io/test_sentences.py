# ruff: noqa: E501 - a case is a line
"""Values that no graph can have, in every place of every format: each is read, or refused in one sentence."""

import io
import itertools

import numpy as np
import pytest
import torch
from growing import book
from packs import pack
from safetensors.torch import save
from test_attacks import judge, saved, zipped
from test_dataset_attacks import judge_dataset

from hpme.io import read_files
from hpme.own_data import read_dataset

NUMBERS = (
    "1e20",
    "-1e20",
    "1e308",
    "1e999",
    "-1e999",
    "1e-400",
    "nan",
    "inf",
    "-inf",
    "9" * 19,
    "9" * 400,
    "9" * 5_000,
    "18446744073709551615",
    "-9223372036854775809",
    "9007199254740993",
    "0x10",
    "1_000",
    "1e",
    "--1",
    "\uff11\uff12",
    "\u0663",
    "\u00b2",
    "1,5",
    "true",
    "",
)
TEXTS = (
    "\\ud800",
    "\ud800",
    "\u202e",
    "\U000e0001" * 40,
    "a" * 1_001,
    "\0",
    "]]>",
    "&#0;",
    "&#xD800;",
    "\\",
    '"',
    "'",
    "<",
    "{",
    "../../etc",
    "\u3164",
    "\n",
)
GRAPHS = {
    "a feature in JSON": (
        "a.json",
        '{"nodes": [{"id": 0, "q": @}, {"id": 1, "q": 1}], "edges": [{"source": 0, "target": 1, "w": 1}]}',
    ),
    "a text in JSON": (
        "a.json",
        '{"nodes": [{"id": "@", "q": 1}, {"id": 1, "q": 1}], "edges": [{"source": "@", "target": 1, "w": "@"}]}',
    ),
    "an id in JSON": ("a.json", '{"nodes": [{"id": @}, {"id": 1}], "edges": [{"source": @, "target": 1}]}'),
    "an edge in JSON": (
        "a.json",
        '{"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1, "w": @}]}',
    ),
    "a list in JSON": ("a.json", '{"edge_index": [[0], [1]], "x": [[@], [1]], "edge_attr": [@], "y": @}'),
    "a place in JSON": ("a.json", '{"edge_index": [[0], [@]], "num_nodes": @}'),
    "a graph in JSON": (
        "a.json",
        '{"nodes": [{"id": 0}], "edges": [], "graph": {"y": @, "graph_id": @, "prediction": @}}',
    ),
    "truth in JSON": (
        "a.json",
        '{"nodes": [{"id": 0, "node_gt": @, "node_id": @, "node_mask": @}], "edges": []}',
    ),
    "a value in GraphML": (
        "a.graphml",
        '<graphml><key id="a" for="node" attr.name="q" attr.type="double"/><key id="b" attr.name="@" attr.type="long"/><graph><node id="a"><data key="a">@</data></node><node id="@"><data key="b">@</data></node></graph></graphml>',
    ),
    "a value in GEXF": (
        "a.gexf",
        '<gexf><graph><attributes class="node"><attribute id="0" title="@" type="float"/></attributes><nodes><node id="a"><attvalues><attvalue for="0" value="@"/></attvalues></node><node id="@"/></nodes><edges><edge source="a" target="@" weight="@"/></edges></graph></gexf>',
    ),
    "a value in GML": (
        "a.gml",
        "graph [ node [ id 0 q @ ] node [ id @ q 1 ] edge [ source 0 target @ w @ ] ]",
    ),
    "a text in GML": ("a.gml", 'graph [ node [ id 0 label "@" ] ]'),
    "a value in Pajek": ("a.net", '*Vertices 2\n1 "@"\n2 b\n*Edges\n1 2 @\n'),
    "a place in Pajek": ("a.net", "*Vertices @\n1 a\n*Edges\n1 @\n"),
    "a value in DOT": ("a.gv", 'graph { a [q="@"]; b [q=@]; a -- b [w=@]; "@" }'),
    "an entry in a matrix": ("a.mtx", "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n2 1 @\n"),
    "a size of a matrix": ("a.mtx", "%%MatrixMarket matrix coordinate real general\n@ @ @\n2 1 1\n"),
    "a cell": ("a.csv", "source,target,w\na,@,@\nb,a,1\n"),
    "a cell of blanks": ("a.edges", "0 1 @\n1 2 3\n"),
    "a molecule's name": ("a.smi", "CC @\n"),
    "a column": ("a.csv", "smiles,@\nCC,@\nCCO,1\n"),
    "an atom of a molfile": (
        "a.mol",
        "@\n\n\n  1  0  0  0  0  0            999 V2000\n    0.0000    0.0000    0.0000 C   @\nM  CHG  1   1 @\nM  END\n",
    ),
    "a number in V3000": (
        "a.sdf",
        "@\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 1 0 0 0 0\nM  V30 BEGIN ATOM\nM  V30 @ C @ 0 0 0 CHG=@\nM  V30 END ATOM\nM  V30 END CTAB\nM  END\n",
    ),
    "a number in MOL2": (
        "a.mol2",
        "@<TRIPOS>MOLECULE\n@\n1 0\nSMALL\n@<TRIPOS>ATOM\n1 C @ 0 0 C.3 @\n".replace(
            "@<TRIPOS>", "\x01TRIPOS>"
        ),
    ),
}
DATASETS = {
    "a label in JSON": (
        "a.jsonl",
        "".join(
            f'{{"y": {"@" if i == 3 else i % 2}, "nodes": [{{"id": 0}}], "edges": []}}\n' for i in range(20)
        ),
    ),
    "a label in a list": (
        "a.json",
        "["
        + ",".join(
            f'{{"y": {"@" if i == 3 else i % 2}, "nodes": [{{"id": 0, "x": [{"@" if i == 4 else 1}]}}], "edges": []}}'
            for i in range(20)
        )
        + "]",
    ),
    "a label of a table": (
        "a.csv",
        "smiles,label\n" + "".join(f"CC,{'@' if i == 3 else i % 2}\n" for i in range(20)),
    ),
    "a name of a column": ("a.csv", "smiles,@\n" + "".join(f"CC,{i % 2}\n" for i in range(20))),
    "an attribute of TU": (
        "a.zip",
        {
            "A": "1, 2\n",
            "graph_indicator": "1\n1\n" + "".join(f"{i}\n" for i in range(2, 21)),
            "graph_labels": "".join(f"{i % 2}\n" for i in range(20)),
            "node_attributes": "@\n" + "1\n" * 20,
        },
    ),
    "an edge of TU": (
        "a.zip",
        {
            "A": "1, @\n",
            "graph_indicator": "1\n1\n" + "".join(f"{i}\n" for i in range(2, 21)),
            "graph_labels": "".join(f"{i % 2}\n" for i in range(20)),
        },
    ),
    "a label of TU": (
        "a.zip",
        {
            "A": "1, 2\n",
            "graph_indicator": "1\n1\n" + "".join(f"{i}\n" for i in range(2, 21)),
            "graph_labels": "@\n" + "".join(f"{i % 2}\n" for i in range(19)),
        },
    ),
}


def filled(template: str, value: str) -> bytes:
    return template.replace("@", value).replace("\x01", "@<").encode(errors="surrogatepass")


@pytest.mark.parametrize("place", GRAPHS)
def test_whatever_stands_in_a_file_is_read_or_refused_in_one_sentence(place):
    name, template = GRAPHS[place]
    for value in (*NUMBERS, *TEXTS):
        judge({name: filled(template, value)})


@pytest.mark.parametrize("place", DATASETS)
def test_whatever_stands_in_a_dataset_is_read_or_refused_in_one_sentence(place):
    name, template = DATASETS[place]
    for value in (*NUMBERS, *TEXTS):
        if isinstance(template, dict):
            judge_dataset(
                name, zipped({f"a_{part}.txt": filled(text, value) for part, text in template.items()})
            )
        else:
            judge_dataset(name, filled(template, value))


@pytest.mark.parametrize(
    "value",
    [
        10**20,
        1 << 40_000,
        -(10**400),
        2**64 - 1,
        float("nan"),
        float("inf"),
        "\ud800",
        None,
        1j,
        b"a",
        (1,),
        True,
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_stands_in_a_pickle_is_read_or_refused_in_one_sentence(value):
    for name in (
        "num_nodes",
        "y",
        "graph_id",
        "smiles",
        "name",
        "x",
        "z",
        "edge_attr",
        "feature_names",
        "prediction",
        "q",
    ):
        judge({"a.pt": saved({"edge_index": torch.tensor([[0], [1]]), name: value})})


@pytest.mark.parametrize(
    "value", ["9" * 5_000, "1e999", "NaN", "-1", '"\\ud800"', "[[[1]]]", "1" + "0" * 400]
)
def test_whatever_stands_in_the_metadata_is_read_or_refused_in_one_sentence(value):
    for name in ("num_nodes", "y", "graph_id", "name", "feature_names"):
        judge(
            {
                "a.safetensors": save(
                    {"edge_index": torch.tensor([[0], [1]])}, {"graph": f'{{"{name}": {value}}}'}
                )
            }
        )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *itertools.product(
            ("x", "y", "edge_index", "nptr", "edge_gt"),
            ("uint64", "int8", "float16", "longdouble", "bool", ">i8", ">f4", "complex64"),
        )
    ],
)
def test_whatever_kind_an_array_has_it_is_read_or_refused_in_one_sentence(name, kind):
    for change in (lambda a: a, lambda a: a - 1, lambda a: a * 2**63):
        arrays = pack(20)
        with np.errstate(all="ignore"):
            arrays[name] = change(arrays[name].astype("longdouble")).astype(kind)
        file = io.BytesIO()
        np.savez(file, **arrays)
        judge_dataset("a.npz", file.getvalue())


@pytest.mark.parametrize("value", [value for value in NUMBERS if value])
def test_a_number_in_a_workbook_is_read_or_refused_in_one_sentence(value):
    rows = f'<row><c t="str"><v>source</v></c><c t="str"><v>target</v></c><c t="str"><v>w</v></c></row><row><c><v>1</v></c><c><v>2</v></c><c><v>{value}</v></c></row>'
    judge({"a.xlsx": book([rows])})


def test_digits_with_underlines_are_a_name_and_no_number():
    """Python reads 1_2 as 12: codes such as 1_2 and 12 would be one number."""
    (graph,) = read_files({"a.csv": b"source,target,kind\na,b,1_2\nb,c,12_\nc,d,1_2\n"})
    assert graph.edge_feature_names == ["kind=12_", "kind=1_2"]
    (graph,) = read_files({"a_nodes.csv": b"id,q\na,1_2\nb,12\n", "a_edges.csv": b"source,target\na,b\n"})
    assert graph.x is None
    with pytest.raises(ValueError, match=r"^Expected 'q' of type 'double' \(got '1_2'\)"):
        read_files({"a.graphml": filled(GRAPHS["a value in GraphML"][1], "1_2")})


def test_attributes_of_tu_beyond_32_bits_are_refused():
    name, template = DATASETS["an attribute of TU"]
    files = {f"a_{part}.txt": filled(text, "1e308") for part, text in template.items()}
    with pytest.raises(
        ValueError, match=r"^Expected numbers that fit into 32 bits .*\(got '1e308' in row 1\)"
    ):
        read_dataset(zipped(files), name)


def test_classes_with_underlines_stay_names():
    rows = "".join(f"CC,{('1_2', '12', '1_3')[i % 3]}\n" for i in range(60))
    data = read_dataset(f"smiles,label\n{rows}".encode(), "a.csv")
    assert data.spec.classes == ("12", "1\uff3f2", "1\uff3f3") or data.spec.classes == ("12", "1_2", "1_3")


def test_a_label_of_thousands_of_digits_in_a_list_is_refused_in_words():
    graphs = ",".join('{"y": 1, "nodes": [{"id": 0}], "edges": []}' for _ in range(20))
    content = f'[{{"y": {"9" * 5_000}}},{graphs}]'.encode()
    with pytest.raises(
        ValueError, match=r"^Expected a list of graphs as JSON \(got a number of thousands of digits\)"
    ):
        read_dataset(content, "a.json")
