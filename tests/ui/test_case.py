from ui import state

PICK = state.Pick("ba-2motifs", "gin", 0, None, 6, None, 0)


def test_caches_know_a_case_by_its_pick():
    one, other = state.resolve(PICK), state.resolve(PICK)
    assert one is not other
    assert state.story(one) is state.story(other)
    assert state.positions(one.dataset, one.graph).tolist() == state.story(one).scene.positions.tolist()


def test_another_size_or_explainer_looks_nothing_up_and_is_another_case():
    case = state.resolve(PICK)
    smaller, saliency = case.vary(k=3), case.vary(explainer="saliency")
    for other in (smaller, saliency):
        assert (other.graph, other.donors, other.hpme) == (case.graph, case.donors, case.hpme)
    assert int(state.story(smaller).scene.keep.sum()) == 3
    assert int(state.story(case).scene.keep.sum()) == 5
    assert state.story(saliency).explainer == saliency.explainer.title == "Saliency"


def test_the_donor_is_the_picked_one_or_the_next_of_those_that_are_drawn():
    case = state.resolve(PICK)
    assert case.donor is case.donors[0]
    assert case.graph.graph_id not in [donor.graph_id for donor in case.donors]
    assert len(case.donors) == len(case.dataset.test) - 1
    again = state.resolve(state.Pick("ba-2motifs", "gin", 0, None, 6, None, len(case.donors) + 2))
    assert again.donor is case.donors[2]  # after the last one the first comes again
    assert state.resolve(state.Pick("ba-2motifs", "gin", 0, None, 6, 500, 0)).donor.graph_id == 500
