import torch

from hpme.seeding import generator


def test_equal_seeds_draw_alike_and_streams_differ():
    draw = [
        torch.rand(4, generator=generator(*seed)).tolist() for seed in ((1, 2), (1, 2), (1, 3), (2, 2), (1,))
    ]
    assert draw[0] == draw[1]
    assert len({tuple(row) for row in draw}) == 4


def test_the_global_generator_is_left_alone():
    before = torch.random.get_rng_state()
    torch.rand(3, generator=generator(0))
    assert torch.equal(before, torch.random.get_rng_state())
