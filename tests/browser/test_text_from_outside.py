"""What a browser makes of text from outside: no link, picture, heading, list or emphasis."""

import textwrap
from urllib.parse import quote

import pytest

from tests.browser.conftest import launched
from ui.plain import plain

pytestmark = pytest.mark.browser
MADE = "a[href]:not([href^='#']), img, ul, ol, table, blockquote, h1, h2, del, em, strong, .katex"
EVIL = [
    "www.evil.example",
    "WWW.EVIL.example, pay@evil.example (a.b+c@evil.example)",
    "https://evil.example <https://evil.example> //evil.example mailto:pay@evil.example",
    "x\n\n[Sign in again](//evil.example/)\n\n# Hi",
    "![p](http://evil.example/x) <a href='http://evil.example'>x</a>",
    ":red[x] :smile: :material/home: $x$ ~~y~~ *b* _i_ __b__ `c`",
    *("# h", "1. one", "- item", "+ item", "> q", "| a | b |\n|-|-|\n| 1 | 2 |"),
    "[r]\n\n[r]: http://evil.example",
    "a\\www.evil.example &lt;b&gt; &#119;ww.evil.example",
]
SCRIPT = """
    import streamlit as st
    from hpme.own_data.labels import one_line
    from ui.plain import plain
    st.markdown("www.evil.example")
    with st.container(key="shown"):
        for text in {texts!r}:
            st.caption(plain(text))
            st.warning(plain(text))
            for words in (plain(text), one_line(text)):  # names of classes stand in sentences
                st.markdown(f"The model says {{words}}.")
                st.markdown(f":small[It says {{words}}]")
    st.text("The end")
"""


def test_text_stays_text(tmp_path, chromium):
    script = tmp_path / "shown.py"
    script.write_text(textwrap.dedent(SCRIPT).format(texts=EVIL))
    with launched(script) as (address, _):
        page = chromium.new_page()
        page.goto(address)
        page.get_by_text("The end", exact=True).wait_for()
        assert page.locator("a[href='http://www.evil.example']").count() == 1  # what it would be
        found = page.locator(".st-key-shown").locator(MADE)
        assert found.evaluate_all("all => all.map(one => one.outerHTML)") == []
        assert plain(EVIL[0]) in page.locator(".st-key-shown").inner_text()


@pytest.mark.parametrize(
    "query", [f"?model={quote(EVIL[3])}", f"?tool=What+if&edits={quote('[x](//2130706433/)')}"]
)
def test_an_address_is_text(tab, query):
    tab.open(query)
    alerts = tab.page.locator("[data-testid=stAlert]")
    assert alerts.count() == 1
    assert alerts.locator(MADE).evaluate_all("all => all.map(one => one.outerHTML)") == []
