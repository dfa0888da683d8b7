import pytest

from hpme import HPME
from tests.opened import healthy, open_app, widget


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


def test_the_price_starts_at_hpmes_choice_and_comes_back_to_it():
    app = open_app(dataset="ba-2motifs")
    app.switch_page("pages/tour.py")
    healthy(app.run())
    chosen = HPME.load("ba-2motifs", "gin").chosen
    slider, back = widget(app, "price_step"), _back(app)
    assert (slider.value, back.disabled) == (chosen, True)
    healthy(slider.set_value(0).run())
    assert app.query_params["price"] == "0"
    healthy(_back(app).click().run())
    assert widget(app, "price_step").value == chosen
    assert "price" not in app.query_params


@pytest.mark.parametrize("page", ["tour", "pieces"])
def test_the_switch_of_atom_numbers_changes_the_pictures(page):
    app = open_app(dataset="benzene", graph="3304")
    app.query_params.clear()
    app.switch_page(f"pages/{page}.py")
    healthy(app.run())
    plain = str(app.get("image")[0].proto)
    healthy(widget(app, "numbers").set_value(True).run())
    assert str(app.get("image")[0].proto) != plain


def _back(app):
    return next(button for button in app.main.button if button.label == "HPME's choice")
