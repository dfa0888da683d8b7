"""The Tour page: how HPME works, in six steps on a graph of the user's choice."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from ui import start

with start.loading():
    from hpme import figures
    from hpme.method.capacity import content_bits
    from ui import links, sidebar, state
    from ui.explain import capacity as capacity_path
    from ui.plain import plain
    from ui.titles import dataset_title


def score(case: state.Case) -> None:
    """Shows step 1: every node gets a logit."""
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "A small network $q$ reads what the model itself knows about each node, its frozen embedding "
            "$z_v$, and turns it into a logit. The sigmoid of the logit is the probability that the node is "
            "kept."
        )
        st.latex(r"s_v = q(z_v), \qquad p_v = \sigma(s_v)")
        at = _price(case)
        story = state.story(case.vary(checkpoint=at))
        st.dataframe(figures.score_rows(story.scene), hide_index=True, height=240)
    with picture:
        _panel(story, 0, "The stronger the colour, the higher the probability of being kept.")


def pool(case: state.Case) -> None:
    """Shows step 2: a node is in or out."""
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "No node is half in. During training, HPME *samples* for each node whether it is in or out. To "
            "explain a graph, it keeps the nodes that are more likely in than out; the subgraph on these "
            "nodes is the explanation $G^*$."
        )
        st.latex(r"b_v \sim \mathrm{Bernoulli}(p_v), \qquad G^* = G\,[\,\{v : p_v > \tfrac12\}\,]")
        limit = st.slider(
            "Threshold", 0.0, 1.0, 0.5, 0.05, key="threshold", bind="query-params", help="HPME uses 0.5."
        )
        kept = figures.above(state.story(case).scene, limit)
        story = state.story(case.vary(k=kept))
        st.markdown(
            f"**{kept} of {story.scene.graph.num_nodes} nodes** have a probability above {limit:.2f}."
        )
    with picture:
        _panel(story, 1, "Blue: in. Grey: out. Nothing in between.")


def cut(case: state.Case) -> None:
    """Shows step 3: nodes that are out are removed, not zeroed."""
    story = state.story(case)
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "Nodes that are out leave the graph: they send no messages and are not part of the readout. A "
            "*zeroed* node would still count in degrees and in the mean, and so still have a say."
        )
        st.latex(r"G^\Delta = G \setminus G^*, \qquad C = \{(u,v) \in E : u \in G^*, v \in G^\Delta\}")
        way = st.segmented_control(
            "Nodes that are out are", ["removed", "zeroed"], default="removed", required=True, key="way"
        )
        answers = state.cut_answers(case)
        view = 1 if way == "removed" else 2
        st.markdown(
            f"On the whole graph {plain(answers.statement(0))}; with the rest **{way}**, "
            f"{plain(answers.statement(view, 'it'))}."
        )
        count = figures.cut_edges(story.scene)
        cuts = "1 edge** is cut; it" if count == 1 else f"{count} edges** are cut; each of them"
        st.markdown(f"**{cuts} needs a new end.")
    with picture:
        panel = _views(story, show_dropped=way == "zeroed")[1]
        _picture([panel], f"What the model sees when the rest is {way}.", figures.alt_texts(story)[1])


def replace_explanation(case: state.Case) -> None:
    """Shows step 4: the explanation replaces that of a donor."""
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "A fragment alone is unlike anything that the model has seen. Therefore the explanation takes "
            "the place of *another* graph's explanation. Each cut edge gets a new end $w$ in the rest of "
            "that donor, preferably a node of the lost neighbour's type that has lost a neighbour itself."
        )
        st.latex(r"G_{mix} = G_a^* \cup G_b^\Delta \cup \{(u,w) : (u,v) \in C,\ w \simeq v\}")
        draw = st.slider("Donor", 1, 12, 1, key="tour_donor", bind="query-params")
        story = state.story(state.resolve(replace(case.pick, donor=None, draw=draw - 1)))
        donor = f"{case.dataset.spec.item} {int(story.scene.donor.graph_id)}"
        st.markdown(f"Donor: {donor}. On the mixed graph {plain(story.answers.statement(3))}.")
    with picture:
        _panel(story, 2, figures.MIX_KEY)


def ask(case: state.Case) -> None:
    """Shows step 5: the model judges the mixed graphs."""
    st.markdown(
        "Now the model is asked about the mixed graphs, in forward passes only. If its output $g$ (the "
        "log-odds of the predicted class, or the number) stays the same, the kept part carries the "
        "prediction. The loss is the squared change of $g$, measured in units of a typical change and capped "
        "at 1; every kept node costs a price $λ$."
    )
    st.latex(
        r"\min_q\; E_{a,b}\Big[\min\Big(\big(\tfrac{g(G_{mix}) - g(G_a)}{\tau}\big)^2, 1\Big)\Big]"
        r" + \lambda\,\overline{p} + \epsilon\,\overline{s^2}"
    )
    count = st.slider("Donors", 1, 12, 6, key="tour_donors", bind="query-params")
    trial, story = state.trials(case, count)[case.pick.seed], state.story(case)
    answers = figures.Answers(trial.answers, story.classes, story.answers.scale)
    prediction, num_holding = plain(story.answers.prediction(0)), int(trial.holds.sum())
    st.markdown(f"The prediction *{prediction}* holds in **{num_holding} of {count}** donors.")
    with st.container(horizontal=True):
        for place, (donor, mixed) in enumerate(zip(trial.donors, trial.mixes, strict=True)):
            scene = story.scene
            picture = figures.mixed_thumbnail(mixed, scene.graph, donor, scene.labels, look=state.look())
            words = f"in {case.dataset.spec.item} {int(donor.graph_id)}: {answers.prediction(place)}"
            with st.container(width=state.CARD):
                mark = "✓" if trial.holds[place] else "✗"
                st.image(picture, f"{mark} {plain(words)}", width="stretch", alt=f"The explanation {words}")


def capacity(case: state.Case) -> None:
    """Shows step 6: what the size means in bits."""
    explainer = case.hpme
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "A hard subgraph of $k$ nodes of $d$ types, joined by edges of $e$ types, is one of finitely "
            "many graphs, so it carries at most this many bits. A soft mask with no zeros has no such bound: "
            "the whole graph can be recovered from it. As the price $λ$ rises, explanations shrink from the "
            "whole graph to nothing, in jumps. HPME chooses the first size at which they stop shrinking for "
            "a while, without any ground truth."
        )
        st.latex(r"I(G; G^*) \;\le\; \log_2 \sum_{j \le k} d^{\,j}\, (e+1)^{\,j(j-1)/2}")
        at = _price(case)
        story = state.story(case.vary(checkpoint=at))
        kept, size = int(story.scene.keep.sum()), story.scene.graph.num_nodes
        types, edges = explainer.num_types, explainer.num_edge_types
        st.markdown(
            f"Here $k = {kept}$, $d = {types}$ and $e = {edges}$: at most "
            f"**{content_bits(kept, types, edges):.1f} bits**. The whole graph could carry "
            f"{content_bits(size, types, edges):.1f}."
        )
    with picture:
        capacity_path.show(case.vary(checkpoint=at))
        _panel(story, 1, "The kept nodes at this step of the path.")


STEPS: dict[str, Callable[[state.Case], None]] = {
    "1 Score": score,
    "2 Pool": pool,
    "3 Cut": cut,
    "4 Replace": replace_explanation,
    "5 Ask": ask,
    "6 Capacity": capacity,
}


def _price(case: state.Case) -> int | None:
    """Shows a slider along the capacity path; returns its step, or None at HPME's choice."""
    explainer = case.hpme
    place = sidebar.held([sidebar.AUTO, *map(str, range(len(explainer.path)))], "price")
    step = explainer.chosen if place == sidebar.AUTO else int(place)
    sidebar.path_slider(explainer, "Price λ, from low to high", step, "price_step", _take_price)
    st.button("HPME's choice", on_click=_own_price, disabled=place == sidebar.AUTO)
    return None if place == sidebar.AUTO else step


def _take_price() -> None:
    st.session_state.price = str(st.session_state.price_step)


def _own_price() -> None:
    st.session_state.price = sidebar.AUTO


def _views(story: figures.Story, *, show_dropped: bool = True) -> tuple[figures.Panel, ...]:
    look = state.look()
    return figures.panels(
        story.scene,
        dark=look.dark is True,
        show_dropped=show_dropped,
        structure=look.structure,
        numbers=look.numbers,
    )


def _panel(story: figures.Story, place: int, caption: str) -> None:
    panel = _views(story)[place]
    _picture([panel], caption, figures.alt_texts(story)[place])


def _picture(panels: list[figures.Panel], caption: str, alt: str) -> None:
    st.image(figures.graph_svg(panels, dark=state.dark(), named=False), caption, width="stretch", alt=alt)


def _go(step: str) -> None:
    st.session_state.step = step


with st.spinner("Loading the graphs, the model and its explainer …"):
    case = state.resolve(sidebar.pick(one_explainer=False, own_views=False))
st.subheader(
    f"How HPME explains {case.title} of {dataset_title(case.pick.dataset)}, in six steps", anchor=False
)
names = list(STEPS)
step = st.segmented_control(
    "Step", names, default=names[0], required=True, key="step", bind="query-params", width="stretch"
)
here = names.index(step)
STEPS[step](case)
with st.container(horizontal=True, vertical_alignment="center"):
    st.button("← Back", on_click=_go, args=(names[max(here - 1, 0)],), disabled=here == 0)
    st.button(
        "Next step →",
        on_click=_go,
        args=(names[min(here + 1, len(names) - 1)],),
        disabled=here == len(names) - 1,
        type="primary",
    )
    links.explain_link(case.pick, "See the result on the Explain page")
