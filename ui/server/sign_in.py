"""Sign-in, for an explorer that others can reach: on where the server's secrets hold a section ``[auth]``."""

import streamlit as st


def needed() -> bool:
    """Returns whether this visitor has to sign in first, by Streamlit's own OpenID Connect."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets and not st.user.get("is_logged_in")


def show() -> None:
    """The page of a visitor who has not signed in."""
    st.title("HPME Explorer")
    st.button("Sign in", on_click=st.login, type="primary")
