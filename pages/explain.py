"""The Explain page: pick a graph and see why the model predicts what it predicts."""

import streamlit as st

from ui import start

with start.loading():
    from hpme import figures
    from hpme.metrics import METRICS
    from ui import copy, export, flags, links, overview, sidebar, state, trio, waiting
    from ui.ask import box
    from ui.explain import capacity, contributions, curve, examples, heading, history, mind, stability, whatif
    from ui.plain import plain

HOLDS, TRUE, MORE = (
    ("kept_on_mix", "cos_mix"),
    ("edge_auc", "node_iou"),
    ("cos_subgraph", "kept_share", "capacity_bits"),
)
TOOLS = {
    "Size curve": curve.show,
    "Stability": stability.show,
    "Change its mind": mind.show,
    "What if": whatif.show,
    "Export": export.show,
}
GUIDE = """
A model has made a prediction for a graph. **Which part of the graph is it based on?**

1. **Original graph.** The explainer scores every node: the stronger the colour, the more it matters.
2. **Hard-pooled subgraph.** Nodes are either kept or removed, with nothing in between. A fragment alone is
   unlike anything that the model was trained on, so its prediction here may be off.
3. **Mixed graph.** The fair test: the kept part is put into another graph, where it replaces that graph's
   explanation. If the prediction holds, the kept part carries it.

You can drag and zoom any panel. Click a node to highlight it in all of them. The arrow beside a metric shows
which direction is better.

The key **?** lists all keys.
"""
OF_NODE = """
The model predicts a **node**, marked by a ★. The original graph is all that the model sees of it: the nodes
within as many steps as it has layers. The node itself is always kept, and in the mixed graph it stands where
the other node was. Numbers of nodes are those of the whole graph.
"""
ARROWS = {"up": " ↑", "down": " ↓", "none": ""}


def headline(case: state.Case, story: figures.Story) -> bool:
    """Shows question, result and warnings; returns whether dropped nodes are to be hidden."""
    st.subheader(export.question(case, story), anchor=False)
    heading.show(story)
    sidebar.show_steps(case.pick)
    left, right = st.columns([3, 2], vertical_alignment="center")
    bits = story.metrics["capacity_bits"]
    left.markdown(story.sentence, help=None if bits is None else METRICS["capacity_bits"].help)
    with right, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        links.copy_link()
        with st.popover("How to read this", type="tertiary"):
            st.markdown(GUIDE + OF_NODE * case.dataset.spec.of_nodes)
        hide = st.toggle("Hide dropped nodes", key="hide", bind="query-params")
    flags.show(story.flags)
    return hide


def measures(story: figures.Story) -> None:
    """Shows the measures in two groups, and the rest of them on request."""
    left, middle, right = st.columns([4, 4, 2], vertical_alignment="top")
    with left:
        _group("Does it hold?", HOLDS, story, "Does the model say the same when only the kept part is there?")
    with middle:
        if story.no_truth:
            st.markdown("**Does it hit the truth?**")
            st.caption(plain(story.no_truth.words))
        else:
            _group("Does it hit the truth?", TRUE, story, "Is what is kept what the labels were made from?")
    with right, st.popover("More measures", type="tertiary"):
        _group("More measures", MORE, story, "What they say is worth knowing, but no verdict.")


def _group(title: str, names: tuple[str, ...], story: figures.Story, words: str) -> None:
    """Shows a tile for each metric of a group, with an arrow towards better."""
    st.markdown(f"**{title}**", help=words)
    with st.container(horizontal=True, gap="small"):
        for name in names:
            metric, value = METRICS[name], story.metrics[name]
            text = (
                "–" if value is None else f"{value:.1f} bits" if name == "capacity_bits" else f"{value:.2f}"
            )
            st.metric(metric.title + ARROWS[metric.direction], text, help=metric.help, width=140)


def inspector(story: figures.Story, node: int | None) -> None:
    """Shows the facts of the selected node."""
    scene = story.scene
    if node is None or node not in {*range(scene.graph.num_nodes), *scene.mixed_ids}:
        st.markdown("**Inspector**")
        st.caption(
            "Click a node in any panel: it is highlighted in all of them, and its details appear here."
        )
        return
    st.markdown(f"**Inspector: {plain(scene.name(node))}**")
    facts = figures.node_facts(scene, node)  # not as a table, for which a browser would load a script first
    st.markdown("  \n".join(f"{plain(name)}: **{plain(fact)}**" for name, fact in facts.items()))


def table(story: figures.Story, token: str, node: int | None) -> None:
    """Shows the panels as text and as a table of nodes; selecting a row selects its node."""
    box = st.expander("Show as text and table", key="table", on_change="rerun")
    if not box.open:
        return
    rows = figures.node_table(story.scene)
    places = [place for place, row in enumerate(rows) if row["id"] == node]
    key = f"rows-{token}-{node}"  # a selection made elsewhere is shown here as well

    def on_row() -> None:
        selected = st.session_state[key].selection.rows
        trio.choose(token, rows[selected[0]]["id"] if selected else None)

    with box:
        st.markdown("\n".join(f"* {plain(text)}" for text in figures.alt_texts(story)))
        st.dataframe(
            rows,
            key=key,
            on_select=on_row,
            selection_mode="single-row",
            selection_default={"selection": {"rows": places}},
            column_config={"id": None},
            height=280,
            alt="A row for each node, with what the panels show of it",
        )


def path(case: state.Case) -> None:
    """Shows the capacity path; a click on a step shows that subgraph."""
    explainer = case.hpme
    st.markdown("**Capacity path:** how small can the explanation get before predictions no longer hold?")
    capacity.show(case, sidebar.on_path)
    box = st.expander("Show as table", key="path_table", on_change="rerun")
    if box.open:
        alt = figures.path_words(explainer.path, explainer.plateau)
        box.dataframe(figures.path_rows(explainer.path), hide_index=True, height=220, alt=alt)


def reproduce(case: state.Case, story: figures.Story) -> None:
    """Shows the shell command that gives these very views."""
    command = export.command(case, story)
    if not command:
        st.caption(
            "A node that was edited is known to this session alone; the shell explains the dataset's own."
        )
        return
    st.markdown("**Reproduce** these views as one file, from the shell:")
    copy.show(command, "command")


def below(case: state.Case, story: figures.Story) -> None:
    """Shows under each panel what changes it: nothing, the size, the donor."""
    left, middle, right = st.columns(3, gap="medium")
    left.caption(plain(story.note))
    with middle:
        sidebar.show_size(case.hpme, of_nodes=case.dataset.spec.of_nodes)
    with right:
        st.caption(f"Mixed with {case.dataset.spec.item} {int(story.scene.donor.graph_id)}.")
        sidebar.show_resample()


@st.fragment
def views(case: state.Case, story: figures.Story, hide: bool) -> None:
    """Shows the linked panels and what depends on them; a click reruns this part alone."""
    asked, here = st.query_params.get("node", ""), (case.pick.dataset, case.pick.graph)
    same = st.session_state.get("place", here) == here  # another graph has other nodes
    known = same and asked.isdecimal() and len(asked) < 10
    data = state.trio(case, hide)
    node = trio.show(data, int(asked) if known else None, file=export.name(case.pick))
    st.session_state.place = here
    below(case, story)
    measures(story)
    contributions.show(case, story)
    table(story, data["token"], node)
    left, right = st.columns(2, gap="large")
    with left:
        inspector(story, node)
        reproduce(case, story)
    with right:
        if case.explainer.reference:
            path(case)
    if node is None:
        st.query_params.pop("node", None)
    else:
        st.query_params["node"] = str(node)


@st.fragment
def closer(case: state.Case, story: figures.Story) -> None:
    """Shows one of the further tools; only that one computes."""
    tool = st.segmented_control("Look closer", list(TOOLS), key="tool", bind="query-params")
    if tool != "What if":
        history.leave()
    if tool:
        TOOLS[tool](case, story)


with st.spinner("Loading the graphs, the model and its explainer …"):
    examples.begin()
    with st.sidebar:
        box.small("sidebar")
    picked = sidebar.pick(any_class=True, below=True)
    places = examples.show(picked)
    case = waiting.case_to_show(state.resolve(picked))
if case is None:
    st.stop()
story = state.story(case)
examples.note(case.pick)
hide = headline(case, story)
overview.show(case)
views(case, story, hide)
closer(case, story)
examples.draw(places)
