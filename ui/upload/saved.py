"""An own dataset with all that was learnt of it: saved as one file, and opened again."""

import streamlit as st
from streamlit import config

from hpme.datasets.reach import same_around
from hpme.jobs.work_file import SavedWork, is_work, pack_work, unpack_work
from ui import session, unsaved

__all__ = ["is_work", "open_work", "show"]


def show(name: str, own: session.OwnDataset) -> None:
    """Shows the button that saves a dataset, once there is something that the dataset's file has not."""
    if not own.classifiers:
        return
    st.markdown("**Keep it**")
    size, most = _size(name, own), config.get_option("server.maxUploadSize")
    if size > most << 20:
        st.text(
            f"Expected at most {most} MB in one file, which can be loaded again "
            f"(got {size / (1 << 20):.1f}); train and fit in the shell, which keeps models and explainers in "
            "files."
        )
        return
    st.download_button(
        "Save as one file",
        lambda: _packed(own),
        f"{name.rpartition('-')[0]}.hpme.zip",
        "application/zip",
        on_click=unsaved.mark,
        args=(name,),
        key=f"save-{name}",
        help="Graphs, models, explainers and results. Drop the file above to go on with it, here or "
        "elsewhere; what you do not save is gone when this session ends.",
    )
    st.caption("It counts as saved once you click: whether your browser kept the file, it does not tell.")


def _size(name: str, own: session.OwnDataset) -> int:
    """The bytes of the file; counted once for all that was made of the dataset so far."""
    known: dict[str, tuple[object, int]] = st.session_state.setdefault("saved_sizes", {})
    made = unsaved.made(name)
    if name not in known or known[name][0] != made:
        known[name] = made, len(_packed(own))
    return known[name][1]


def open_work(content: bytes) -> str:
    """Adds a dataset with all that was learnt of it; returns its name in this session.

    Raises:
        ValueError: If the file is not as it was saved, or the session has no room.
    """
    work = unpack_work(content)
    name = session.add(work.dataset, work.label, work.built_in, work.filename, work.content)
    own = session.datasets()[name]
    for arch, (model, card) in work.classifiers.items():
        own.classifiers[arch] = model, card | {"same_around": same_around(own.dataset, model)}
    own.explainers.update(work.explainers)
    own.results.update(work.results)
    if own.classifiers:
        st.session_state.own_arch = next(iter(own.classifiers))
    unsaved.mark(name)
    return name


def _packed(own: session.OwnDataset) -> bytes:
    return pack_work(
        SavedWork(
            own.dataset,
            own.filename,
            own.content,
            own.label,
            own.built_in,
            own.classifiers,
            own.explainers,
            own.results,
        )
    )
