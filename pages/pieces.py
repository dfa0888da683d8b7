"""The Overall page: the pieces that are kept of all test graphs, counted, and the graphs of each."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import start

with start.loading():
    from hpme.analysis.gallery import DRAWS
    from hpme.analysis.overall import KeptPart
    from hpme.analysis.piece_counts import PieceCount, count_pieces, extents
    from hpme.classifiers import model_title
    from ui import export_pieces, paging, progress, sidebar, state
    from ui.graph_cards import EXTENTS, Cards
    from ui.plain import code, plain
    from ui.titles import dataset_title

ALL = "All pieces"
NAMED = 5  # pieces in the sentence
SORTS: dict[str, Callable[[PieceCount], Any]] = {
    "Most graphs": lambda count: -len(count.parts),
    "Most often wrong": lambda count: (-count.wrong, -count.wrong / len(count.parts)),
    "Lost in mixes": lambda count: 1 if count.holds is None else count.holds,
    "Adds most": lambda count: -count.adds,
    "Adds least": lambda count: count.adds,
    "Largest": lambda count: -len(count.example[1]),
}
HELP = """
A **piece** is a connected part of what HPME keeps of a {item}. Pieces that are alike are counted together: in
molecules where they have the same elements and bonds, written as a SMARTS pattern (small letters are
aromatic atoms), else where they are the same graph with the same types of nodes and edges. Alike pieces may
have several names, as `C` is a methyl group here and part of a ring there; the commonest two are told.
**Adds**: how far the {answer} falls without the piece, in the mean. **Holds in mixes**: how often the
prediction holds when all that is kept is put into {draws} other {item}s. **Alone**: nothing else is kept of
the {item}.
"""


def title(count: PieceCount) -> str:
    """What to call a piece, as Markdown."""
    name, words = count.shape.name, count.shape.words
    return f"**{plain(words)}**  \n{code(name)}" if words else f"**{plain(name)}**"


def lines(count: PieceCount) -> list[str]:
    """What is known of a piece, as plain lines."""
    several = f", {count.times} times" if count.times > len(count.parts) else ""
    known = [f"{many(len(count.parts))}{several}", f"alone in {count.alone}"]
    known += [f"wrong in {count.wrong}"] if count.wrong else []
    known += [f"holds in {count.holds:.0%} of mixes"] if count.holds is not None else []
    known += [f"adds {round(count.adds, 2) + 0.0:+.2f}"]
    said = sorted(count.predicted.items(), key=lambda pair: -pair[1])[:3]
    return known + [f"predicted {spec.classes[label]}: {number}" for label, number in said]


def many(number: int) -> str:
    """A number of graphs, in words."""
    return f"{number:,} {item}{'s' * (number != 1)}"


def sentence(parts: list[KeptPart], counts: list[PieceCount]) -> str:
    """The commonest pieces in one line, as plain text."""
    kept = {extent: len(some) for extent, some in extents(parts).items()}
    named = [
        f"{count.shape.words or count.shape.name} in {len(count.parts)}"
        + (f", wrong in {count.wrong}" if count.wrong else "")
        for count in counts[:NAMED]
    ]
    rest = [f"{len(counts) - NAMED} more"] if len(counts) > NAMED else []
    most = f" Most of all: {' · '.join([*named, *rest])}." if named else ""
    return (
        f"Of {many(len(parts))} HPME keeps a part of {kept['part']}, everything of {kept['everything']} and "
        f"nothing of {kept['nothing']}.{most}"
    )


def open_piece(name: str) -> None:
    """Shows the graphs of a piece."""
    st.session_state.piece = name
    st.session_state.page = 1


def card(
    key: str, heading: str, picture: str, alt: str, facts: list[str], marks: list[str], name: str
) -> None:
    """Shows a card, all of which is the button that opens its graphs."""
    with st.container(border=True, height="stretch", gap="xsmall", key=f"piece-{key}"):
        st.image(picture, width="stretch", alt=alt)
        st.markdown(heading)
        st.button(facts[0], key=f"open-{key}", type="tertiary", on_click=open_piece, args=(name,))
        st.caption("  \n".join(map(plain, facts[1:])))
        if marks:
            st.markdown(" ".join(f":orange-badge[{mark}]" for mark in marks))


def gallery(parts: list[KeptPart], counts: list[PieceCount]) -> None:
    """Shows the pieces as cards, and behind them the graphs of which everything or nothing is kept."""
    with controls:
        by = st.selectbox(
            "Sort by", list(SORTS), key="by", bind="query-params", on_change=paging.first, width=220
        )
        ordered = sorted(counts, key=SORTS[by])
        shown = paging.page_of(ordered)
    look = state.look()
    numbered = look.structure and look.numbers
    with st.container(horizontal=True, gap="small", key="cards"):
        for place, count in enumerate(shown):
            number, nodes = count.example
            name = count.shape.name
            alt = f"{count.shape.words or name}: {len(nodes)} nodes of {item} {number}"
            picture = state.piece_picture(pick.dataset, number, nodes, state.dark(), numbered)
            marks = ["Mostly wrong"] if 2 * count.wrong > len(count.parts) else []
            card(str(place), title(count), picture, alt, lines(count), marks, name)
        for extent, words in EXTENTS.items():
            some = extents(parts)[extent]
            if some:
                own = some[0].card
                shares = tuple(own.keep.float().tolist())
                drawing = state.picture(pick.dataset, own.graph, shares)
                wrong = sum(part.right is False for part in some)
                facts = [many(len(some)), f"wrong in {wrong}"]
                card(extent, f"**{words}**", drawing, f"{words} of {item} {own.graph}", facts, [], words)
    paging.turn(len(ordered))
    said = sentence(parts, ordered)
    heading = f"What {model_title(pick.model)} looks at in {dataset_title(pick.dataset)}, overall"
    export_pieces.show(pick, ordered, heading, said, [lines(count) for count in ordered])


def graphs_of(words: str, some: list[KeptPart]) -> None:
    """Shows the graphs of a piece as cards, those that are predicted wrong first."""
    st.button("← All pieces", on_click=open_piece, args=(ALL,))
    st.markdown(words)
    ranked = sorted(some, key=lambda part: (part.right is not False, part.card.graph))
    with controls:
        shown = paging.page_of(ranked)
    with st.container(horizontal=True, gap="small", key="cards"):
        for part in shown:
            Cards(pick).show(part.card)
    paging.turn(len(ranked))


with st.spinner("Loading the graphs, the model and its explainer …"):
    pick, matches = sidebar.filters()
spec = state.spec(pick.dataset)
item = spec.item
st.subheader(
    f"What {model_title(pick.model)} looks at in {dataset_title(pick.dataset)}, overall", anchor=False
)
with progress.told() as say:
    everything, shapes = state.pieces(pick.dataset, pick.model, pick.seed, say, **pick.place)
passing = {*matches}
parts = [part for part in everything if part.card.graph in passing]
counts = count_pieces(parts, shapes)
left, right = st.columns([5, 1], vertical_alignment="center")
left.markdown(plain(sentence(parts, counts)))
with right.popover("How to read this", type="tertiary"):
    answer = "number" if spec.regression else "log-odds of the predicted class"
    st.markdown(HELP.format(item=item, answer=answer, draws=DRAWS))
if not parts:
    st.info(f"None of these {item}s match; choose “any” in the sidebar.")
    st.stop()
lists = {count.shape.name: list(count.parts) for count in counts}
lists |= {words: extents(parts)[extent] for extent, words in EXTENTS.items() if extents(parts)[extent]}
controls = st.container(horizontal=True, vertical_alignment="bottom")
with controls:
    if st.session_state.get("piece", ALL) not in {ALL, *lists}:
        st.session_state.piece = ALL
    opened = st.selectbox(
        "Show", [ALL, *lists], key="piece", bind="query-params", on_change=paging.first, width=300
    )
if opened == ALL:
    gallery(parts, counts)
else:
    found = next((count for count in counts if count.shape.name == opened), None)
    graphs_of(title(found) if found else f"**{opened}**", lists[opened])
