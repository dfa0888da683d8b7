"""Files that are opened together: unpacked, recognised, paired and read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from torch_geometric.data import Data

from hpme.box import boxed
from hpme.io import archive, edge_list, workbook
from hpme.io.formats import FORMATS
from hpme.io.record import Contents, complete_graphs, draft_graph
from hpme.io.sniff import ending_of, is_dataset, sniff
from hpme.io.source import Choice, Guess, Source
from hpme.io.text import quote
from hpme.limits import BOX_LIMITS, cap, cap_upload

NOTES = 100  # that each graph of a file has


@dataclass(frozen=True)
class Opened:
    """A file that was read, or a pair of tables."""

    names: tuple[str, ...]
    guesses: tuple[Guess, ...]  # what each was read as
    graphs: Sequence[Data]
    notes: tuple[str, ...] = ()  # words for what of the file is in none of the graphs


@boxed(BOX_LIMITS)
def open_files(files: Mapping[str, bytes], choices: Mapping[str, Choice] | None = None) -> list[Opened]:
    """Reads several files together, and says what each was read as.

    Args:
        files: Contents by name.
        choices: What the user says that a file is, by its name.

    Raises:
        ValueError: If a file holds no valid graphs, or all together hold more than `hpme.limits` allows.
    """
    pairs, contents = read_contents(files, choices)
    drafts = [[draft_graph(record) for record in content.records] for content in contents]
    complete_graphs([graph for graphs in drafts for graph in graphs])
    opened = []
    for pair, content, graphs in zip(pairs, contents, drafts, strict=True):
        notes = _shortened(content.notes)
        for graph in graphs if notes else []:
            graph.left_out = [*graph.get("left_out", ()), *notes]
        names, guesses = tuple(source.name for source in pair), tuple(source.guess for source in pair)
        opened.append(Opened(names, guesses, graphs, notes))
    return opened


def read_contents(
    files: Mapping[str, bytes], choices: Mapping[str, Choice] | None = None
) -> tuple[list[tuple[Source, ...]], list[Contents]]:
    """Returns files that are read together, such as edges with their nodes, and what is in them; see above.

    Raises:
        ValueError: As `open_files` does.
    """
    cap_upload(files)
    sources, skipped = _recognise(files, choices or {})
    pairs = _pair(sources)
    contents: list[Contents] = []
    counts = {"graphs": 0, "nodes": 0, "edges": 0}
    for pair in pairs:
        content = _read(pair)
        contents.append(replace(content, notes=(*content.notes, *skipped)))
        _count(content, counts)
    return pairs, contents


def open_apart(
    files: Mapping[str, bytes], choices: Mapping[str, Choice] | None = None
) -> dict[tuple[str, ...], list[Opened] | str]:
    """Reads several files each on its own, but for edges and their nodes: one that is refused stops no other.

    Args:
        files: Contents by name.
        choices: What the user says that a file is, by its name.

    Returns:
        What was opened, or the sentence of the refusal, by the names of the files that were read together.
    """
    try:
        return _open_pairs(files, choices)
    except ValueError:  # one of them crashed the box, or all together took too much
        pass
    try:
        pairs = paired(files)
    except ValueError:
        pairs = [(name,) for name in files]
    return {pair: _open_pair({name: files[name] for name in pair}, choices) for pair in pairs}


@boxed(BOX_LIMITS)
def _open_pairs(
    files: Mapping[str, bytes], choices: Mapping[str, Choice] | None
) -> dict[tuple[str, ...], list[Opened] | str]:
    return {pair: _open_pair({name: files[name] for name in pair}, choices) for pair in paired(files)}


def _open_pair(files: Mapping[str, bytes], choices: Mapping[str, Choice] | None) -> list[Opened] | str:
    try:
        return open_files(files, choices)
    except ValueError as error:
        return str(error)


def _count(content: Contents, counts: dict[str, int]) -> None:
    """Adds what a file holds to what those before it hold, and checks it.

    Raises:
        ValueError: If it is too much.
    """
    counts["graphs"] += len(content.records)
    counts["nodes"] += sum(len(record.nodes) for record in content.records)
    counts["edges"] += sum(len(record.edges) for record in content.records)
    for what, count in counts.items():
        cap(what, count, least=int(what != "edges"))


def _shortened(notes: Sequence[str]) -> tuple[str, ...]:
    """Returns notes, of which every graph of a file has each, and how many more there are of very many."""
    more = (f"{len(notes) - NOTES:,} things more in the file",) if len(notes) > NOTES else ()
    return (*notes[:NOTES], *more)


@boxed(BOX_LIMITS)
def paired(files: Mapping[str, bytes]) -> list[tuple[str, ...]]:
    """Returns the names of files that are read together: edges with their nodes, every other file alone.

    A table of nodes belongs to the table of edges that is named like it, else to the only one there is.
    """
    sources = []
    for name, content in files.items():
        try:
            guess = Guess("zip", ()) if ending_of(name) == "zip" else sniff(content, name)
        except ValueError:
            guess = Guess("unknown", ())
        sources.append(Source(name, content, guess))
    return [tuple(source.name for source in pair) for pair in _pair(sources)]


def _recognise(
    files: Mapping[str, bytes], choices: Mapping[str, Choice]
) -> tuple[list[Source], tuple[str, ...]]:
    """Returns all files, those in archives as well, and words for what in archives is no graph."""
    sources, refusals = [], {}
    for name, content in files.items():
        inside = _inside(name, content)
        if is_dataset([*inside]):
            raise ValueError(
                "Expected single graphs (got a whole dataset in the text format of the TU collection); "
                "choose “A whole dataset”, or give it as --data"
            )
        for path, inner in inside.items() or {"": content}.items():
            whole = f"{name}/{path}".rstrip("/")
            whole, inner = archive.ungzip(whole, inner)
            try:
                guess = sniff(inner, whole, choices.get(name))
                if inside and guess.kind == "text":
                    got = f"{quote(path)}, a table or text that is neither"
                    raise ValueError(f"Expected graphs or molecules (got {got}); name its columns")
            except ValueError as error:
                if not inside:
                    raise
                refusals[path] = error
            else:
                sources.append(Source(whole, inner, guess))
    cap("files", len(sources) + len(refusals), least=1)
    if not sources:
        raise next(iter(refusals.values()))
    return sources, tuple(f"{quote(path)} in the file (no graph)" for path in refusals)


def _inside(name: str, content: bytes) -> dict[str, bytes]:
    """Returns the files in an archive, or the sheets of a workbook, or nothing."""
    if workbook.is_workbook(content):
        return workbook.unpack_sheets(content)
    return archive.unpack(content) if ending_of(name) == "zip" else {}


def _pair(sources: Sequence[Source]) -> list[tuple[Source, ...]]:
    """Returns the sources, each table of edges with its table of nodes."""
    known = {source.name.casefold(): source for source in sources}
    together: dict[str, Source] = {}
    for source in sources:
        name = source.name.casefold()
        other = known.get(re.sub(r"edges(?=(\.\w+)+$)", "nodes", name))
        if other and other.name.casefold() != name:
            together[source.name] = other
    taken = [*together, *(source.name for source in together.values())]
    free = [source for source in sources if source.name not in taken]
    nodes, edges = ([s for s in free if s.guess.kind == kind] for kind in ("nodes", "edges"))
    if len(nodes) == len(edges) == 1:
        together[edges[0].name] = nodes[0]
    second = {source.name for source in together.values()}
    alone = [source for source in sources if source.name not in second]
    return [(source, together[source.name]) if source.name in together else (source,) for source in alone]


def _read(pair: tuple[Source, ...]) -> Contents:
    if len(pair) == 1:
        return FORMATS[pair[0].guess.kind].read(pair[0])
    edges, nodes = (
        source if source.guess.kind == kind else _as_kind(source, kind)
        for source, kind in zip(pair, ("edges", "nodes"), strict=True)
    )
    return edge_list.join(nodes, edges)


def _as_kind(source: Source, kind: str) -> Source:
    """Returns a file that is to be read as another kind of table."""
    return Source(source.name, source.content, sniff(source.content, source.name, Choice(kind)))
