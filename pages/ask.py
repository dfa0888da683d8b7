"""The Ask page: what every shipped model says of a molecule of one's own, or of a list of them."""

import streamlit as st

from ui import start

with start.loading():
    from hpme.datasets.named import MOLECULES
    from ui import sidebar, state
    from ui.ask import box, many, one

INTRO = """
Paste a molecule, and every shipped model says what it predicts, which atoms it looks at, and whether it has
seen anything like it. Of a salt the largest piece is taken. Several lines give a table.
"""

sidebar.look()
st.subheader("Ask about my molecule", anchor=False)
st.markdown(INTRO)
asked = box.show()
with st.expander(f"Names that are known: {len(MOLECULES)}"):
    st.caption("The bundled lists hold SMILES without names; these few well-known ones are named here.")
    st.text(", ".join(MOLECULES))
molecules, troubles = state.pasted(asked)
if troubles:
    with st.container(border=True):
        rest = " The other lines are answered." if molecules else ""
        st.markdown(f":orange-badge[Not understood: {len(troubles)}]{rest}")
        for trouble in troubles[:10]:
            st.text(trouble)
        if len(troubles) > 10:
            st.caption(f"… and {len(troubles) - 10} more.")
if len(molecules) == 1:
    one.show(molecules[0])
elif molecules:
    many.show(molecules)
elif asked.strip() and not troubles:
    st.info("There is no molecule in this text; paste SMILES, such as CCO.")
else:
    one.warm()
