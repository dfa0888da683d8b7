import pytest

from tests.opened import healthy, open_app


@pytest.mark.parametrize("dataset", ["ba-2motifs", "ba-motif-volume"])
def test_each_step_has_a_formula_a_picture_and_a_control(dataset):
    app = open_app(dataset=dataset)
    app.switch_page("pages/tour.py")
    for step in ("1 Score", "2 Pool", "3 Cut", "4 Replace", "5 Ask", "6 Capacity"):
        app.query_params["dataset"] = dataset
        app.query_params["step"] = step
        healthy(app.run())
        assert len(app.latex) == 1
        assert app.get("image")
        assert [*app.main.slider, *app.main.select_slider, *app.main.button_group[1:]]
