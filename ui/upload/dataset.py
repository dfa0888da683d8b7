"""The section for a user's own dataset: read, trained on, explained and compared."""

import streamlit as st
from torch_geometric.data import Data

from hpme import figures, io, own_data
from hpme.benchmark import leaderboard
from hpme.classifiers import EPOCHS, fitting, model_title
from hpme.classifiers.registry import EPOCHS_OF_NODES
from hpme.explainers import EXPLAINERS, REFERENCE, explainers_of
from hpme.forward.hops import MOST
from hpme.limits import DATASET_LIMITS
from ui import session, sidebar
from ui.session import OwnDataset
from ui.titles import dataset_title, explainer_title
from ui.upload import dataset_files, dataset_jobs, saved

LEARNT = 40_000_000  # nodes and edges that a training may see, in all of its steps
PRESELECTED = ["random", "degree", "saliency", "gradcam"]  # they take seconds, the others minutes
SHOWN = [
    "edge_auc",
    "node_iou",
    "kept_share",
    "f_fid_plus",
    "f_fid_minus",
    "robust_fid_plus",
    "robust_fid_minus",
    "necessity",
    "kept_on_subgraph",
    "kept_on_mix",
    "cos_mix",
    "capacity_bits",
    "fit_seconds",
    "explain_ms",
]
PAGES = {  # that open on the dataset: title, and name of the file
    **{"Explain": "explain", "Browse": "browse", "Overall": "pieces"},
    **{"Compare": "compare", "Atlas": "atlas", "Tour": "tour"},
}


def show() -> None:
    """Shows the section."""
    st.subheader("Explain a dataset of your own", anchor=False)
    st.markdown(
        "Upload a whole dataset, train a model on it and fit HPME to that model; then every page works with "
        f"both. A dataset can have up to {DATASET_LIMITS.graphs:,} graphs, or be one graph with a label at "
        "each node, whose nodes are predicted. Nothing is stored beyond this session."
    )
    dataset_files.inputs()
    names = [*session.datasets()]
    if not names:
        return
    if st.session_state.get("own_dataset") not in names:
        st.session_state.own_dataset = names[-1]
    titles = {name: dataset_title(name) for name in names}
    name = st.selectbox("Your dataset", names, key="own_dataset", format_func=titles.__getitem__)
    own = session.datasets()[name]
    dataset_jobs.collect()
    _facts(name, own)
    arch = _training(name, own)
    if arch in own.classifiers and _fitting(name, own, arch):
        _use(name, arch)
        _benchmark(name, own, arch)
    saved.show(name, own)


def _facts(name: str, own: OwnDataset) -> None:
    """Shows how the dataset was understood."""
    with st.container(border=True):
        left, right = st.columns([5, 1])
        facts = own_data.describe_dataset(own.dataset)
        left.text("\n".join(f"{title}: {fact}" for title, fact in facts.items()))
        left.text(own.dataset.spec.description)
        right.button("Remove", on_click=dataset_jobs.remove, args=(name,), width="stretch")
        right.button(
            "Start over",
            on_click=dataset_jobs.start_over,
            args=(name,),
            width="stretch",
            help="Keeps the graphs, but removes everything that was trained on them.",
        )


def _training(name: str, own: OwnDataset) -> str:
    """Shows step 1, a model is trained; returns its architecture."""
    st.markdown("**1. Train a model**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        spec = own.dataset.spec
        kinds = fitting(spec.num_edge_features, spec.of_nodes)
        arch = st.selectbox("Architecture", kinds, key="own_arch", format_func=model_title, width=200)
        key = f"own_epochs-{arch}" + "-nodes" * spec.of_nodes
        usual = _epochs_of_nodes(own.dataset.graph) if own.dataset.graph is not None else EPOCHS[arch]
        epochs = st.number_input("Epochs", 1, 5000, usual, key=key, width=200)
        busy = arch in own.classifiers or dataset_jobs.busy("train", name, arch)
        if st.button("Train", type="primary", disabled=busy):
            dataset_jobs.train(name, arch, int(epochs))
        with st.popover("Or upload weights", key="own_bring", on_change="rerun"):
            file = st.file_uploader(
                "Weights of a model of hpme.classifiers, as safetensors", key=f"own_weights-{name}"
            )
            if file:
                st.button("Use these weights", on_click=_on_weights, args=(name, file.name, file.getvalue()))
    dataset_files.show_refusal("weights")
    measure = "R²" if own.dataset.spec.regression else "Accuracy"
    dataset_jobs.watch(
        "train", name, arch, lambda job: figures.training_curves(job.curve, job.total, measure)
    )
    if arch in own.classifiers:
        card = own.classifiers[arch][1]
        kind = "r2" if own.dataset.spec.regression else "accuracy"
        with st.container(horizontal=True):
            for part, title in (("train", "training"), ("val", "validation"), ("test", "test")):
                st.metric(f"{measure} on {title} {spec.item}s", f"{card[f'{part}_{kind}']:.3f}")
        if card.get("same_around", 1.0) < 1:
            st.caption(
                f"The graph around a node has at most {MOST:,} nodes. For {card['same_around']:.0%} of test "
                "nodes the model predicts the same of it as of the node in the whole graph. Of the others, "
                "it is explained what the model predicts of the graph around them."
            )
    return arch


def _epochs_of_nodes(graph: Data) -> int:
    """How often the whole graph is learnt from: as the models here are, or a few minutes of a large one."""
    return max(100, min(EPOCHS_OF_NODES, LEARNT // (graph.num_nodes + graph.num_edges)))


def _on_weights(name: str, filename: str, content: bytes) -> None:
    """Loads the weights, or remembers why not."""
    st.session_state.own_bring = False
    try:
        dataset_jobs.load_weights(name, filename, content)
    except ValueError as error:
        dataset_files.refuse("weights", error)


def _fitting(name: str, own: OwnDataset, arch: str) -> bool:
    """Shows step 2, HPME is fitted; returns whether it is."""
    st.markdown("**2. Fit HPME to it**")
    fitted = [seed for model, seed in own.explainers if model == arch]
    seed = len(fitted)
    words = "Fit HPME" if not fitted else "Fit another seed"
    if st.button(
        words, type="secondary" if fitted else "primary", disabled=dataset_jobs.busy("fit", name, arch)
    ):
        dataset_jobs.fit(name, arch, seed)
    dataset_jobs.watch("fit", name, arch, lambda job: figures.fit_curves(job.curve, job.total))
    if fitted:
        st.caption(
            "The price of a kept node rises from step to step, so fewer and fewer nodes are kept. "
            "HPME chooses the first size at which that stops for a while."
        )
        explainer = own.explainers[arch, fitted[-1]]
        chosen = explainer.path[explainer.chosen]
        with st.container(horizontal=True):
            st.metric("Nodes kept", f"{chosen.share:.0%}")
            st.metric("Capacity", f"{chosen.bits:.1f} bits")
            st.metric("Predictions that hold in mixes", f"{chosen.kept:.0%}")
    return bool(fitted)


def _use(name: str, arch: str) -> None:
    """Shows step 3, the pages are opened on the dataset."""
    st.markdown("**3. Explore the explanations**")
    with st.container(horizontal=True):
        for title, page in PAGES.items():
            if st.button(
                title, key=f"own_open-{title}", type="primary" if title == "Explain" else "secondary"
            ):
                sidebar.open_own(f"pages/{page}.py", name, arch)


def _benchmark(name: str, own: OwnDataset, arch: str) -> None:
    """Shows step 4, HPME is compared with others on the test graphs."""
    items, peers = f"test {own.dataset.spec.item}s", explainers_of(own.dataset.spec.of_nodes)
    st.markdown(f"**4. Compare HPME with other explainers on the {items}**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Compare HPME with",
            [name for name in peers if name != REFERENCE and EXPLAINERS[name].max_graphs is None],
            PRESELECTED,
            format_func=explainer_title,
            key="own_peers",
            help="The preselected ones take seconds, the others minutes.",
        )
        if st.button("Benchmark", disabled=dataset_jobs.busy("bench", name, arch)):
            dataset_jobs.bench(name, arch, chosen)
    rows = dataset_jobs.watch("bench", name, arch) or own.results.get(arch, [])
    if rows:
        measures = [key for key in SHOWN if any(row[key] is not None for row in rows)]
        st.dataframe(
            [
                {"explainer": explainer_title(row["explainer"])} | {key: row[key] for key in measures}
                for row in rows
            ],
            column_config={
                key: st.column_config.NumberColumn(
                    leaderboard.head(key), help=leaderboard.MEASURES[key].help, format="%.3f"
                )
                for key in measures
            },
            hide_index=True,
            placeholder="–",
        )
        missing = (
            ""
            if own.dataset.spec.ground_truth
            else " Without a ground truth, agreement with it cannot be measured."
        )
        st.caption(f"{rows[0]['graphs']} {items}, with all explainers at HPME's size.{missing}")
        cells = [{key: row[key] for key in row if key != "by_graph"} for row in rows]
        st.download_button("Download CSV", io.csv_bytes(cells), f"{name}-{arch}.csv", "text/csv")
