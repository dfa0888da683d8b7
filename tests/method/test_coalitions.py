from itertools import permutations

import pytest
import torch

from hpme.method.coalitions import connected_parts, structure_values

N = 4


def joined(*edges: tuple[int, int]) -> torch.Tensor:
    """Which of four players are joined, of one game."""
    adjacency = torch.zeros(1, N, N, dtype=torch.bool)
    for first, second in edges:
        adjacency[0, first, second] = adjacency[0, second, first] = True
    return adjacency


ALL = joined(*((i, j) for i in range(N) for j in range(i)))
ROW = joined((0, 1), (1, 2), (2, 3))


@pytest.fixture
def payoff() -> torch.Tensor:
    return torch.rand(1, 2**N, dtype=torch.double, generator=torch.Generator().manual_seed(0)).index_fill(
        1, torch.tensor([0]), 0
    )


def test_a_coalition_falls_apart_where_no_edge_joins_it():
    parts = connected_parts(ROW)[0]
    assert parts[0b1011].tolist() == [0b0011, 0, 0, 0b1000]
    assert parts[0b1111].tolist() == [0b1111, 0, 0, 0]
    assert parts[0].tolist() == [0, 0, 0, 0]


def test_where_all_are_joined_the_limit_is_the_shapley_value(payoff):
    shapley = torch.zeros(N, dtype=torch.double)
    orders = [*permutations(range(N))]
    for order in orders:
        coalition = 0
        for player in order:
            shapley[player] += payoff[0, coalition | 1 << player] - payoff[0, coalition]
            coalition |= 1 << player
    found = structure_values(payoff, ALL, tau=0.3, power=500)[0]
    assert found.tolist() == pytest.approx((shapley / len(orders)).tolist())


@pytest.mark.parametrize("tau", [0.05, 0.2])
def test_in_a_connected_graph_the_limit_shares_out_all_that_is_earned_whatever_the_step(payoff, tau):
    values = structure_values(payoff, ROW, tau, power=3000)[0]
    assert float(values.sum()) == pytest.approx(float(payoff[0, -1]))
    assert values.tolist() == pytest.approx(structure_values(payoff, ROW, 0.1, 3000)[0].tolist())


def test_a_power_is_that_of_the_product_of_the_published_matrices(payoff):
    """By definition: P tells the connected parts of a coalition, M makes the associated game of a game."""
    sets, tau = [{i for i in range(N) if code >> i & 1} for code in range(1, 2**N)], 0.1
    size = len(sets)
    m, p = torch.zeros(2, size, size, dtype=torch.double)
    for a, s in enumerate(sets):
        m[a, a] += 1 - (N - len(s)) * tau
        for player in set(range(N)) - s:
            m[a, sets.index(s | {player})] += tau
            m[a, sets.index({player})] -= tau
        for part in connected_parts(ROW)[0, a + 1].tolist():
            if part:
                p[a, part - 1] = 1
    limit = torch.linalg.matrix_power(p @ m @ p, 7) @ payoff[0, 1:]
    found = structure_values(payoff, ROW, tau, power=7)[0]
    assert found.tolist() == pytest.approx([float(limit[2**i - 1]) for i in range(N)])


def test_a_player_that_earns_nothing_and_knows_nobody_changes_nothing(payoff):
    larger = torch.zeros(1, N + 1, N + 1, dtype=torch.bool)
    larger[:, :N, :N] = ROW
    values = structure_values(payoff.repeat(1, 2), larger, 0.1, 20)[0]
    assert values.tolist() == pytest.approx([*structure_values(payoff, ROW, 0.1, 20)[0].tolist(), 0])


def test_games_are_played_apart(payoff):
    both = structure_values(torch.cat([payoff, payoff.flip(1)]), torch.cat([ROW, ALL]), 0.1, 20)
    assert both[0].tolist() == pytest.approx(structure_values(payoff, ROW, 0.1, 20)[0].tolist())
