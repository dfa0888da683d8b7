# ruff: noqa: E501 - a case is a line
"""Files of any size, of every format: what is many in one is few in another."""

import gzip
import io
import json
from collections.abc import Callable

import numpy as np
import own_files
import torch
from safetensors.torch import save
from test_attacks import saved, zipped

PRIME = 2**61 - 1  # all its multiples have the hash 0
Make = Callable[[int], bytes]
GRAPHS: dict[str, tuple[str, int, Make]] = {}  # name of the file, size, and what makes it of a size
DATASETS: dict[str, tuple[str, int, Make]] = {}


def case(title: str, name: str, size: int, make: Callable[[int], object], cases=GRAPHS) -> None:
    """Adds a case; what is no text and no bytes is written as JSON."""

    def written(count: int) -> bytes:
        made = make(count)
        made = made if isinstance(made, str | bytes) else json.dumps(made)
        return made.encode() if isinstance(made, str) else made

    cases[f"{title} in {name}"] = name, size, written


def lines(row: Callable[[int], str], count: int, before: str = "", after: str = "") -> str:
    return before + "\n".join(map(row, range(count))) + "\n" + after


def ring(count: int) -> list[tuple[int, int]]:
    return [(i, (i + 1) % count) for i in range(count)]


def linked(nodes: int, edges: list, **fields: object) -> dict:
    return {"nodes": [{"id": i, **fields} for i in range(nodes)], "edges": edges}


def joined(pairs: list, **fields: object) -> list[dict]:
    return [{"source": u, "target": v, **fields} for u, v in pairs]


def of_json() -> None:
    one = {"source": 0, "target": 1}
    case("nodes", "a.json", 2_000, lambda n: linked(n, joined(ring(n))))
    case(
        "ids of one hash",
        "a.json",
        2_000,
        lambda n: {
            "nodes": [{"id": k * PRIME} for k in range(n)],
            "edges": joined([(i * PRIME, 0) for i in range(n)]),
        },
    )
    case("pairs of one hash", "a.json", 2_000, lambda n: [[i * PRIME, 0] for i in range(n)])
    case("edges of one hash", "a.json", 2_000, lambda n: joined([(i * PRIME, 0) for i in range(n)]))
    case("neighbours of one hash", "a.json", 2_000, lambda n: {"a": [i * PRIME for i in range(n)], "0": []})
    case(
        "adjacency of one hash",
        "a.json",
        2_000,
        lambda n: {
            "nodes": [{"id": i * PRIME} for i in range(n)],
            "adjacency": [[{"id": i * PRIME}] for i in range(n)],
        },
    )
    case("edges", "a.json", 2_000, lambda n: linked(200, joined([(i % 200, i // 200) for i in range(n)])))
    case(
        "fields of a node",
        "a.json",
        4_000,
        lambda n: {"nodes": [{"id": 0} | {f"k{i}": 1 for i in range(n)}, {"id": 1}], "edges": []},
    )
    case(
        "fields of its own of each node",
        "a.json",
        1_000,
        lambda n: {"nodes": [{"id": i, f"k{i}": 1} for i in range(n)], "edges": []},
    )
    case(
        "fields of its own of each edge",
        "a.json",
        1_000,
        lambda n: linked(2, [one | {f"k{i}": 1} for i in range(n)]),
    )
    case(
        "fields of the first of many edges",
        "a.json",
        1_000,
        lambda n: linked(2, [one | {f"k{i}": 1 for i in range(n)}] + [one] * n),
    )
    case(
        "texts of edges",
        "a.json",
        2_000,
        lambda n: linked(n, [edge | {"kind": f"k{i}"} for i, edge in enumerate(joined(ring(n)))]),
    )
    case("long names", "a.json", 100_000, lambda n: {"nodes": [{"id": "a" * n}], "edges": []})
    case("fields of the graph", "a.json", 10_000, lambda n: linked(1, []) | {f"k{i}": 1 for i in range(n)})
    case("graphs", "a.json", 50, lambda n: [linked(2, [one])] * n)
    case(
        "graphs with a field each",
        "a.json",
        50,
        lambda n: [linked(2, [one]) | {f"k{i}": 1} for i in range(n)],
    )
    case("children", "a.json", 2_000, lambda n: {"name": "a", "children": [{"name": "b"}] * n})
    case("tensors", "a.json", 2_000, lambda n: {"edge_index": [[*range(n)], [0] * n], "x": [[1.5]] * n})
    case("numbers", "a.json", 2_000, lambda n: {"nodes": [{"id": 0, "x": [1.5] * n}], "edges": []})


def of_xml() -> None:
    def xml(graph: str, keys: str = "") -> str:
        return f"<graphml>{keys}<graph edgedefault='undirected'>{graph}</graph></graphml>"

    def nodes(n: int, inner: str = "") -> str:
        return "".join(f"<node id='n{i}'>{inner.format(i=i)}</node>" for i in range(n))

    def edges(n: int) -> str:
        return "".join(f"<edge source='n{i}' target='n{i // 2}'/>" for i in range(n))

    def default(i: int) -> str:
        return f"<key id='{i}' attr.name='k{i}' for='node'><default>1</default></key>"

    case("nodes and edges", "a.graphml", 1_000, lambda n: xml(nodes(n) + edges(n)))
    case("data of its own", "a.graphml", 1_000, lambda n: xml(nodes(n, "<data key='{i}'>1</data>")))
    case("keys", "a.graphml", 2_000, lambda n: xml(nodes(1), "".join(f"<key id='{i}'/>" for i in range(n))))
    case("the same edge", "a.graphml", 1_000, lambda n: xml(nodes(2) + "<edge source='n0' target='n1'/>" * n))
    case(
        "data of a node",
        "a.graphml",
        4_000,
        lambda n: xml("<node id='a'>" + "<data key='a'>1</data>" * n + "</node>"),
    )
    case(
        "attributes",
        "a.graphml",
        2_000,
        lambda n: xml('<node id="a" ' + " ".join(f'a{i}=""' for i in range(n)) + "/>"),
    )
    case(
        "graphs, defaults",
        "a.graphml",
        60,
        lambda n: xml("</graph><graph>".join([nodes(20)] * n), "".join(map(default, range(n)))),
    )
    case("a text", "a.graphml", 100_000, lambda n: xml(f"<node id='a'><data key='a'>{'a' * n}</data></node>"))

    def gexf(nodes: str, edges: str = "", more: str = "") -> str:
        return f"<gexf><graph>{more}<nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>"

    def attributes(n: int) -> str:
        each = "".join(f"<attribute id='{i}' title='t{i}'><default>a</default></attribute>" for i in range(n))
        return f"<attributes class='node'>{each}</attributes>"

    case("nodes and edges", "a.gexf", 1_000, lambda n: gexf(nodes(n), edges(n)))
    case(
        "values of a node",
        "a.gexf",
        2_000,
        lambda n: gexf(
            "<node id='a'><attvalues>" + "<attvalue for='a' value='1'/>" * n + "</attvalues></node>"
        ),
    )
    case("attributes", "a.gexf", 2_000, lambda n: gexf(nodes(2), more=attributes(n)))


def of_languages() -> None:
    case(
        "nodes and edges",
        "a.gml",
        1_000,
        lambda n: (
            f"graph [ {lines(lambda i: f'node [ id {i} ]', n)} {lines(lambda i: f'edge [ source {i} target 0 ]', n)} ]"
        ),
    )
    case(
        "huge ids",
        "a.gml",
        1_000,
        lambda n: f"graph [ {lines(lambda i: f'node [ id {(i + 1) * PRIME} ]', n)} ]",
    )
    case(
        "ids of 18 digits",
        "a.gml",
        1_000,
        lambda n: f"graph [ {lines(lambda i: f'node [ id {i << 40} ]', n)} ]",
    )
    case(
        "fields of its own of each edge",
        "a.gml",
        1_000,
        lambda n: (
            f"graph [ node [ id 0 ] node [ id 1 ] {lines(lambda i: f'edge [ source 0 target 1 k{i} 1 ]', n)} ]"
        ),
    )
    case(
        "keys of a node", "a.gml", 5_000, lambda n: f"graph [ node [ id 0 {lines(lambda i: f'k{i} 1', n)} ] ]"
    )
    case("the same key", "a.gml", 5_000, lambda n: f"graph [ node [ id 0 {lines(lambda i: f'k {i}', n)} ] ]")
    case("a text", "a.gml", 100_000, lambda n: f'graph [ node [ id 0 label "{"a" * n}" ] ]')
    case("lines of a text", "a.gml", 50_000, lambda n: f'graph [ node [ id 0 label "{chr(10) * n}" ] ]')
    case("remarks", "a.gml", 5_000, lambda n: "# a\n\n" * n + "graph [ node [ id 0 ] ]")
    case("graphs", "a.gml", 100, lambda n: "graph [ node [ id 0 ] ]\n" * n)
    case(
        "nodes and edges",
        "a.net",
        1_000,
        lambda n: f"*Vertices {n}\n*Edges\n{lines(lambda i: f'{i + 1} 1', n)}",
    )
    case("networks", "a.net", 100, lambda n: "*Vertices 20\n*Edges\n1 2\n" * n)
    case("labels", "a.net", 1_000, lambda n: lines(lambda i: f'{i + 1} "v{i}"', n, f"*Vertices {n}\n"))
    case(
        "relations",
        "a.net",
        1_000,
        lambda n: "*Vertices 9\n" + "".join(f'*Edges :{i} "r{i}"\n1 {i % 9 + 1}\n' for i in range(n)),
    )
    case(
        "a list",
        "a.net",
        1_000,
        lambda n: f"*Vertices {n}\n*Edgeslist\n{' '.join(str(i + 1) for i in range(n))}",
    )
    case("words", "a.net", 50_000, lambda n: f"*Vertices 1\n1 a {'x ' * n}")
    case("nodes", "a.gv", 1_000, lambda n: f"graph {{ {lines(lambda i: f'n{i} [a=1];', n)} }}")
    case("a chain", "a.gv", 1_000, lambda n: f"graph {{ {' -- '.join(f'n{i}' for i in range(n))} }}")
    case("groups", "a.gv", 1_000, lambda n: f"graph {{ {'subgraph { a } ' * n} }}")
    case(
        "a group at many",
        "a.gv",
        1_000,
        lambda n: f"graph {{ a -- {{ {' '.join(f'n{i}' for i in range(n))} }} }}",
    )
    case("a text of pieces", "a.gv", 5_000, lambda n: 'graph { "a"' + ' + "a"' * n + " }")
    case("attributes", "a.gv", 5_000, lambda n: f"graph {{ a [{','.join(f'k{i}=1' for i in range(n))}] }}")
    case("HTML", "a.gv", 5_000, lambda n: f"graph {{ a [label={'<' * n}{'>' * n}] }}")
    case("open HTML", "a.gv", 5_000, lambda n: f"graph {{ a [label={'<' * n}")
    case("open remarks", "a.gv", 5_000, lambda n: "graph { /*" + "* /" * n)
    case("the same edge", "a.gv", 1_000, lambda n: "graph { " + "a -- b; " * n + "}")
    case("ports", "a.gv", 2_000, lambda n: "graph { a" + ":b" * n + " }")
    head = "%%MatrixMarket matrix coordinate real general\n"
    case("entries", "a.mtx", 1_000, lambda n: lines(lambda i: f"{i + 1} 1 2.5", n, f"{head}{n} {n} {n}\n"))
    case("remarks", "a.mtx", 5_000, lambda n: head + "% a\n" * n + "1 1 0\n")
    case(
        "numbers",
        "a.mtx",
        5_000,
        lambda n: (
            f"{head.replace('coordinate', 'array')}{int(n**0.5)} {int(n**0.5)}\n" + "0\n" * int(n**0.5) ** 2
        ),
    )


def of_tables() -> None:
    case("edges", "a.csv", 2_000, lambda n: lines(lambda i: f"{i},{i // 2}", n, "source,target\n"))
    case("the same edge", "a.csv", 2_000, lambda n: lines(lambda i: f"a,b,{i}", n, "source,target,w\n"))
    case(
        "columns",
        "a.csv",
        100,
        lambda n: (
            "source,target,"
            + ",".join(f"c{i}" for i in range(n))
            + "\n"
            + f"a,b,{','.join(['1'] * n)}\n" * 50
        ),
    )
    case("a cell", "a.csv", 100_000, lambda n: f"source,target,w\na,b,{'x' * n}\n")
    case("lines in a cell", "a.csv", 50_000, lambda n: f'source,target,w\na,b,"{chr(10) * n}"\n')
    case("empty lines", "a.csv", 50_000, lambda n: "source,target\na,b\n" + "\n" * n)
    case("remarks", "a.edges", 5_000, lambda n: "# a\n" * n + "a b\n")
    case("attributes", "a.edges", 500, lambda n: lines(lambda i: f"{i} 0 {{'w': {i}}}", n))
    case(
        "a matrix",
        "a.csv",
        2_500,
        lambda n: lines(lambda i: ",".join(["0", "1"] * (int(n**0.5) // 2)), int(n**0.5) // 2 * 2),
    )
    case("a row", "a.txt", 50_000, lambda n: "a " * n)
    case(
        "members",
        "a.csv.gz",
        1_000,
        lambda n: gzip.compress(b"source,target\n") + gzip.compress(b"a,b\n") * n,
    )


def of_molecules() -> None:
    atom = "    0.0000    0.0000    0.0000 C   0  0\n"
    block = f"x\n\n\n  2  1  0  0  0  0            999 V2000\n{atom}{atom}  1  2  1  0\nM  END\n"
    case("lines", "a.smi", 100, lambda n: "CCO a\n" * n)
    case("lines that are none", "a.smi", 100, lambda n: "CCO a\n" + "C1CC b\n" * n)
    case("cells", "a.csv", 100, lambda n: lines(lambda i: f"CCO,a,{i}", n, "smiles,name,number\n"))
    case("a chain", "a.sdf", 50, lambda n: v3000(n, ""))
    case("a line that goes on", "a.sdf", 4_000, lambda n: v3000(1, "M  V30 1 C -\n" + "M  V30 0 -\n" * n))
    case("records", "a.sdf", 50, lambda n: f"{block}$$$$\n" * n)
    case("fields", "a.sdf", 2_000, lambda n: block + lines(lambda i: f"> <f{i}>\n1\n", n))
    case(
        "lines that are lost",
        "a.sdf",
        2_000,
        lambda n: block.replace("M  END", lines(lambda i: f"M  Z{i:02x}", n) + "M  END"),
    )
    case(
        "blocks that are lost",
        "a.sdf",
        60,
        lambda n: (
            (
                v3000(1, "").replace(
                    "M  V30 END CTAB",
                    "M  V30 END CTAB\n" + lines(lambda i: f"M  V30 BEGIN B{i}\nM  V30 a", n),
                )
                + "$$$$\n"
            )
            + f"{block}$$$$\n" * n
        ),
    )
    one = "@<TRIPOS>MOLECULE\nx\n1 0\nSMALL\nNO_CHARGES\n@<TRIPOS>ATOM\n1 C 0 0 0 C.3\n"
    case("records", "a.mol2", 50, lambda n: one * n)
    case("sections", "a.mol2", 2_000, lambda n: one + lines(lambda i: f"@<TRIPOS>S{i}\na", n))
    case("lines", "a.inchi", 50, lambda n: "InChI=1S/CH4/h1H4 a\n" * n)


def v3000(count: int, instead: str) -> str:
    v30 = "M  V30 "
    atoms = instead or lines(lambda i: f"{v30}{i + 1} C 0 0 0 0", count)
    bonds = lines(lambda i: f"{v30}{i + 1} 1 {i + 1} {i + 2}", count - 1)
    head = f"\n\n\n  0  0  0     0  0            999 V3000\n{v30}BEGIN CTAB\n{v30}COUNTS {count} {count - 1} 0 0 0\n"
    return f"{head}{v30}BEGIN ATOM\n{atoms}{v30}END ATOM\n{v30}BEGIN BOND\n{bonds}{v30}END BOND\n{v30}END CTAB\nM  END\n"


def of_packed() -> None:
    case("graphs", "a.pt", 30, lambda n: saved([{"edge_index": torch.tensor([[0], [1]])}] * n))
    case(
        "fields",
        "a.pt",
        2_000,
        lambda n: saved({"edge_index": torch.tensor([[0], [1]])} | {f"k{i}": i for i in range(n)}),
    )
    case("edges", "a.pt", 2_000, lambda n: saved({"edge_index": torch.tensor(ring(n)).t().contiguous()}))
    case(
        "tensors",
        "a.safetensors",
        200,
        lambda n: save(
            {"edge_index": torch.tensor([[0], [1]])} | {f"k{i}": torch.zeros(1) for i in range(n)}
        ),
    )
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}"><v>1</v></c></row>'
    case("rows", "a.xlsx", 500, lambda n: book([lines(lambda i: row.format(i + 1), n)]))
    case(
        "far cells",
        "a.xlsx",
        200,
        lambda n: book([lines(lambda i: f'<row><c r="ALL{i}"><v>1</v></c></row>', n)]),
    )
    case("a far row", "a.xlsx", 20_000, lambda n: book([row.format(1) + row.format(n)]))
    case("empty rows", "a.xlsx", 2_000, lambda n: book([row.format(1) + "<row/>" * n]))
    case("sheets", "a.xlsx", 10, lambda n: book([row.format(1) + row.format(2)] * n))
    case("one sheet, named again", "a.xlsx", 100, lambda n: book([lines(lambda i: row.format(i + 1), n)], n))
    case(
        "a long text",
        "a.xlsx",
        100,
        lambda n: book(['<row><c t="s"><v>0</v></c></row>' * n], texts=["a" * n]),
    )


def book(sheets: list[str], often: int = 1, texts: list[str] | None = None) -> bytes:
    rows = {
        f"xl/s{i}.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
        for i, rows in enumerate(sheets)
    }
    names = "".join(f'<sheet name="s{i}x{k}" id="r{i}"/>' for k in range(often) for i in range(len(sheets)))
    links = "".join(f'<Relationship Id="r{i}" Target="s{i}.xml"/>' for i in range(len(sheets)))
    said = "".join(f"<si><t>{text}</t></si>" for text in texts or [])
    parts = {"xl/workbook.xml": f"<workbook><sheets>{names}</sheets></workbook>"}
    parts |= {"xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>"}
    parts |= {"xl/sharedStrings.xml": f"<sst>{said}</sst>"} | rows
    return zipped({name: text.encode() for name, text in parts.items()})


def of_datasets() -> None:
    graph = linked(2, joined([(0, 1)]))
    case(
        "fields of its own of each graph",
        "a.jsonl",
        200,
        lambda n: lines(lambda i: json.dumps(graph | {"y": i % 2, f"k{i}": 1}), n),
        DATASETS,
    )
    case(
        "labels of one hash",
        "a.jsonl",
        200,
        lambda n: lines(lambda i: json.dumps(graph | {"y": i * PRIME}), n),
        DATASETS,
    )
    case("graphs", "a.json", 100, lambda n: [graph | {"y": i % 2} for i in range(n)], DATASETS)
    case(
        "lines", "a.csv", 200, lambda n: lines(lambda i: f"CCO,{'ab'[i % 2]}", n, "smiles,label\n"), DATASETS
    )
    case(
        "columns",
        "a.csv",
        12,
        lambda n: lines(
            lambda i: f"CCO,{','.join([str(i % 2)] * n)}",
            50,
            f"smiles,{','.join(f'c{i}' for i in range(n))}\n",
        ),
        DATASETS,
    )
    one_graph()
    case("graphs", "a.zip", 500, tu, DATASETS)
    case("graphs", "a.npz", 500, npz, DATASETS)


def one_graph() -> None:
    case("labels of nodes", "a.json", 500, own_files.node_link, DATASETS)
    case("labels of nodes", "a.graphml", 500, own_files.write_node_graphml, DATASETS)
    case(
        "labels of nodes of one hash",
        "a.json",
        500,
        lambda n: labelled_nodes(n, lambda i: {"y": i * PRIME}),
        DATASETS,
    )
    case(
        "numbers of nodes of one hash",
        "a.json",
        500,
        lambda n: labelled_nodes(n, lambda i: {"y": i % 2, "k": i * PRIME}),
        DATASETS,
    )
    case(
        "fields of its own of each node",
        "a.json",
        500,
        lambda n: labelled_nodes(n, lambda i: {"y": i % 2, f"k{i}": 1}),
        DATASETS,
    )
    case(
        "labels beside the nodes",
        "a.json",
        500,
        lambda n: linked(n, joined(ring(n))) | {"y": [i % 2 for i in range(n)]},
        DATASETS,
    )
    case(
        "labels among tensors",
        "a.json",
        500,
        lambda n: {"edge_index": [[*range(n)], [0] * n], "y": [i % 2 for i in range(n)]},
        DATASETS,
    )
    case(
        "labels",
        "a.gml",
        500,
        lambda n: (
            "graph ["
            + lines(lambda i: f"node [ id {i} y {i % 2} ]", n)
            + lines(lambda i: f"edge [ source {i} target {i // 2} ]", n)
            + "]"
        ),
        DATASETS,
    )
    case(
        "labels",
        "a.gv",
        500,
        lambda n: "graph {" + lines(lambda i: f"{i} [y={i % 2}]; {i} -- {i // 2}", n) + "}",
        DATASETS,
    )
    case(
        "tables",
        "b.zip",
        500,
        lambda n: own_files.zip_tables(
            lines(lambda i: f"{i},{i % 2}", n, "id,y\n"),
            lines(lambda i: f"{i},{i // 2}", n, "source,target\n"),
        ),
        DATASETS,
    )
    case("labels", "a.pt", 500, lambda n: saved_nodes(n), DATASETS)
    case("labels", "b.npz", 500, lambda n: npz_of_nodes(n), DATASETS)


def labelled_nodes(count: int, fields: Callable[[int], dict]) -> dict:
    return {"nodes": [{"id": i} | fields(i) for i in range(count)], "edges": joined(ring(count))}


def tensors_of_nodes(count: int) -> dict[str, torch.Tensor]:
    start = torch.arange(count)
    return {"edge_index": torch.stack([start, start.roll(1)]), "x": torch.ones(count, 2), "y": start % 2}


def saved_nodes(count: int) -> bytes:
    buffer = io.BytesIO()
    torch.save(tensors_of_nodes(count), buffer)
    return buffer.getvalue()


def npz_of_nodes(count: int) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **{name: value.numpy() for name, value in tensors_of_nodes(count).items()})
    return buffer.getvalue()


def tu(count: int) -> bytes:
    parts = {
        "A": lines(lambda i: f"{i + 1}, {(i ^ 1) + 1}", 2 * count),
        "graph_indicator": lines(lambda i: f"{i // 2 + 1}", 2 * count),
        "graph_labels": lines(lambda i: f"{i % 2}", count),
        "node_labels": lines(lambda i: f"{(i % 7) * PRIME % 2**50}", 2 * count),
    }
    return zipped({f"a_{name}.txt": text.encode() for name, text in parts.items()})


def npz(count: int) -> bytes:
    file, ptr = io.BytesIO(), 2 * np.arange(count + 1)
    edges = np.tile(np.array([[0, 1], [1, 0]]), count)
    np.savez(
        file,
        x=np.ones((2 * count, 1), np.float32),
        edge_index=edges,
        nptr=ptr,
        eptr=ptr,
        y=np.arange(count) % 2,
    )
    return file.getvalue()


for add in (of_json, of_xml, of_languages, of_tables, of_molecules, of_packed, of_datasets):
    add()
