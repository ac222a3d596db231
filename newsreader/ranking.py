"""How well releases answer a query: BM25 over title and body, a word of the title counting for more. Pure.

The formula is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
frequencies in title and body added up before they are saturated (BM25F). It is computed here because the index keeps no
frequencies: they would double its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from newsreader.record import Record
from newsreader.words import Phrase, spaced

TITLE_WEIGHT = 6.0
"""How many occurrences in the body one in the title is worth."""

_SATURATION = 1.2  # the paper's k1
_LENGTH_SHARE = 0.75  # the paper's b


class Ranking(Record):
    """What the score of every release for one query depends on."""

    phrases: Sequence[Phrase]
    """What is sought."""
    found: Sequence[int]
    """How many releases hold each phrase."""
    releases: int
    """How many releases there are."""
    average_words: float
    """How many words a body has on average; more than 0."""

    def score(self, title: str, body: str, words: int) -> float:
        """The score of a release whose body has so many words; the higher the better."""
        spaced_title, spaced_body = spaced(title), spaced(body)
        norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * words / self.average_words)
        total = 0.0
        for phrase, found in zip(self.phrases, self.found, strict=True):
            frequency = TITLE_WEIGHT * spaced_title.count(phrase.needle) + spaced_body.count(phrase.needle)
            rarity = log(1 + (self.releases - found + 0.5) / (found + 0.5))
            total += rarity * frequency * (_SATURATION + 1) / (frequency + norm)
        return total
