import pytest

from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser
REFUSED = "Request failed with status code 413"  # Streamlit's words beside a file


def test_a_file_over_the_quota_is_refused_beside_its_name_and_the_page_goes_on(chromium, server, tmp_path):
    paths = [tmp_path / f"{number}.json" for number in range(6)]
    for path in paths:
        path.write_bytes(b"{}".ljust(9_000_000))
    page = chromium.new_page()
    page.goto(f"{server}/upload")
    page.locator("input[type=file]").set_input_files(paths)
    page.get_by_text(REFUSED).wait_for(timeout=60_000)
    page.locator(IDLE).wait_for(timeout=60_000)
    page.get_by_text("Or try a sample").wait_for()
    page.close()
