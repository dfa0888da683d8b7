# ruff: noqa: E501 - a grammar is a line
"""Graphs written by grammars of texts: as they should be, and not."""

import json
import random
from collections.abc import Callable
from html import escape

from truth import Case, Truth, of_text, shaken

Written = tuple[str, tuple[Truth, ...]]


class Drawn:
    """A graph with a number at each node and, as the case may be, at each edge."""

    def __init__(self, rng: random.Random, whole: bool = False) -> None:
        count = rng.randrange(1, 12)
        style: Callable[[int], object] = rng.choice(
            (lambda i: i, lambda i: 7 * i + 3, lambda i: f"n{i}", lambda i: f"\u00e4 {i}'")
        )
        self.names = [i if whole else style(i) for i in range(count)]
        pairs = {(u, v) for u in range(count) for v in range(u, count) if rng.random() < 0.3}
        self.pairs = sorted(pairs, key=lambda _: rng.random())
        self.turned = [pair[:: rng.choice((1, -1))] for pair in self.pairs]
        self.sizes = [rng.choice((0.5, -2.25, 3.0, 1e-3, 4.0)) for _ in range(count)]
        self.weights = [rng.choice((0.5, 2.0, -1.5, 3.25)) for _ in pairs]
        self.edges = [(*pair, weight) for pair, weight in zip(self.turned, self.weights, strict=True)]

    def truth(self, sizes: bool = True, weights: bool = True) -> tuple[Truth, ...]:
        known = tuple(zip(self.pairs, self.weights, strict=True)) if weights else ()
        return (
            Truth(
                len(self.names), frozenset(self.pairs), x=tuple(self.sizes) if sizes else (), weights=known
            ),
        )


def node_link(rng: random.Random) -> Written:
    drawn = Drawn(rng)
    nodes = [{"id": name, "q": size} for name, size in zip(drawn.names, drawn.sizes, strict=True)]
    edges = [{"source": drawn.names[u], "target": drawn.names[v], "weight": w} for u, v, w in drawn.edges]
    match rng.randrange(4):
        case 0:
            data: object = {"nodes": nodes, rng.choice(("edges", "links")): edges}
        case 1:
            data = {
                "elements": {
                    "nodes": [{"data": node} for node in nodes],
                    "edges": [{"data": edge} for edge in edges],
                }
            }
        case 2 if edges:
            ends = [
                {"from": edge["source"], "to": edge["target"], "weight": edge["weight"]} for edge in edges
            ]
            data = {"nodes": nodes, "edges": ends}
        case _:
            inner = [{"key": node["id"], "attributes": {"q": node["q"]}} for node in nodes]
            ends = [
                {"source": e["source"], "target": e["target"], "attributes": {"weight": e["weight"]}}
                for e in edges
            ]
            data = {"options": {"type": "undirected"}, "nodes": inner, "edges": ends}
    return json.dumps(data, ensure_ascii=rng.random() < 0.5), drawn.truth()


def graphml(rng: random.Random) -> Written:
    drawn = Drawn(rng)
    ids = [escape(str(name), quote=True) for name in drawn.names]
    nodes = [
        f'<node id="{name}"><data key="d0">{size}</data></node>'
        for name, size in zip(ids, drawn.sizes, strict=True)
    ]
    edges = [
        f'<edge source="{ids[u]}" target="{ids[v]}"><data key="d1">{w}</data></edge>'
        for u, v, w in drawn.edges
    ]
    parts = sorted(nodes + edges, key=lambda part: part[1]) if rng.random() < 0.5 else nodes + edges
    keys = '<key id="d0" for="node" attr.name="q" attr.type="double"/><key id="d1" for="edge" attr.name="weight" attr.type="double"/>'
    if rng.random() < 0.5:
        parts = nodes + edges
    space = ' xmlns="http://graphml.graphdrawing.org/xmlns"' * (rng.random() < 0.5)
    return (
        f'<graphml{space}>{keys}<graph edgedefault="undirected">{"".join(sorted(parts, key=lambda p: p[:2] == "<e"))}</graph></graphml>',
        drawn.truth(),
    )


def gexf(rng: random.Random) -> Written:
    drawn = Drawn(rng)
    ids = [escape(str(name), quote=True) for name in drawn.names]
    nodes = "".join(
        f'<node id="{name}"><attvalues><attvalue for="0" value="{size}"/></attvalues></node>'
        for name, size in zip(ids, drawn.sizes, strict=True)
    )
    edges = "".join(f'<edge source="{ids[u]}" target="{ids[v]}" weight="{w}"/>' for u, v, w in drawn.edges)
    head = '<attributes class="node"><attribute id="0" title="q" type="double"/></attributes>'
    return (
        f'<gexf><graph defaultedgetype="undirected">{head}<nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>',
        drawn.truth(),
    )


def gml(rng: random.Random) -> Written:
    drawn = Drawn(rng, whole=True)
    nodes = "".join(
        f'node [ id {name} label "n {name}" q {size} ]\n'
        for name, size in zip(drawn.names, drawn.sizes, strict=True)
    )
    edges = "".join(f"edge [ source {u} target {v} weight {w} ]\n" for u, v, w in drawn.edges)
    return f"graph [\n directed 0\n{nodes}{edges}]\n", drawn.truth()


def pajek(rng: random.Random) -> Written:
    drawn = Drawn(rng, whole=True)
    nodes = "".join(f'{i + 1} "v {i}"\n' for i in range(len(drawn.names)))
    edges = "".join(f"{u + 1} {v + 1} {w}\n" for u, v, w in drawn.edges)
    return f"*Vertices {len(drawn.names)}\n{nodes}*Edges\n{edges}", drawn.truth(sizes=False)


def dot(rng: random.Random) -> Written:
    drawn = Drawn(rng)
    ids = [f'"{name}"' for name in drawn.names]
    nodes = "".join(f"  {name} [q={size}];\n" for name, size in zip(ids, drawn.sizes, strict=True))
    edges = "".join(f'  {ids[u]} -- {ids[v]} [weight="{w}"]\n' for u, v, w in drawn.edges)
    return f"strict graph a {{\n{nodes}{edges}}}\n", drawn.truth(weights=False)


def mtx(rng: random.Random) -> Written:
    drawn = Drawn(rng, whole=True)
    edges = "".join(f"{max(u, v) + 1} {min(u, v) + 1} {w}\n" for u, v, w in drawn.edges)
    size = len(drawn.names)
    return (
        f"%%MatrixMarket matrix coordinate real symmetric\n% a remark\n{size} {size} {len(drawn.edges)}\n{edges}",
        drawn.truth(sizes=False),
    )


def tables(rng: random.Random) -> Case:
    drawn = Drawn(rng)
    cut = rng.choice((",", ";", "\t"))
    nodes = f"id{cut}q\n" + "".join(
        f"{name}{cut}{size}\n" for name, size in zip(drawn.names, drawn.sizes, strict=True)
    )
    edges = f"source{cut}target{cut}weight\n" + "".join(
        f"{drawn.names[u]}{cut}{drawn.names[v]}{cut}{w}\n" for u, v, w in drawn.edges
    )
    if rng.random() < 0.3 and drawn.edges:
        return Case({"a_nodes.csv": nodes.encode(), "a_edges.csv": edges.encode()}, drawn.truth())
    shaky = [shaken(rng, text, (cut, "\n", "id", "x0", "x1", "source", "label")) for text in (nodes, edges)]
    return Case(
        {"a_nodes.csv": shaky[0].encode(errors="replace"), "a_edges.csv": shaky[1].encode(errors="replace")}
    )


GRAMMARS = {
    "JSON": of_text("a.json", node_link, ("nodes", "edges", "id", "source", "target", "x", "graph", "edge_index", "adjacency", "children", "[[0],[1]]", "x0", "y", "edge_attr", "node_gt", "element", "smiles")),
    "GraphML": of_text("a.graphml", graphml, ("node", "edge", "graph", "data", "key", "default", "hyperedge", "port", "int", "boolean", "directed", "<!DOCTYPE a>", "<![CDATA[a]]>", "<?a?>", "&lt;", "xmlns:a='b'")),
    "GEXF": of_text("a.gexf", gexf, ("node", "edge", "nodes", "attvalue", "attribute", "default", "liststring", "integer", "mutual", "spell")),
    "GML": of_text("a.gml", gml, ("node", "edge", "graph", "[", "]", "id", "label", "source", '"a"', "directed 1", "#")),
    "Pajek": of_text("a.net", pajek, ("*Arcs", "*Edges", "*Vertices 3", "*Matrix", "*Edgeslist", "*Arcslist", "*Partition a", "*Network b", ":2", "%", "3 2")),
    "DOT": of_text("a.gv", dot, ("->", "--", "subgraph", "{", "}", "[", "]", "digraph", "strict", "node", "edge", "<<b>>", "+", ":n", "/*", "//", "#")),
    "Matrix Market": of_text("a.mtx", mtx, ("array", "general", "skew-symmetric", "hermitian", "complex", "pattern", "integer", "1 1", "%")),
    "tables": tables,
}  # fmt: skip
