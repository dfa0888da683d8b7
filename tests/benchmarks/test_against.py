from benchmarks import against


def test_the_ratio_is_of_the_least_times():
    old, new = [{"fit": 2.0}, {"fit": 1.0}], [{"fit": 3.0}, {"fit": 1.5}]
    assert against.ratios(old, new) == {"fit": 1.5}


def test_this_checkout_is_measured(monkeypatch):
    monkeypatch.setattr(against, "DATASETS", ("ba-2motifs",))
    times = against.measure(against.HERE)
    assert len(times) == 5
    assert all(seconds > 0 for seconds in times.values())
