import tomllib
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.opened import APP, healthy


def test_the_server_is_strict_unless_its_operator_says_otherwise():
    settings = tomllib.loads((Path(APP).parent / ".streamlit" / "config.toml").read_text())
    server = settings["server"]
    assert server["address"] == "127.0.0.1"
    assert server["maxUploadSize"] <= 10
    assert server["maxMessageSize"] <= 32
    assert server["disconnectedSessionTTL"] <= 30
    assert server["enableCORS"] is server["enableXsrfProtection"] is True
    assert settings["browser"]["gatherUsageStats"] is False


def test_where_sign_in_is_set_up_nothing_is_shown_before_it():
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.secrets["auth"] = {"redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": "x"}
    healthy(app.run())
    assert [button.label for button in app.button] == ["Sign in"]
    assert not app.selectbox
