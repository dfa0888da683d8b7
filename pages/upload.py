"""The Upload page: a user's own graphs or whole datasets, kept for the session."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ui import start

with start.loading():
    from hpme import io
    from hpme.limits import LIMITS
    from ui import session, sidebar, state
    from ui.plain import code
    from ui.server import uploads
    from ui.titles import dataset_title, model_choice
    from ui.upload import dataset, formats, graphs, reading, record

CARDS = 6  # on one page of the list


def intro() -> None:
    """Shows what can be uploaded, in two sentences."""
    st.subheader("Explain graphs of your own", anchor=False)
    st.markdown(
        "Upload or paste undirected graphs or molecules. Each is converted to the input of a model, whose "
        f"prediction is then explained. You can upload up to {LIMITS.files} files at once, "
        f"{LIMITS.bytes / 1e6:.0f} MB in total; each file can have up to {LIMITS.graphs:,} graphs, "
        f"{LIMITS.nodes:,} nodes and {LIMITS.edges:,} edges, and each graph up to {LIMITS.drawn_nodes:,} "
        f"nodes and {LIMITS.drawn_edges:,} edges."
    )


def inputs() -> None:
    """Shows where to drop files and paste text, and samples to try."""
    left, right = st.columns(2, gap="large")
    left.file_uploader("Files", accept_multiple_files=True, key="files", on_change=_on_files)
    right.text_area(
        "Or paste text: SMILES, names, node-link JSON, GraphML, edges as CSV, or a molfile",
        key="pasted",
        height=84,
        max_chars=LIMITS.bytes,
        placeholder="CC(=O)Oc1ccccc1C(=O)O aspirin",
    )
    right.button("Add the text", on_click=_on_text, type="primary")
    samples = formats.sample_names()
    sample = st.pills("Or try a sample", list(samples), key="sample", bind="query-params")
    if sample and sample != st.session_state.get("tried"):
        graphs.add(formats.read_samples(samples[sample]))
    st.session_state.tried = sample


def _on_files() -> None:
    """Takes files that have come; in the box their names stay, beside those it refused, until removed."""
    if new := [file for file in st.session_state.files if isinstance(file, UploadedFile)]:
        graphs.add([(file.name, file.getvalue()) for file in new])
        uploads.let_go([file.file_id for file in new])  # which makes the others `DeletedFile`


def _on_text() -> None:
    text = st.session_state.pasted
    graphs.add_text(text)
    if not graphs.outcome()[-1]:  # rejected text stays, to be fixed
        st.session_state.pasted = ""


def outcome() -> None:
    """Shows how many graphs the last upload added, and why others were rejected, never rendered."""
    added, again, rejected = graphs.outcome()
    if added or again:
        words = "1 graph added." if added == 1 else f"{added} graphs added."
        alike = f" {again} more {'is' if again == 1 else 'are'} like one that is there." if again else ""
        st.success(words + alike)
    if left := graphs.left_out():
        with st.container(border=True):
            st.markdown(":orange-badge[Left out]")
            st.text("\n".join(left))
    if lines := graphs.read_as():
        with st.expander(f"What the file{'s were' if len(lines) > 1 else ' was'} read as"):
            st.text("\n".join(lines))
    if rejected:
        with st.container(border=True):
            st.markdown(f":orange-badge[Rejected: {len(rejected)}]")
            for title, reason in rejected[:CARDS]:
                st.text(f"{title[:80]}: {reason}")
            if len(rejected) > CARDS:
                st.caption(f"… and {len(rejected) - CARDS} more.")
    reading.show()


def listing() -> None:
    """Shows the session's graphs, the last one first."""
    kept = session.brought()
    if not kept:
        return
    pages = -(-len(kept) // CARDS)
    st.session_state.sheet = min(st.session_state.get("sheet", 1), pages)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Your graphs in this session: {len(kept)}**", width="stretch")
        if pages > 1:
            st.number_input(f"Page of {pages}", 1, pages, key="sheet", width=130)
        st.button("Remove all", on_click=graphs.drop, args=(kept,), type="tertiary")
    first = CARDS * (st.session_state.sheet - 1)
    for dataset, own in kept[first : first + CARDS]:
        with st.container(border=True):
            card(dataset, own)


def card(dataset: str, own: session.OwnGraph) -> None:
    """Shows a graph: picture, facts, model, prediction, and what to do with it."""
    source = graphs.source(own)
    model = own.model or state.models(dataset)[0]
    shares = None
    if "node_mask" in source:
        shares = tuple(source.node_mask.view(-1).clamp(0, 1).tolist())
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{code(own.title)}**")
        with st.container(horizontal=True):
            st.image(state.picture(dataset, own.number, shares), width=190, alt=f"Drawing of {own.title}")
            facts = (f"{name}: {value}" for name, value in io.describe_graph(source).items())
            st.text("\n".join(facts), width="content")
    with right:
        _choice(dataset, own, model)
        prediction = state.answer(dataset, model, own.number).statement(0)
        st.text(f"{prediction[0].upper()}{prediction[1:]}. {own.how}")
        if shares:
            st.text(f"The picture shows the explanation in the file {record.origin(source)}")
        with st.container(horizontal=True):
            key = f"{dataset}-{own.number}"
            for title in ("Explain", "Compare"):
                if st.button(
                    title, key=f"{title}-{key}", type="primary" if title == "Explain" else "secondary"
                ):
                    again = record.settings(source, dataset, model)
                    sidebar.open_own(f"pages/{title.lower()}.py", dataset, model, own.number, **again)
            st.button("Remove", key=f"Remove-{key}", on_click=graphs.drop, args=([(dataset, own)],))


def _choice(dataset: str, own: session.OwnGraph, model: str) -> None:
    """Shows the box for the model that the graph is fitted to."""
    titles = {
        (name, arch): f"{dataset_title(name)}, {model_choice(arch)}"
        for name in graphs.known()
        for arch in state.models(name)
    }
    key = f"model-{dataset}-{own.number}"
    st.session_state.setdefault(key, (dataset, model))
    st.selectbox(
        "Model to explain",
        list(titles),
        key=key,
        format_func=titles.__getitem__,
        on_change=_on_model,
        args=(key, dataset, own, model),
    )


def _on_model(key: str, dataset: str, own: session.OwnGraph, model: str) -> None:
    name, arch = st.session_state[key]
    st.session_state[key] = dataset, model  # until it is sure that the graph fits
    graphs.refit(dataset, own, name, arch)


def warm() -> None:
    """Loads the datasets that most uploads need, while the user looks for a file.

    Streamlit stops a run that is left only where it draws. One that came to its end after the next run had
    begun would remove that one's fragments, and the live panels of jobs would stand still.
    """
    for name in ("ba-2motifs", "benzene"):
        state.dataset(name)
        st.empty()


SECTIONS = {
    "Graphs": (intro, inputs, outcome, listing, formats.show, warm),
    "A whole dataset": (dataset.show,),
}
section = st.segmented_control(
    "What to upload",
    list(SECTIONS),
    default="Graphs",
    required=True,
    key="upload",
    bind="query-params",
    label_visibility="collapsed",
)
for part in SECTIONS[section]:
    part()
