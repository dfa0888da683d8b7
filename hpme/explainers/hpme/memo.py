"""Scores of nodes whose embeddings were seen before, so that scorers are asked about new ones alone."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from hpme.seeding import generator

MOST = 4_000_000  # rows that are kept: 50 MB
CACHED = 1_024  # rows of which all that is made stays in the cache of a processor


class Memo:
    """Scores of the embeddings seen so far, found by 64 bits that are drawn from each row's own bits.

    Atoms with the same surroundings have the same embedding, bit for bit. Two that differ share their 64 bits
    with a chance of some ``n² / 2^65`` among `n` rows.

    Args:
        score: Scores of embeddings ``[N, H]``, each row's own, ``[N]``.

    Attributes:
        asked: Rows that were asked for so far.
        missed: Those of them that had to be scored.
    """

    def __init__(self, score: Callable[[Tensor], Tensor]) -> None:
        self._score = score
        # Keys int64 [K], ascending, and their scores: one pair, as several threads may ask at once.
        self._known: tuple[Tensor, Tensor] | None = None
        self._factors = torch.empty(0, 2)
        self.asked = self.missed = 0

    def __call__(self, z: Tensor) -> Tensor:
        """Returns the score of each row of ``z`` ``[N, H]``, ``[N]``."""
        known = self._known if self._known and self._known[0].device == z.device else None
        keys, place = self._keyed(z).unique(return_inverse=True)
        scores, new = z.new_empty(len(keys)), torch.ones_like(keys, dtype=torch.bool)
        if known is not None:
            at = torch.searchsorted(known[0], keys).clamp(max=len(known[0]) - 1)
            new = known[0][at] != keys
            scores[~new] = known[1][at[~new]]
        if new.any():
            rows = torch.arange(len(z), device=z.device)
            first = torch.full_like(keys, len(z)).scatter_reduce(0, place, rows, "amin")
            scores[new] = self._score(z[first[new]])
            self._known = _joined(known, (keys[new], scores[new]))
        self.asked, self.missed = self.asked + len(z), self.missed + int(new.sum())
        return scores[place]

    def _keyed(self, z: Tensor) -> Tensor:
        """64 bits of each row ``[N]``.

        They are two sums of its words times drawn factors. The low bits of a product say little where words
        end in zeros, as those of round numbers do; so the second sum is turned by half its length.
        """
        words = z.contiguous().view(torch.int32)
        if self._factors.size(0) != words.size(1) or self._factors.device != z.device:
            drawn = torch.randint(-(2**62), 2**62, (words.size(1), 2), generator=generator(0))
            self._factors = (2 * drawn + 1).to(z.device)
        one, two = (
            torch.cat([(rows * factors).sum(1) for rows in in_cache(words)]) for factors in self._factors.t()
        )
        return one ^ ((two << 32) | ((two >> 32) & 0xFFFFFFFF))


def in_cache(rows: Tensor) -> Sequence[Tensor]:
    """Returns rows in parts that a processor works on fast; for another device all of them at once."""
    return rows.split(CACHED) if rows.device.type == "cpu" else [rows]


def _joined(known: tuple[Tensor, Tensor] | None, new: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """What was known and what is new, in the order of the keys, as long as there is room."""
    if known is None:
        return new
    if len(known[0]) + len(new[0]) > MOST:
        return known
    keys, order = torch.cat([known[0], new[0]]).sort()
    return keys, torch.cat([known[1], new[1]])[order]
