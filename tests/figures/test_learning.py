from hpme.figures import fit_curves, training_curves


def ys(figure):
    return {trace.name: list(trace.y) for trace in figure.data}


def test_a_training_is_drawn_as_loss_and_scores_over_epochs():
    curve = [{"loss": 0.7, "train": 0.5, "val": 0.4}, {"loss": 0.3, "train": 0.9, "val": 0.8}]
    figure = training_curves(curve, 10, "Accuracy")
    assert ys(figure) == {"loss": [0.7, 0.3], "training graphs": [0.5, 0.9], "validation graphs": [0.4, 0.8]}
    assert list(figure.data[0].x) == [1, 2]
    assert figure.layout.xaxis.range == (1, 10)
    assert [note.text for note in figure.layout.annotations] == ["Loss", "Accuracy"]


def test_scores_of_a_regression_below_minus_one_leave_the_chart():
    figure = training_curves([{"loss": 9.0, "train": -0.5, "val": -40.0}], 5, "R²")
    assert figure.layout.yaxis2.range[0] == -1


def test_a_fit_is_drawn_as_objective_capacity_and_what_is_kept():
    first = {"step": 5, "loss": 0.25, "price": 0.5, "share": 0.5}
    second = {"step": 10, "loss": 0.5, "price": 1.0, "share": 0.25, "bits": 12.0, "kept": 0.75}
    figure = fit_curves([first, second], 100)
    # By hand: 0.25 + 0.5 * 0.5 and 0.5 + 1 * 0.25.
    assert ys(figure) == {
        "loss + price × share": [0.5, 0.75],
        "bits kept": [12.0],
        "predictions that hold": [0.75],
        "nodes kept": [0.25],
    }
    assert list(figure.data[1].x) == [10]
    assert figure.layout.xaxis.range == (0, 100)
