import pytest

from hpme.limits import LIMITS
from tests.browser.tab import IDLE

pytestmark = pytest.mark.browser
REFUSED = "Request failed with status code 413"  # Streamlit's words beside a file that the server refused
TOO_LONG = "File must be 10.0MB or smaller."  # and beside one that the browser did not send


def test_a_file_over_the_quota_is_refused_beside_its_name_and_the_page_goes_on(chromium, server, tmp_path):
    paths = [tmp_path / f"{number}.json" for number in range(6)]
    for path in paths:
        path.write_bytes(b"{}".ljust(9_000_000))
    page = chromium.new_page()
    page.goto(f"{server}/upload")
    page.locator("input[type=file]").set_input_files(paths)
    page.get_by_text("bytes in all 5 files together (got 45,000,000); choose fewer").wait_for(timeout=60_000)
    page.locator(IDLE).wait_for(timeout=60_000)
    assert page.get_by_text(REFUSED).count() == 1  # it stays there
    page.get_by_text("Or try a sample").wait_for()
    page.close()


def test_a_file_that_is_too_large_is_named_beside_those_that_are_read(chromium, server, tmp_path):
    small, large = tmp_path / "small.smi", tmp_path / "large.smi"
    small.write_text("CC(=O)CF")
    large.write_bytes(b"C".ljust(LIMITS.bytes + (1 << 20)))
    page = chromium.new_page()
    page.goto(f"{server}/upload")
    box = page.locator("input[type=file]")
    box.set_input_files([small, large])
    page.get_by_text("1 graph added.").wait_for(timeout=60_000)
    page.locator(IDLE).wait_for(timeout=60_000)
    assert TOO_LONG in page.get_by_test_id("stFileChip").filter(has_text="large.smi").inner_text()
    small.write_text("CCO\nCCN")
    box.set_input_files([small])  # those of before are not read again
    page.get_by_text("2 graphs added.").wait_for(timeout=60_000)
    page.get_by_test_id("stFileChip").filter(has_text="large.smi").get_by_role("button").click()
    page.get_by_test_id("stFileChip").filter(has_text="large.smi").wait_for(state="detached")
    page.wait_for_timeout(1000)
    page.get_by_text("2 graphs added.").wait_for()  # a name that is removed changes nothing else
    page.close()
