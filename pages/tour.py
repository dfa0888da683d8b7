"""The tour: how HPME works, in six steps on a graph of the user's choice."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from ui import start

with start.loading():
    from hpme import figures
    from hpme.method.capacity import content_bits
    from ui import sidebar, state

BARE = {"displayModeBar": False}


def score(case: state.Case) -> None:
    """Step 1: every node gets a logit."""
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "A small network $q$ reads what the classifier itself knows of each node, its frozen embedding "
            "$z_v$, and gives the node a logit. Its sigmoid is the chance that the node is kept."
        )
        st.latex(r"s_v = q(z_v), \qquad p_v = \sigma(s_v)")
        at = _price(case)
        story = state.story(case.vary(checkpoint=at))
        st.dataframe(figures.score_rows(story.scene), hide_index=True, height=240)
    with picture:
        _panel(story, 0, "The stronger the colour, the higher the chance to be kept.")


def pool(case: state.Case) -> None:
    """Step 2: a node is in or out."""
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "No node is half in. While HPME learns, each node is *drawn* in or out; to explain, the nodes "
            "more likely in than out are kept, and the subgraph on them is the explanation $G^*$."
        )
        st.latex(r"b_v \sim \mathrm{Bernoulli}(p_v), \qquad G^* = G\,[\,\{v : p_v > \tfrac12\}\,]")
        limit = st.slider(
            "Threshold", 0.0, 1.0, 0.5, 0.05, key="threshold", bind="query-params", help="HPME uses 0.5."
        )
        kept = figures.above(state.story(case).scene, limit)
        story = state.story(case.vary(k=kept))
        st.markdown(f"**{kept} of {story.scene.graph.num_nodes} nodes** have a chance above {limit:.2f}.")
    with picture:
        _panel(story, 1, "Blue: in. Grey: out. Nothing in between.")


def cut(case: state.Case) -> None:
    """Step 3: what is out is removed, not zeroed."""
    story = state.story(case)
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "What is out leaves the graph: it sends no message and has no place in the readout. A *zeroed* "
            "node would still count in degrees and in the mean, and so still speak."
        )
        st.latex(r"G^\Delta = G \setminus G^*, \qquad C = \{(u,v) \in E : u \in G^*, v \in G^\Delta\}")
        way = st.segmented_control(
            "What is out is", ["removed", "zeroed"], default="removed", required=True, key="way"
        )
        answers = state.cut_answers(case)
        whole, seen = answers.words(0), answers.words(1 if way == "removed" else 2)
        st.markdown(f"Of the whole graph {whole}. With the rest **{way}** {seen}.")
        count = figures.cut_edges(story.scene)
        cuts = "1 edge** was" if count == 1 else f"{count} edges** were"
        st.markdown(f"**{cuts} cut; each will need a new end.")
    with picture:
        panel = figures.panels(story.scene, dark=state.dark(), show_dropped=way == "zeroed")[1]
        _picture([panel], f"What the classifier sees when the rest is {way}.", figures.alt_texts(story)[1])


def replace_(case: state.Case) -> None:
    """Step 4: the explanation takes the place of a donor's."""
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "A fragment alone is unlike anything that the classifier has seen. So the explanation takes the "
            "place of *another* graph's explanation. Each cut edge finds a new end $w$ in that donor's rest, "
            "best of the lost neighbour's type, and short of a neighbour itself."
        )
        st.latex(r"G_{mix} = G_a^* \cup G_b^\Delta \cup \{(u,w) : (u,v) \in C,\ w \simeq v\}")
        draw = st.slider("Donor", 1, 12, 1, key="tour_donor", bind="query-params")
        story = state.story(state.resolve(replace(case.pick, donor=None, draw=draw - 1)))
        donor = int(story.scene.donor.graph_id)
        st.markdown(f"Donor: graph {donor}. Of the mixed graph {story.answers.words(3)}.")
    with picture:
        _panel(story, 2, "Blue dots: the explanation. Orange squares: the donor's rest. Dashed: new links.")


def ask(case: state.Case) -> None:
    """Step 5: the classifier judges the mixed graphs."""
    st.markdown(
        "Now the classifier is asked about the mixed graphs, forward only. If its output $g$ (the log-odds "
        "of the predicted class, or the number) stays, the kept part carries it. The loss is its squared "
        "change in units of a usual change, at most 1; kept nodes have a price $λ$."
    )
    st.latex(
        r"\min_q\; E_{a,b}\Big[\min\Big(\big(\tfrac{g(G_{mix}) - g(G_a)}{\tau}\big)^2, 1\Big)\Big]"
        r" + \lambda\,\overline{p} + \epsilon\,\overline{s^2}"
    )
    count = st.slider("Donors", 1, 12, 6, key="tour_donors", bind="query-params")
    trial, story = state.trials(case, count)[case.pick.seed], state.story(case)
    answers = figures.Answers(trial.answers, story.classes, story.answers.scale)
    held = int(trial.held.sum())
    st.markdown(f"The prediction *{story.answers.said(0)}* holds in **{held} of {count}** donors.")
    with st.container(horizontal=True):
        for place, (donor, mixed) in enumerate(zip(trial.donors, trial.mixes, strict=True)):
            picture = figures.mixed_thumbnail(
                mixed, story.scene.graph, donor, story.scene.labels, dark=state.dark()
            )
            words = f"in graph {int(donor.graph_id)}: {answers.said(place)}"
            with st.container(width=state.CARD):
                mark = "✓" if trial.held[place] else "✗"
                st.image(picture, f"{mark} {words}", width="stretch", alt=f"The explanation {words}")


def capacity(case: state.Case) -> None:
    """Step 6: what the size means in bits."""
    explainer = case.hpme
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.markdown(
            "A hard subgraph of $k$ nodes of $d$ types is one of finitely many graphs, so it carries at most "
            "so many bits. A soft mask above zero has no such bound: the graph can be read off it. As the "
            "price $λ$ rises, explanations fall from the whole graph to nothing, in jumps. HPME stops where "
            "they first rest; no ground truth is asked."
        )
        st.latex(r"I(G; G^*) \;\le\; \log_2 \sum_{j \le k} d^{\,j}\, 2^{\,j(j-1)/2}")
        at = _price(case)
        story = state.story(case.vary(checkpoint=at))
        kept, types = int(story.scene.keep.sum()), explainer.num_types
        st.markdown(
            f"Here $k = {kept}$ and $d = {types}$: at most **{content_bits(kept, types):.1f} bits**; the "
            f"whole graph could carry {content_bits(story.scene.graph.num_nodes, types):.1f}."
        )
    with picture:
        chart = figures.capacity_path(explainer.path, explainer.plateau, at)
        st.plotly_chart(chart, config=BARE, alt=figures.path_words(explainer.path, explainer.plateau))
        _panel(story, 1, "What is kept at this step of the path.")


STEPS: dict[str, Callable[[state.Case], None]] = {
    "1 Score": score,
    "2 Pool": pool,
    "3 Cut": cut,
    "4 Replace": replace_,
    "5 Ask": ask,
    "6 Capacity": capacity,
}


def _price(case: state.Case) -> int | None:
    """A slider along the capacity path; None at HPME's own choice."""
    steps = [sidebar.AUTO, *map(str, range(len(case.hpme.path)))]
    place = st.select_slider("Price λ: from low to high", steps, key="price", bind="query-params")
    return None if place == sidebar.AUTO else int(place)


def _panel(story: figures.Story, place: int, words: str) -> None:
    panel = figures.panels(story.scene, dark=state.dark())[place]
    _picture([panel], words, figures.alt_texts(story)[place])


def _picture(panels: list[figures.Panel], words: str, alt: str) -> None:
    st.image(figures.graph_svg(panels, dark=state.dark(), named=False), words, width="stretch", alt=alt)


def _go(step: str) -> None:
    st.session_state.step = step


with st.spinner("Loading the graphs, the classifier and its explainer …"):
    case = state.resolve(sidebar.pick(one_explainer=False, own_views=False))
st.subheader(f"How HPME explains {case.title} of {case.dataset.spec.title}, in six steps")
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
    st.page_link("pages/explain.py", label="See it all on the Explain page")
