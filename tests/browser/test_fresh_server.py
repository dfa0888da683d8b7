import pytest

from tests.browser.conftest import serving
from tests.browser.tab import Tab

pytestmark = pytest.mark.browser


def test_a_fresh_server_may_be_opened_at_any_page_first(chromium):
    with serving() as address:
        context = chromium.new_context()
        tab = Tab(context.new_page(), address)
        tab.page.goto(f"{address}/tour?dataset=ba-2motifs")
        tab.page.get_by_role(
            "heading", name="How HPME explains "
        ).wait_for()  # Streamlit asks /tour/_stcore first
        listed = tab.page.get_by_test_id("stSidebarNavLink").all_inner_texts()
        context.close()
    assert listed[:2] == ["Explain", "Tour"]
    assert "Browse" in listed
    assert [trouble for trouble in tab.troubles if "(Not Found)" not in trouble] == []
