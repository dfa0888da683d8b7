import torch

from hpme.explainers.hpme.memo import Memo


class Scorer:
    """Sums each row, and counts the rows that it was asked about."""

    def __init__(self):
        self.rows = 0

    def __call__(self, z):
        self.rows += len(z)
        return z.sum(1)


def test_a_row_is_scored_once_and_its_score_found_again():
    scorer, draws = Scorer(), torch.Generator().manual_seed(0)
    memo, rows = Memo(scorer), torch.randn(50, 8, generator=draws)
    first = memo(rows[torch.randint(50, (400,), generator=draws)])
    seen = scorer.rows
    assert seen <= 50
    assert len(first) == 400
    assert memo(rows).equal(rows.sum(1))
    assert memo(rows.flip(0)).equal(rows.flip(0).sum(1))
    assert scorer.rows == 50
    assert (memo.asked, memo.missed) == (500, 50)


def test_rows_of_round_numbers_are_told_apart():
    # Floats of small whole numbers end in twenty zeros, which a plain sum of products would keep.
    values = torch.cartesian_prod(*[torch.arange(18.0)] * 4)  # 104,976 rows
    memo = Memo(lambda z: z @ torch.tensor([1.0, 18.0, 324.0, 5832.0]))
    memo(values[::2])
    assert memo(values).equal(torch.arange(18.0**4).view(18, 18, 18, 18).permute(3, 2, 1, 0).reshape(-1))
    assert memo.missed == len(values)


def test_no_more_rows_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr("hpme.explainers.hpme.memo.MOST", 3)
    memo, scorer = Memo(scorer := Scorer()), scorer
    rows = torch.eye(5)
    assert memo(rows[:3]).tolist() == [1, 1, 1]
    assert memo(rows).tolist() == [1, 1, 1, 1, 1]
    assert memo(rows).tolist() == [1, 1, 1, 1, 1]
    assert scorer.rows == 3 + 2 + 2


def test_nothing_asked_is_nothing_scored():
    memo = Memo(Scorer())
    assert memo(torch.zeros(0, 4)).shape == (0,)
    assert memo.missed == 0
