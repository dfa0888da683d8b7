"""The formats of graphs in files: what each takes from a file, in words, and who reads it."""

from collections.abc import Callable
from dataclasses import dataclass

from hpme.io import (
    dot,
    edge_list,
    gexf,
    gml,
    graphml,
    inchi,
    json_graphs,
    matrix,
    mol2,
    molfile,
    mtx,
    pajek,
    pt,
    smiles,
    tensors,
    workbook,
)
from hpme.io.record import Contents
from hpme.io.source import Source


@dataclass(frozen=True)
class Format:
    """A format; one without a title is never a graph by itself."""

    read: Callable[[Source], Contents]
    title: str = ""
    endings: tuple[str, ...] = ()  # of names of such files, usually
    taken: str = ""  # what is taken from it, in Markdown
    samples: tuple[str, ...] = ()  # files in assets/samples, of which the first names the sample


FORMATS: dict[str, Format] = {
    "edges": Format(
        edge_list.read,
        "Table of edges",
        ("csv", "tsv", "txt", "edges", "edgelist"),
        "Two columns of ends, called `source` and `target`, `from` and `to`, or the like, in letters of any "
        "size, or two columns of whole numbers without a header; all other columns are features of edges. "
        "Cells are separated by commas, semicolons, tabs, bars or blanks; lines with `#` or `%` are remarks. "
        "A table of nodes, with a column `id`, in a second file (`NAME_nodes.csv` beside `NAME_edges.csv`, "
        "or any two uploaded together) adds features of nodes.",
        ("house_edges.csv", "house_nodes.csv"),
    ),
    "nodes": Format(edge_list.refuse_nodes),
    "text": Format(edge_list.refuse_table),
    "matrix": Format(
        matrix.read,
        "Adjacency matrix",
        ("csv", "tsv", "txt"),
        "A square table of numbers, with or without names: what is not 0 is an edge, and its `weight`.",
        ("ring.csv",),
    ),
    "molecules": Format(
        smiles.read,
        "SMILES",
        ("smi", "csv", "tsv", "txt"),
        "A molecule a line, and its name behind it; or a table with a column of SMILES, and one of names. "
        "Types of bonds are features of edges. Lines that cannot be read are left out and named.",
        ("aspirin.smi",),
    ),
    "molfile": Format(
        molfile.read,
        "MOL and SDF",
        ("mol", "sdf"),
        "Molecules, V2000 or V3000, with their names and types of bonds, in the order of their atoms; "
        "hydrogen atoms are left out. Records that cannot be read, and data fields, are left out and named.",
        ("caffeine.mol", "two.sdf"),
    ),
    "mol2": Format(
        mol2.read,
        "MOL2",
        ("mol2",),
        "Molecules with their names and types of bonds, in the order of their atoms; hydrogen atoms are left "
        "out.",
        ("two.mol2",),
    ),
    "inchi": Format(
        inchi.read,
        "InChI",
        ("inchi", "txt"),
        "A molecule a line, and its name behind it; or a table with a column of InChI, and one of names.",
        ("two.inchi",),
    ),
    "json": Format(
        json_graphs.read,
        "JSON",
        ("json",),
        "`nodes`, and `edges` or `links`, as networkx, d3, vis.js, sigma.js, graphology, Gephi and Cytoscape "
        "write them; JSON Graph Format; lists of edges; neighbours by name; trees; `edge_index`.",
        ("house.json",),
    ),
    "graphml": Format(
        graphml.read,
        "GraphML",
        ("graphml", "xml"),
        "As Gephi, Cytoscape, yEd and networkx write it.",
        ("house.graphml",),
    ),
    "gexf": Format(
        gexf.read,
        "GEXF",
        ("gexf",),
        "As Gephi and networkx write it: attributes of nodes and edges, weights, labels. What is said of "
        "drawing and of times is left out and named.",
        ("house.gexf",),
    ),
    "gml": Format(
        gml.read,
        "GML",
        ("gml",),
        "Keys and values of nodes and edges; values that are lists, as `graphics`, are left out and named.",
        ("house.gml",),
    ),
    "pajek": Format(
        pajek.read,
        "Pajek",
        ("net", "paj"),
        "Networks with edges and arcs, as lines, lists or a matrix; labels, weights, names of relations, and "
        "the mode of a vertex in a network of two modes. Partitions and vectors are left out and named.",
        ("house.net",),
    ),
    "dot": Format(
        dot.read,
        "DOT",
        ("dot", "gv"),
        "Nodes and edges of Graphviz with their attributes; subgraphs, ports and defaults are left out and "
        "named.",
        ("house.gv",),
    ),
    "mtx": Format(
        mtx.read,
        "Matrix Market",
        ("mtx",),
        "A square matrix: what is not 0 is an edge, and its `weight`.",
        ("house.mtx",),
    ),
    "xlsx": Format(
        workbook.refuse_packed,
        "Excel",
        ("xlsx",),
        "Each sheet is a table: of molecules, of edges, or of nodes that belong to the sheet of edges.",
        ("house.xlsx",),
    ),
    "pt": Format(
        pt.read,
        "PyTorch",
        ("pt",),
        "A plain dict of tensors, or a list of them: `torch.save(data.to_dict(), path)`.",
        ("house.pt",),
    ),
    "safetensors": Format(
        tensors.read, "safetensors", ("safetensors",), "The same tensors, by name.", ("house.safetensors",)
    ),
}
