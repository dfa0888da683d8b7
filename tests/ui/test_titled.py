from tests.opened import healthy, open_app, widget


def query(app, key):
    """Values of a parameter of the address."""
    values = app.query_params.get(key, [])
    return [values] if isinstance(values, str) else values


def open_compare(**asked):
    app = open_app(dataset="ba-2motifs")
    app.switch_page("pages/compare.py")
    for key, value in asked.items():
        app.query_params[key] = value
    return healthy(app.run())


def test_boxes_show_titles_while_session_and_address_hold_names():
    app = open_app(dataset="ba-house-grid", model="gcn", explainer="gradcam")
    for key, name, title in (
        ("dataset", "ba-house-grid", "BA-House-Grid"),
        ("model", "gcn", "GCN"),
        ("explainer", "gradcam", "GradCAM"),
    ):
        box = widget(app, key)
        assert (box.value, box.options[box.index]) == (name, title)
        assert query(app, key) == [name]


def test_the_address_follows_a_box_and_leaves_its_default_out():
    app = open_app(dataset="benzene")
    healthy(widget(app, "explainer").select("saliency").run())
    assert query(app, "explainer") == ["saliency"]
    healthy(widget(app, "explainer").select("hpme").run())
    assert query(app, "explainer") == []
    healthy(widget(app, "dataset").select("ba-2motifs").run())
    assert query(app, "dataset") == []


def test_a_box_follows_an_address_that_changes():
    app = open_app(dataset="benzene", explainer="saliency")
    app.query_params["explainer"] = "gradcam"  # as by a browser's "Back"
    healthy(app.run())
    assert widget(app, "explainer").value == "gradcam"
    healthy(widget(app, "explainer").select("degree").run())
    assert query(app, "explainer") == ["degree"]


def test_a_box_for_several_names_does_the_same():
    app = open_compare()
    assert widget(app, "with").value == ["saliency", "integrated-gradients", "gradcam"]
    assert query(app, "with") == []
    app = open_compare(**{"with": ["degree", "nonsense", "random"]})
    assert widget(app, "with").value == ["degree", "random"]
    assert query(app, "with") == ["degree", "random"]
    healthy(widget(app, "with").set_value([]).run())
    assert widget(app, "with").value == []
    assert widget(open_compare(**{"with": ""}), "with").value == []
