"""The Batch page: what a batch job has written, looked at without holding it: rows, a map, and kept parts."""

import os
from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st
from pandas import DataFrame

from ui import start

with start.loading():
    from hpme import figures
    from hpme.batch.output import VARIABLE, KeptCount, RowFilter, Sort
    from hpme.classifiers import model_title
    from ui import batch_cards, batch_filters, paging, sidebar, state
    from ui.plain import code, plain
    from ui.titles import dataset_title

SORTS: dict[Sort, str] = {
    "input": "Order of the input",
    "shuffled": "At random",
    "prediction": "Prediction",
    "probability": "Probability",
    "kept_share": "Kept share",
    "capacity_bits": "Capacity, bits",
    "holds_on_mixes": "Holds in mixes",
}
UNSORTED = ("input", "shuffled")
SHADES: tuple[Sort, ...] = ("prediction", "kept_share", "capacity_bits")  # that colour the map
WORKING = "The job is still at work, or was stopped: its folder has this so far, perhaps of an earlier run."
OTHER = "The job's explainer came from a file; Explain shows the one that is fitted here."


def rows(wanted: RowFilter) -> None:
    """Shows the rows that pass, page by page, as cards and as a table."""
    with controls:
        by = st.selectbox(
            "Sort by",
            output.orders,
            format_func=SORTS.__getitem__,
            key="sort",
            bind="query-params",
            on_change=paging.first,
            width=220,
        )
        high = by not in UNSORTED and paging.high_first()
        count = state.batch_rows(output, wanted).count
        shown = paging.page_of(range(count))
    st.markdown(f"{count:,} of {output.rows:,} rows match.")
    if not count:
        st.info("None of these rows match; change the filters in the sidebar.")
        return
    some = state.batch_rows(output, wanted, by, high, shown[0], len(shown)).rows
    with st.container(horizontal=True, gap="small", key="cards"):
        for place, row in zip(shown, some, strict=True):
            batch_cards.show(made_by, row, str(place), partial(state.batch_input, output, place))
    paging.turn(count)
    everything = st.expander("Show as table", key="listed", on_change="rerun")
    if everything.open:
        with everything:
            st.dataframe(DataFrame(some).dropna(axis="columns", how="all"), hide_index=True)


def mapped(wanted: RowFilter) -> None:
    """Shows a sample of the rows that pass as a map of the model's embeddings."""
    if not batch_cards.at_hand(made_by):
        st.info("The model of this job is not at hand, and without it there is no map of what it sees.")
        return
    with controls:
        kind = st.segmented_control(
            "Map", ["PCA", "t-SNE"], default="PCA", required=True, key="map_kind", bind="query-params"
        )
        colour = st.selectbox(
            "Colour", SHADES, format_func=SORTS.__getitem__, key="colour", bind="query-params", width=210
        )
    try:
        found = state.batch_map(output, wanted, kind)
    except ValueError as error:
        st.info(plain(error.args[0]))
        return
    count = state.batch_rows(output, wanted).count
    st.markdown(
        f"{len(found.rows):,} molecules, drawn at random from the {count:,} rows that match, as "
        f"{model_title(made_by.model)} sees them. **Click** one to see it."
    )
    left, right = st.columns([3, 2], gap="large")
    picked = left.plotly_chart(
        figures.atlas_map(points(found, colour), {}),
        on_select="rerun",  # without a key, it begins anew with other molecules
        selection_mode="points",
        alt=f"{kind} map of {len(found.rows)} molecules",
    ).selection.points
    with right:
        for point in picked[:1]:
            row = found.rows[int(point["customdata"])]
            batch_cards.show(made_by, row, "picked")


def points(found: state.MappedRows, colour: Sort) -> figures.MapPoints:
    """The points of the map: of one colour a class, or of the colour of a number."""
    classes, by_class = made_by.classes, colour == "prediction" and made_by.classes
    return figures.MapPoints(
        found.projection.places,
        found.projection.axes,
        range(len(found.rows)),
        None,
        [classes.index(row["prediction"]) if classes else 0 for row in found.rows],
        classes,
        shade=None if by_class else (SORTS[colour], [float(row[colour]) for row in found.rows]),
        names=[row["id"] for row in found.rows],
    )


def pieces(wanted: RowFilter) -> None:
    """Shows what is kept of all rows that pass, counted, with an example of each."""
    counted = state.batch_kept(output, wanted)
    least = "" if counted.whole else "More than "
    listed = f", the {len(counted.most):,} most frequent of them below" if counted.left_out else ""
    st.markdown(
        f"{least}{counted.different:,} different parts are kept of {counted.rows:,} rows with SMILES{listed}."
        + ("" if counted.whole else " Of rare ones not all rows are counted.")
    )
    if not counted.most:
        st.info("There are no kept parts of molecules among these rows.")
        return
    with controls:
        shown = paging.page_of(counted.most)
    examples = output.rows_at([one.place for one in shown])
    with st.container(horizontal=True, gap="small", key="cards"):
        for place, (one, example) in enumerate(zip(shown, examples, strict=True)):
            piece(str(place), one, example)
    paging.turn(len(counted.most))


def piece(key: str, one: KeptCount, example: dict[str, Any]) -> None:
    """Shows the card of a kept part, all of which is the button that opens its rows."""
    with st.container(border=True, height="stretch", gap="xsmall", key=f"piece-{key}"):
        heading = "**Nothing kept**"
        if one.smarts:
            picture, words = state.kept_picture(example["smiles"], tuple(example["kept_atoms"]), state.dark())
            st.image(picture, width="stretch", alt=f"{words}, as in {example['id']}")
            heading = f"**{plain(words)}** in {plain(example['id'])}  \n{code(one.smarts)}"
        st.markdown(heading)
        label = f"{one.count:,} row{'s' * (one.count != 1)}"
        st.button(label, key=f"open-{key}", type="tertiary", on_click=batch_filters.only, args=(one.smarts,))
        said = [f"predicted {name}: {number:,}" for name, number in [*one.predictions.items()][:3]]
        st.caption("  \n".join(map(plain, said)))


folder = os.environ[VARIABLE]
try:
    output = state.batch_output(folder)
except ValueError as error:
    st.error(plain(error.args[0]))
    st.stop()
made_by = output.made_by
sidebar.look()
wanted = batch_filters.show(made_by.classes)
st.subheader(f"What {model_title(made_by.model)} looks at in a batch", anchor=False)
st.markdown(
    f"{output.rows:,} rows in {output.files:,} file{'s' * (output.files != 1)} of "
    f"{code(PurePath(folder).name)}, explained by {plain(model_title(made_by.model))} of "
    f"{plain(dataset_title(made_by.dataset))}." + (f" {OTHER}" if made_by.seed is None else "")
)
if not output.finished:
    st.info(WORKING)
controls = st.container(horizontal=True, vertical_alignment="bottom")
VIEWS = {"Rows": rows, "Map": mapped, "Pieces": pieces}
with controls:
    view = st.segmented_control(
        "View",
        list(VIEWS),
        default="Rows",
        required=True,
        key="view",
        bind="query-params",
        on_change=paging.first,
    )
VIEWS[view](wanted)
