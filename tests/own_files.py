"""Datasets small enough to train on within a second, as files of each kind."""

import io
import json
import zipfile
from pathlib import Path

from packs import write_pack

DATE = (1980, 1, 1, 0, 0, 0)  # of the files in an archive, which makes its bytes repeat


def tu_parts(count: int) -> dict[str, str]:
    """Rings and chains of five to eight nodes, whose labels count up to two from the first node on."""
    parts: dict[str, list[object]] = {"A": [], "graph_indicator": [], "graph_labels": [], "node_labels": []}
    first = 1
    for i in range(count):
        size = 5 + i // 2 % 4
        pairs = [(k, k + 1) for k in range(size - 1)] + [(size - 1, 0)] * (i % 2)
        parts["A"] += [f"{first + a}, {first + b}" for u, v in pairs for a, b in ((u, v), (v, u))]
        parts["graph_indicator"] += [i + 1] * size
        parts["graph_labels"].append(1 if i % 2 else -1)
        parts["node_labels"] += [k % 3 for k in range(size)]
        first += size
    return {name: "".join(f"{row}\n" for row in rows) for name, rows in parts.items()}


def zip_tu(parts: dict[str, str], folder: str = "RINGS/RINGS_") -> bytes:
    """The text files as one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(f"{folder}{name}.txt", DATE), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write_tu(count: int = 40) -> bytes:
    """A zipped set of graphs, half of them rings."""
    return zip_tu(tu_parts(count))


def write_csv(count: int = 40) -> bytes:
    """Alcohols and amines of one to ten carbons, all alike but for the last atom."""
    rows = [
        f"{'C' * (1 + i // 2 % 10)}{'N' if i % 2 else 'O'},{'amine' if i % 2 else 'alcohol'}"
        for i in range(count)
    ]
    return "\n".join(["smiles,label", *rows]).encode()


def write_lines(count: int = 40) -> bytes:
    """Stars and chains of four nodes; the middle of a star is its ground truth."""
    lines = []
    for i in range(count):
        pairs = [(0, 1), (0, 2), (0, 3)] if i % 2 else [(0, 1), (1, 2), (2, 3)]
        nodes = [{"id": k, "node_gt": i % 2 == 1 and k == 0} for k in range(4)]
        edges = [{"source": u, "target": v} for u, v in pairs]
        lines.append(json.dumps({"y": i % 2, "nodes": nodes, "edges": edges}))
    return "\n".join(lines).encode()


def write_all(folder: Path) -> list[Path]:
    """A file of each kind."""
    files = {"alcohols.csv": write_csv(), "stars.jsonl": write_lines(), "rings.zip": write_tu()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [write_pack(folder / "triangles.npz"), *(folder / name for name in files)]


def node_link(count: int = 40) -> dict:
    """A ring whose nodes have classes, names, a number and masks, as node-link JSON."""
    nodes = [{"id": f"n{i}", "y": "ab"[i % 2], "size": i / 2} for i in range(count)]
    for i, node in enumerate(nodes):
        node |= {"train_mask": i % 3 > 0, "test_mask": i % 3 == 0}
    edges = [{"source": f"n{i}", "target": f"n{(i + 1) % count}"} for i in range(count)]
    return {"nodes": nodes, "edges": edges}


def write_nodes(count: int = 40) -> bytes:
    """The same as JSON."""
    return json.dumps(node_link(count)).encode()


def write_node_graphml(count: int = 40) -> bytes:
    """The same as GraphML, without masks."""
    keys = [("y", "string"), ("size", "double")]
    head = "".join(f'<key id="{k}" for="node" attr.name="{k}" attr.type="{kind}"/>' for k, kind in keys)
    data = node_link(count)
    nodes = ""
    for node in data["nodes"]:
        held = "".join(f'<data key="{k}">{node[k]}</data>' for k, _ in keys)
        nodes += f'<node id="{node["id"]}">{held}</node>'
    edges = "".join(f'<edge source="{edge["source"]}" target="{edge["target"]}"/>' for edge in data["edges"])
    return f'<graphml>{head}<graph edgedefault="undirected">{nodes}{edges}</graph></graphml>'.encode()


def zip_tables(nodes: str, edges: str) -> bytes:
    """Tables of nodes and of edges in an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a_edges.csv", edges)
        archive.writestr("a_nodes.csv", nodes)
    return buffer.getvalue()
