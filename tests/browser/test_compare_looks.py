import pytest

pytestmark = pytest.mark.browser


def test_small_panels_stand_in_one_row_sorted_soft_and_hard(tab):
    page = tab.page
    tab.open("?dataset=ba-2motifs&graph=6")
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_text(" of the mixed graphs").wait_for()
    tab.settled()
    page.get_by_text("Small panels").click()
    page.wait_for_url("**small=true**")
    tab.settled()
    tops = page.locator(".panel").evaluate_all("all => all.map(panel => panel.getBoundingClientRect().top)")
    assert len(tops) == 5
    assert len(set(tops)) == 1
    captions = page.locator(".panel .caption")
    assert "5 of 25 nodes kept." in captions.all_inner_texts()[2]
    page.get_by_role("radio", name="as given (soft)").click()
    page.wait_for_url("**masks=**")
    tab.settled()
    said = captions.all_inner_texts()
    assert said[1] == "5 of 25 nodes kept."  # HPME's mask is hard
    cut = "Its raw mask, as the explainer gives it. The bars are of it cut to 5 of 25 nodes."
    assert set(said[2:]) == {cut}
