"""Sign-in, for an explorer that others can reach: on where the server's secrets hold a section ``[auth]``."""

import json
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


def set_up() -> bool:
    """Returns whether visitors have to sign in, by Streamlit's own OpenID Connect.

    So they have where secrets cannot be read: nobody gets in before whoever runs the explorer has seen to it.
    """
    if st.secrets.load_if_toml_exists():
        return "auth" in st.secrets
    return any(Path(file).is_file() for file in config.get_option("secrets.files"))


def needed() -> bool:
    """Returns whether the visitor of this session has to sign in first."""
    return set_up() and not st.user.get("is_logged_in")


def is_signed_in(cookies: Mapping[str, str]) -> bool:
    """Returns whether a browser that sends these cookies has signed in: Streamlit has signed one of them."""
    secret = get_cookie_secret()

    def signed(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies[name].encode("latin-1")) if name in cookies else None

    try:
        user = json.loads(get_cookie_with_chunks(signed, USER_COOKIE_NAME) or "{}")
    except ValueError:
        return False
    return bool(user.get("is_logged_in"))


def show() -> None:
    """The page of a visitor who has not signed in."""
    st.title("HPME Explorer")
    st.button("Sign in", on_click=st.login, type="primary")
