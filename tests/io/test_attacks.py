# ruff: noqa: E501 - a case is a line
"""Hostile and broken files: each ends in a good graph, or in one sentence that refuses it."""

import io
import json
import pickle
import random
import struct
import zipfile
from pathlib import Path

import pytest
import torch
from bounds import bounded
from safetensors.torch import save
from torch_geometric.data import Data

from hpme.io import read_files
from hpme.limits import LIMITS, Limits

SAMPLES = {
    path.name: path.read_bytes()
    for path in sorted((Path(__file__).parents[2] / "assets/samples").glob("*.*"))
}
TEXTS = [name for name in SAMPLES if not name.endswith((".zip", ".xlsx", ".pt", ".safetensors"))]
SCRIPTS = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "link": "javascript:alert(1)",
    "quote": "\"'><svg onload=alert(1)>",
    "formula": '=HYPERLINK("http://x")',
    "path": "../../etc/passwd",
    "null": "a\0b",
    "right to left": "\u202etxt.exe",
    "emoji": "👩‍🔬",
    "surrogate": "\\ud800",
    "newline": "a\nb",
    "long": "a" * 100_000,
    "markdown": "![x](http://x)",
    "latex": "$\\input{/etc/passwd}$",
}


def outcome(content: bytes, name: str) -> bool:
    """Whether a file is read, within five seconds and one GiB."""
    with bounded():
        return judge({name: content})


def judge(files: dict[str, bytes]) -> bool:
    """Whether files are read; checks what they are read as, or the sentence that refuses them."""
    try:
        graphs = read_files(files)
    except ValueError as error:
        assert_sentence(error)
        return False
    assert_good(graphs, LIMITS)
    return True


def assert_sentence(error: ValueError) -> None:
    """One sentence that says what was expected."""
    sentence = str(error)
    assert sentence.startswith(("Expected ", "Missing ")), sentence
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert "integer string conversion" not in sentence  # Python's limit is no business of a user's
    assert "site-packages" not in sentence


def assert_good(graphs: list[Data], limits: Limits) -> None:
    """Undirected graphs without repeated edges, of finite features and no more than the limits allow."""
    assert 1 <= len(graphs) <= limits.graphs
    for graph in graphs:
        assert 1 <= graph.num_nodes <= limits.nodes
        assert graph.edge_index.numel() == 0 or 0 <= graph.edge_index.min() <= graph.edge_index.max()
        assert graph.edge_index.numel() == 0 or graph.edge_index.max() < graph.num_nodes
        ends = {*map(tuple, graph.edge_index.t().tolist())}
        assert len(ends) == graph.num_edges
        assert all((v, u) in ends for u, v in ends)
        assert graph.x is None or bool(graph.x.isfinite().all())
        if "edge_attr" in graph:
            rows = dict(zip(map(tuple, graph.edge_index.t().tolist()), graph.edge_attr.tolist(), strict=True))
            assert graph.edge_attr.isfinite().all()
            assert graph.edge_attr.dtype == torch.float32
            assert all(rows[v, u] == row for (u, v), row in rows.items())


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def saved(value: object, **options: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def pickled(script: bytes, storage: bytes = b"\0" * 8) -> bytes:
    return zipped({"a/data.pkl": script, "a/data/0": storage})


def tensor(size: str, offset: int = 0) -> bytes:
    """A pickle of a dict whose 'edge_index' is a view of eight bytes, as text opcodes."""
    head = b"(Vedge_index\nctorch._utils\n_rebuild_tensor_v2\n"
    pid = b"((Vstorage\nctorch\nLongStorage\nV0\nVcpu\nI1\ntQ"
    return head + pid + f"I{offset}\n{size}I00\n(dtRd.".encode()


class Evil:
    """Runs a function when it is unpickled."""

    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self) -> tuple:
        return self.call[0], self.call[1:]


def texts() -> dict[str, tuple[bytes, str]]:
    cases = {}
    for kind, text in SCRIPTS.items():
        quoted = json.dumps(text).encode()
        node = b'{"nodes": [{"id": %s}], "edges": [], "graph": {"name": %s}}' % (quoted, quoted)
        cases[f"{kind} in json"] = node, "a.json"
        cases[f"{kind} as a feature"] = b'{"nodes": [{"id": 0, %s: 1}], "edges": []}' % quoted, "a.json"
        cases[f"{kind} as smiles"] = (
            b'{"nodes": [{"id": 0}], "edges": [], "graph": {"smiles": %s}}' % quoted,
            "a.json",
        )
        cases[f"{kind} in csv"] = f"source,target,note\n{text},b,{text}\n".encode(errors="replace"), "a.csv"
        cases[f"{kind} as a molecule"] = f"C {text}\n{text}".encode(errors="replace"), "a.smi"
        cases[f"{kind} in xml"] = (
            f'<graphml><graph><node id="{text}"/></graph></graphml>'.encode(),
            "a.graphml",
        )
        cases[f"{kind} as a file name"] = b"CC", text + ".smi"
        cases[f"{kind} as a zipped name"] = zipped({text.replace("\0", "")[:9_000] + ".smi": b"CC"}), "a.zip"
        cases[f"{kind} as an ending"] = b"CC", "a." + text
    return cases


def broken() -> dict[str, tuple[bytes, str]]:
    cases = {}
    for name, content in SAMPLES.items():
        for part in (0, 1, 2, 3, 5, 8):
            cases[f"{name} cut to {part}/9"] = content[: len(content) * part // 9], name
        cases[f"{name} twice"] = content * 2, name
        cases[f"{name} backwards"] = content[::-1], name
        cases[f"{name} with zeros"] = content + b"\0" * 100, name
        for other in SAMPLES:
            if Path(other).suffix != Path(name).suffix:
                cases[f"{name} as {other}"] = content, other
    for name in TEXTS:
        for encoding in ("utf-16", "utf-32", "utf-7", "cp037"):
            cases[f"{name} in {encoding}"] = SAMPLES[name].decode().encode(encoding), name
        cases[f"{name} with latin-1"] = SAMPLES[name] + b"\xe9", name
        cases[f"{name} by old Macs"] = SAMPLES[name].replace(b"\n", b"\r"), name
    return cases


def molecules() -> dict[str, tuple[bytes, str]]:
    smiles = {
        "open ring": "C1CC",
        "open branch": "C(" * 300,
        "closed branch": "C)" * 300,
        "nested branches": "C(" * 250 + "C" + ")" * 250,
        "long chain": "C" * 999,
        "too long a chain": "C" * 100_000,
        "five bonds": "C(C)(C)(C)(C)C",
        "unknown element": "[Xx]",
        "huge charge": "[C+99999999999999999999]",
        "huge isotope": "[99999999999999999999C]",
        "huge hydrogens": "[CH999999999]",
        "ring numbers": "C%(999999999999)C",
        "dense rings": "".join(f"C%{i}%{i + 1}" for i in range(10, 98)),
        "cube of rings": "C12C3C4C1C5C2C3C45" * 20,
        "dots": "." * 500,
        "salt": "[Na+].[Cl-]",
        "reaction": "C>>C",
        "extension": "C |atomProp:0.x.y|",
        "query": "[#6;R1]",
        "dummies": "*" * 100,
        "hydrogen": "[H][H]",
        "no atoms": " ",
        "stars of David": "✡" * 10,
    }
    block = SAMPLES["caffeine.mol"].decode()
    count = block.splitlines()[3]
    counts = {
        "huge counts": "999999" + count[6:],
        "negative counts": " -1 -1" + count[6:],
        "no counts": "",
        "one atom too many": f"{int(count[:3]) + 1:3}" + count[3:],
        "version": count.replace("V2000", "V9000"),
        "version 3 without a body": count.replace("V2000", "V3000"),
    }
    v3 = "\n  x\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS %s 0 0 0\nM  END\n"
    return (
        {name: (text.encode(), "a.smi") for name, text in smiles.items()}
        | {f"{name} in mol": (block.replace(count, new).encode(), "a.mol") for name, new in counts.items()}
        | {
            f"v3 of {n}": ((v3 % n).encode(), "a.sdf")
            for n in ("0 0", "999999999 1", "-5 -5", "x y", "9" * 30)
        }
        | {"only separators": (b"$$$$\n" * 10_000, "a.sdf"), "no end": (block[:-20].encode(), "a.mol")}
        | tables_of_atoms()
    )


def tables_of_atoms() -> dict[str, tuple[bytes, str]]:
    """Molecules as MOL2, InChI and V3000 that lie about themselves, or are as large as may be."""
    mol2, start = SAMPLES["two.mol2"].decode(), "@<TRIPOS>"
    many = "".join(f"{i} C{i} 0 0 0 C.3\n" for i in range(1, 20_001))
    ring = "".join(f"{i} {i} {i % 20_000 + 1} 1\n" for i in range(1, 20_001))
    clique = "".join(f"{i} {i // 140 + 1} {i % 140 + 1} 1\n" for i in range(140 * 140))
    tables = {
        "no counts": mol2.replace(" 20  20 1 0 0", ""),
        "other counts": mol2.replace(" 20  20", "99999999999 1"),
        "negative counts": mol2.replace(" 20  20", "-1 -1"),
        "no atoms": f"{start}MOLECULE\nx\n0 0\n{start}ATOM\n",
        "no sections": f"{start}MOLECULE\n" * 10_000,
        "a bond to itself": mol2.replace("  1   1   2 1", "  1   1   1 1"),
        "a strange bond": mol2.replace("  1   1   2 1", "  1   1   2 " + "9" * 400),
        "a strange type": mol2.replace("C.3", "C." + "9" * 10_000),
        "strange numbers": mol2.replace("  1 C1", "  1e99 C1"),
        "many atoms": f"{start}MOLECULE\nx\n20000 20000\n{start}ATOM\n{many}{start}BOND\n{ring}",
        "many bonds": f"{start}MOLECULE\nx\n20000 19600\n{start}ATOM\n{many}{start}BOND\n{clique}",
        "hydrogen only": f"{start}MOLECULE\nx\n20000 20000\n{start}ATOM\n{many}{start}BOND\n{ring}".replace(
            "C.3", "H"
        ),
    }
    inchi = {
        "nothing": "InChI=1S/",
        "slashes": "InChI=1S" + "/" * 900,
        "brackets": "InChI=1S/C9H9/c" + "(" * 900,
        "a huge formula": "InChI=1S/C99999999999999999999",
        "many atoms": "InChI=1S/C500/c" + "-".join(map(str, range(1, 200))),
        "an atom that is not there": "InChI=1S/C2H6O/c1-2-9/h3H,2H2,1H3",
        "a layer of charges": "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3/q+99999999999",
        "stereo": "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3/t1-,2+,99-/m9/s9",
        "isotopes": "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3/i1+99999,1D9999",
        "ten thousand lines": "InChI=1S/CH4/h1H4\n" * 10_000,
    }
    atoms = "".join(f"M  V30 {i} C 0 0 0 0\n" for i in range(1, 20_001))
    v3 = "\n  x\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS %d 0 0 0 0\nM  V30 BEGIN ATOM\n%sM  V30 END ATOM\nM  V30 END CTAB\nM  END\n"
    extended = {
        "many atoms": v3 % (20_000, atoms),
        "much hydrogen": v3 % (20_000, atoms.replace(" C ", " H ")),
        "a line that goes on": v3 % (1, "M  V30 1 C -\n" * 20_000 + "M  V30 0 0 0 0\n"),
        "huge options": v3 % (1, "M  V30 1 C 0 0 0 0 CHG=999999999999 RAD=-9 MASS=1e99 VAL=99\n"),
        "numbers of atoms": v3 % (1, "M  V30 -99999999999999999999 C 0 0 0 0\n"),
    }
    return (
        {f"{name} in mol2": (text.encode(), "a.mol2") for name, text in tables.items()}
        | {f"{name} in InChI": (text.encode(), "a.inchi") for name, text in inchi.items()}
        | {f"{name} in V3000": (text.encode(), "a.sdf") for name, text in extended.items()}
    )


def xml(*keys: str, graph: str) -> bytes:
    return f"<graphml>{''.join(keys)}<graph>{graph}</graph></graphml>".encode()


def graphs() -> dict[str, tuple[bytes, str]]:
    many = LIMITS.nodes + 1
    lists = {
        "isolated nodes": ("id\na\nb\nc\n", "a,a"),
        "unknown end": ("id\na\n", "a,b"),
        "no id": ("x0\n1\n", "a,b"),
        "infinite feature": ("id,q\na,inf\nb,1\n", "a,b"),
        "NaN feature": ("id,q\na,nan\nb,1\n", "a,b"),
        "same node twice": ("id\na\na\n", "a,a"),
        "row too short": ("id,q\na\n", "a,a"),
        "row too long": ("id\na,1\n", "a,a"),
        "bad element": ("id,element\na,Zz\n", "a,a"),
        "one element": ("id,element\na,C\nb,\n", "a,b"),
        "bad truth": ("id,node_gt\na,7\nb,1\n", "a,b"),
        "open quote": ('id\n"a\n', "a,a"),
        "column x": ("id,x\na,1\nb,2\n", "a,b"),
        "feature x1 without x0": ("id,x1\na,1\nb,2\n", "a,b"),
        "wide": ("id," + ",".join(f"x{i}" for i in range(2000)) + "\na" + ",1" * 2000, "a,a"),
        "long feature": ("id,q\na,1e400\n", "a,a"),
    }
    edges = {
        "self loop": "a,a",
        "duplicates": "a,b\nb,a\na,b",
        "duplicates, unlike": "source,target,edge_gt\na,b,1\nb,a,0",
        "three columns": "a,b,c",
        "only a header": "source,target",
        "one column": "a\nb",
        "many rows": "a,b\n" * (LIMITS.edges + 1),
        "many nodes": "\n".join(f"{i},{i}" for i in range(many)),
        "a million nodes": "\n".join(f"{i},0" for i in range(1_000_000)),
        "huge numbers": "9" * 400 + ",0",
        "huge cell": "a" * 200_000 + ",b",
        "empty rows": "\n\n,\na,b\n\n",
    }
    deep = b'{"nodes":' * 50_000
    return (
        {f"nodes: {n}": (zipped({"nodes.csv": a.encode(), "edges.csv": b.encode()}), "a.zip") for n, (a, b) in lists.items()}
        | {f"edges: {name}": (text.encode(), "a.csv") for name, text in edges.items()}
        | {
            "deep objects": (deep, "a.json"),
            "many lists": (b"[" + b"[]," * 1_000_000 + b"[]]", "a.json"),
            "too many bytes": (b" " * (LIMITS.bytes + 1), "a.json"),
            "million nodes": (b'{"nodes":[' + b'{"id":1},' * 1_000_000 + b'{"id":1}],"edges":[]}', "a.json"),
            "a graph without nodes": (b'[{"nodes":[{"id":1}],"edges":[]},{"nodes":[],"edges":[]}]', "a.json"),
            "many tags": (b"<graphml>" + b"<a/>" * 600_000 + b"</graphml>", "a.graphml"),
            "many attributes": (b"<graphml %s/>" % b" ".join(b'a%d=""' % i for i in range(50_000)), "a.graphml"),
            "a field for each node": (json.dumps({"nodes": [{"id": i, **{f"{i}_{j}": 1 for j in range(18)}} for i in range(20_000)], "edges": []}).encode(), "a.json"),
            "a field for each edge": (json.dumps({"nodes": [{"id": i} for i in range(300)], "edges": [{"source": i // 300, "target": i % 300, f"{i}": 1} for i in range(300, 300 * 150, 151)]}).encode(), "a.json"),
            "many defaults": (xml(*(f"<key id='{i}' attr.name='{i}'><default>1</default></key>" for i in range(60_000)), graph="<node id='a'/>" * 1000), "a.graphml"),
            "many keys and graphs": (xml(*(f"<key id='{i}'/>" for i in range(100_000)), graph="<node id='a'/></graph><graph>" * 998 + "<node id='b'/>"), "a.graphml"),
            "data of its own at each node": (xml(graph="".join(f"<node id='{i}'><data key='{i}'>1</data></node>" for i in range(20_000))), "a.graphml"),
            "nested nodes": (xml(graph="<node id='a'><graph>" * 12 + "</graph></node>" * 12), "a.graphml"),
            "many hyperedges": (xml(graph="<hyperedge/>" * 100_000), "a.graphml"),
            "same attribute": (b'<graphml a="" a=""/>', "a.graphml"),
            "parameter entity": (b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://x"> %b;]><graphml/>', "a.graphml"),
            "include": (b'<graphml xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></graphml>', "a.graphml"),
        }
    )  # fmt: skip


def languages() -> dict[str, tuple[bytes, str]]:
    """What tries the readers of GML, DOT, Pajek, GEXF and Matrix Market."""
    many = "".join(f"{i} {i % 20_000}\n" for i in range(1, 99_000))
    gexf = '<gexf><graph><attributes class="node">%s</attributes><nodes>%s</nodes></graph></gexf>'
    defaults = "".join(
        f'<attribute id="{i}" type="integer"><default>1</default></attribute>' for i in range(5_000)
    )
    nodes = "".join(f'<node id="{i}"/>' for i in range(9_000))
    cases = {
        "deep.gml": "graph [ " + "a [ " * 50_000,
        "closed.gml": "graph [ " + "] " * 100_000,
        "quote.gml": 'graph [ node [ id 1 label "' + "x" * 500_000,
        "numbers.gml": f"graph [ node [ id {'9' * 5_000} a {'9' * 5_000} b 1e999 ] ]",
        "graphs.gml": "graph [ node [ id 1 ] ] " * 100_000,
        "values.gml": "a 1 " * 1_000_000,
        "remarks.gml": "# remark\n" * 500_000,
        "deep.gv": "graph {" + "{" * 100_000,
        "product.gv": "graph { {"
        + " ".join(map(str, range(9_000)))
        + "} -- {"
        + " ".join(map(str, range(9_000)))
        + "} }",
        "chain.gv": "graph { " + " -- ".join(map(str, range(200_000))) + " }",
        "html.gv": "graph { a [label=" + "<" * 500_000,
        "quote.gv": 'graph { a [label="' + "\\" * 500_000,
        "remark.gv": "/*" * 500_000 + " graph {",
        "sums.gv": "graph { a [label=" + '"a" + ' * 100_000 + '"a"] }',
        "graphs.gv": "graph {a} " * 100_000,
        "attributes.gv": "graph { a [" + ",".join(f"a{i}=1" for i in range(100_000)) + "] }",
        "vertices.net": "*Vertices 20000\n" * 100_000,
        "huge.net": "*Vertices " + "9" * 5_000,
        "matrix.net": "*Vertices 2000\n*Matrix\n" + ("1 " * 2_000 + "\n") * 2_000,
        "list.net": "*Vertices 20000\n*Arcslist\n" + " ".join(map(str, range(1, 20_001))) + "\n",
        "edges.net": f"*Vertices 20000\n*Edges\n{many}",
        "defaults.gexf": gexf % (defaults, nodes),
        "nested.gexf": "<gexf><graph>" + "<nodes><node id='a'>" * 5_000,
        "array.mtx": "%%MatrixMarket matrix array real symmetric\n20000 20000\n1\n",
        "entries.mtx": "%%MatrixMarket matrix coordinate real general\n20000 20000 99999999999\n1 1 nan\n",
        "nan.mtx": "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 nan\n",
        "rows.mtx": "%%MatrixMarket matrix coordinate pattern general\n20000 20000 98999\n" + many,
    }
    return {f"{name} of a language": (text.encode(), name) for name, text in cases.items()}


def workbooks() -> dict[str, tuple[bytes, str]]:
    """Workbooks that are huge, empty or lie about themselves."""
    book = '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="1"/></sheets></workbook>'
    link = '<Relationships><Relationship Id="1" Target="%s"/></Relationships>'
    sheet = "<worksheet><sheetData>%s</sheetData></worksheet>"
    path = "worksheets/sheet1.xml"
    rows = {
        "far row": '<row r="9999999"><c r="A9999999"><v>1</v></c></row>',
        "far column": '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        "rows backwards": '<row r="9"><c r="B9"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        "text that is not there": '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        "many cells": "<row>" + "<c ><v>1</v></c>" * 450_000 + "</row>",
        "many rows": "<row><c><v>1</v></c></row>" * 300_000,
        "deep": "<row>" * 100_000,
        "entity": "<!DOCTYPE a [<!ENTITY b 'c'>]><row/>",
        "nothing": "",
    }
    made = {
        name: zipped(
            {
                "xl/workbook.xml": book.encode(),
                "xl/_rels/workbook.xml.rels": (link % path).encode(),
                f"xl/{path}": (sheet % row).encode(),
            }
        )
        for name, row in rows.items()
    }
    made["a sheet elsewhere"] = zipped(
        {
            "xl/workbook.xml": book.encode(),
            "xl/_rels/workbook.xml.rels": (link % "../../../etc/passwd").encode(),
        }
    )
    made["no links"] = zipped({"xl/workbook.xml": book.encode()})
    made["no XML"] = zipped({"xl/workbook.xml": b"\x00"})
    return {f"a workbook: {name}": (content, "a.xlsx") for name, content in made.items()}  # fmt: skip


def archives() -> dict[str, tuple[bytes, str]]:
    bomb = zipped({"a.json": b" " * (LIMITS.unpacked_bytes + 1)})
    lying = bytearray(zipped({"a.smi": b"C" * 1000}))
    where = lying.rindex(b"PK\x01\x02")
    lying[where + 24 : where + 28] = struct.pack("<I", 10)
    locked = bytearray(zipped({"a.smi": b"CC"}))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    methods = {}
    for method in (1, 6, 9, 12, 14, 97, 99):
        strange = bytearray(zipped({"a.smi": b"CC"}))
        for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
            strange[strange.index(mark) + place] = method
        methods[f"zip method {method}"] = bytes(strange), "a.zip"
    return methods | {
        "zip bomb": (bomb, "a.zip"),
        "zip bomb as tensors": (bomb, "a.pt"),
        "zip in a zip": (zipped({"a.zip": bomb}), "a.zip"),
        "zip that lies of its size": (bytes(lying), "a.zip"),
        "locked zip": (bytes(locked), "a.zip"),
        "empty zip": (zipped({}), "a.zip"),
        "zip of folders": (zipped({"a/": b"", "b/": b""}), "a.zip"),
        "zip of many": (zipped({f"{i}.smi": b"C" for i in range(LIMITS.files + 1)}), "a.zip"),
        "zip of a program": (zipped({"a.exe": b"MZ"}), "a.zip"),
        "zip that climbs": (zipped({"../../a.smi": b"CC"}), "a.zip"),
        "zip with hidden files": (zipped({"__MACOSX/._a.smi": b"\0", "a.smi": b"CC"}), "a.zip"),
    }


def tensors() -> dict[str, tuple[bytes, str]]:
    edges = torch.tensor([[0, 1], [1, 0]])
    values = {
        "float edges": {"edge_index": edges.float()},
        "flat edges": {"edge_index": torch.tensor([0, 1])},
        "three rows": {"edge_index": torch.zeros(3, 2, dtype=torch.long)},
        "out of range": {"edge_index": edges * 9, "x": torch.ones(2, 1)},
        "negative": {"edge_index": -edges, "x": torch.ones(2, 1)},
        "no edge index": {"x": torch.ones(2, 1)},
        "no nodes": {"edge_index": edges[:, :0], "x": torch.ones(0, 3)},
        "no features": {"edge_index": edges, "x": torch.ones(2, 0)},
        "a million nodes": {"edge_index": edges, "num_nodes": torch.tensor(10**6)},
        "huge end": {"edge_index": edges * 2**62},
        "NaN": {"edge_index": edges, "x": torch.full((2, 1), torch.nan)},
        "infinity": {"edge_index": edges, "x": torch.full((2, 1), 1e300, dtype=torch.float64)},
        "complex": {"edge_index": edges, "x": torch.ones(2, 1, dtype=torch.complex64)},
        "half": {"edge_index": edges, "x": torch.ones(2, 1, dtype=torch.bfloat16)},
        "booleans": {"edge_index": edges, "x": torch.ones(2, 1, dtype=torch.bool)},
        "boolean edges": {"edge_index": edges.bool()},
        "cube": {"edge_index": edges, "x": torch.ones(2, 2, 2)},
        "scalar": {"edge_index": edges, "x": torch.tensor(1.0)},
        "wide": {"edge_index": edges, "x": torch.ones(2, LIMITS.features + 1)},
        "short truth": {"edge_index": edges, "node_gt": torch.ones(1)},
        "atomic number 300": {"edge_index": edges, "z": torch.tensor([6, 300])},
        "two labels": {"edge_index": edges, "y": torch.tensor([1, 2])},
        "one node": {"edge_index": edges[:, :0], "x": torch.ones(1, 1)},
        "self loop": {"edge_index": torch.zeros(2, 1, dtype=torch.long)},
        "one way": {"edge_index": edges[:, :1]},
    }
    objects = {
        "expanded": {"edge_index": edges, "x": torch.ones(1).expand(10**9, 10**3)},
        "sparse": {"edge_index": edges.to_sparse()},
        "a list": [1, 2],
        "same graph often": [{"edge_index": edges.repeat(1, 2000)}] * 1000,
        "a number": 3,
        "a tensor": edges,
        "a module": torch.nn.Linear(1, 1),
        "numbers for names": {1: edges},
        "text for edges": {"edge_index": "a"},
        "truth for a number": {"edge_index": edges, "num_nodes": True},
        "text for a number": {"edge_index": edges, "num_nodes": "2"},
        "command": Evil(print, "never"),
        "import": Evil(__import__, "antigravity"),
        "evaluation": {"x": Evil(eval, "1/0")},
        "opened file": {"x": Evil(open, "/etc/passwd")},
        "big array": {"x": Evil(bytearray, 10**12)},
    }
    scripts = {
        "view beyond its storage": tensor("(I2\nI1000\nt(I1000\nI1\nt"),
        "view before its storage": tensor("(I2\nI1\nt(I1\nI1\nt", -(10**9)),
        "view of negative size": tensor("(I-2\nI1\nt(I1\nI1\nt"),
        "view of its own": tensor("(I2\nI0\nt(I1\nI1\nt"),
        "huge memo": b"Na\x80\x04r\xff\xff\xff\x7f.",
        "state of an object": b"ccollections\nOrderedDict\n)R}b.",
        "no end": b"(((((((",
        "long text": b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fa.",
        "recursion": b"(" * 100_000 + b"t" * 99_999 + b".",
        "extension": b"\x82\x01.",
    }
    header = b'{"x":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}'
    raw = {
        "huge header": struct.pack("<Q", 2**63) + b"{}",
        "shape too large": header % (2**40, 4),
        "offsets too large": header % (1, 2**40),
        "negative shape": header % (-1, 4),
        "no object": b"[]",
        "deep": b"[" * 100_000,
        "unknown type": b'{"x":{"dtype":"OBJ","shape":[1],"data_offsets":[0,4]}}',
        "metadata of lists": b'{"__metadata__":{"graph":"[1]"}}',
        "metadata that is none": b'{"__metadata__":{"graph":"{"}}',
        "metadata with a deep nest": b'{"__metadata__":{"graph":"%s"}}' % (b"[" * 50_000),
        "metadata with edges": b'{"__metadata__":{"graph":"{\\"edge_index\\": [[0],[0]]}"}}',
    }
    return (
        {f"{name} in safetensors": (save({k: v.contiguous() for k, v in value.items()}), "a.safetensors") for name, value in values.items()}
        | {f"{name} in pt": (saved(value), "a.pt") for name, value in (values | objects).items()}
        | {f"pickle: {name}": (pickled(script), "a.pt") for name, script in scripts.items()}
        | {f"raw: {name}": (raw[name] if name == "huge header" else struct.pack("<Q", len(raw[name])) + raw[name], "a.safetensors") for name in raw}
        | {"bare pickle": (pickle.dumps(Evil(print, "never")), "a.pt"), "old torch": (saved({"x": edges}, _use_new_zipfile_serialization=False), "a.pt")}
    )  # fmt: skip


CORPUS = texts() | broken() | molecules() | graphs() | languages() | workbooks() | archives() | tensors()


def test_the_corpus_is_large():
    assert len(CORPUS) >= 200


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_a_good_graph_or_refused_in_one_sentence(name, capsys):
    outcome(*CORPUS[name])
    assert "never" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    ["view beyond its storage", "view before its storage", "huge memo", "state of an object", "long text"],
)
def test_a_pickle_that_would_reach_beyond_its_file_is_refused(name):
    assert not outcome(*CORPUS[f"pickle: {name}"])
    assert outcome(pickled(tensor("(I2\nI1\nt(I0\nI1\nt")), "a.pt")  # the same within it is read


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_with_random_changes_are_good_graphs_or_refused(name):
    rng = random.Random(name)
    for _ in range(60):
        content = bytearray(SAMPLES[name])
        for _ in range(rng.randint(1, 8)):
            place = rng.randrange(len(content) or 1)
            piece = content[place : place + rng.randint(1, 30)]
            match rng.randrange(4):
                case 0:
                    content[place : place + 1] = bytes([rng.randrange(256)])
                case 1:
                    del content[place : place + len(piece)]
                case 2:
                    content[place:place] = piece * rng.randint(1, 5)
                case _:
                    content[place:place] = rng.choice(
                        [b"-1", b"nan", b'"', b"<", b",", b"\0", b"9" * 20, b"[", b"}"]
                    )
        outcome(bytes(content), name)
