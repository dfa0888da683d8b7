from functools import partial

from hpme.forward.named import named


def pick(place):
    def picked(out):
        return out[place]

    return picked


def test_a_function_is_known_by_its_name_and_one_that_shares_it_by_what_it_does():
    assert named(None) == ""
    assert named(pick) == f"{__name__}.pick"
    assert named(lambda out: out[0]) == named(lambda out: out[0])
    assert named(lambda out: out[0]) != named(lambda out: out[1])
    assert named(lambda out: out.logits) != named(lambda out: out.hidden)
    assert named(lambda out: [row[0] for row in out]) != named(lambda out: [row[1] for row in out])
    assert named(pick(3)) == named(pick(3)) != named(pick(4))
    assert named(lambda out, k=3: out[k]) != named(lambda out, k=4: out[k])
    assert named(partial(pick, 3)) == f"{__name__}.pick (3,) {{}}"
    assert " at 0x" not in named(lambda out: [row[0] for row in out])
