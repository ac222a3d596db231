"""What the words around a date say about it: a header, an event, an announcement, or something else altogether."""

from __future__ import annotations

import re
from datetime import date as Day
from datetime import timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from newsreader.date_expressions import Expression, Order, Parts
from newsreader.date_words import (
    ARTICLES,
    ATTRIBUTIVE,
    BACKGROUND,
    BORN_ON,
    FOUNDATION_ENDINGS,
    FOUNDATIONS,
    FUTURE,
    FUTURE_ENDINGS,
    FUTURE_PAIRS,
    LAWS_AND_HISTORY,
    LIMITS,
    LINKS,
    MONTHS,
    NAMED_AFTER,
    NAMED_PLACES,
    NEXT_OF_ITS_KIND,
    NOT_THE_DAY,
    NOT_THE_DAY_BEGINNINGS,
    NOT_THE_DAY_ENDINGS,
    OF,
    PAST,
    PAST_ENDINGS,
    PLANNING,
    TIMES_OF_DAY,
    TODAY,
    TOMORROW,
    UP_TO,
    WEEKDAYS,
    YESTERDAY,
    Firmness,
    fold_word,
)


class Role(Enum):
    """What a date is for its release."""

    HEADER = "header"
    """The release's own dateline, or a line such as `Published: 5 March 2024`."""
    EVENT = "event"
    """When something happened, or nothing says otherwise."""
    ANNOUNCED = "announced"
    """When something is to happen."""
    OTHER = "other"
    """A deadline, history, a name or a law: never the day of publication."""


class Candidate(NamedTuple):
    """A date of a release with what its surroundings say about it."""

    first: Parts
    """The day, or the first of a range."""
    last: Parts
    """The day, or the last of a range."""
    role: Role
    """What the date is for the release."""
    score: float
    """How much its words and its position speak for it; about -5 to 14."""
    order: Order | None
    """How day and month stand when both are numbers."""
    weekday: int
    """The weekday that stands beside it, 0 for Monday; -1 for none."""
    shift: int
    """Days from this date to the day of writing: 1 after `yesterday`, -1 after `tomorrow`."""
    is_lead: bool
    """Whether it stands in the title or at the beginning of the body."""
    is_told: bool
    """Whether the nearest verb is in the past."""
    firmness: Firmness
    """How well it stands alone."""
    before: str
    """The text just before it, for the evidence."""
    words: str
    """Its own text."""
    after: str
    """The text just after it, for the evidence."""

    def day(self, year: int = 0) -> Day | None:
        """The day it stands for, in `year` when it names none: a range's last, an announcement's first."""
        first, last = self.first, self.last
        if self.role is not Role.ANNOUNCED:
            day = last.resolve(year)
        else:
            day = first.resolve(year - (first.month > last.month))
        return day + timedelta(days=self.shift) if day and self.shift else day

    def read_as(self, order: Order) -> Candidate:
        """The same with an ambiguous date read in one order."""
        if self.order is not Order.EITHER:
            return self
        if order is Order.DAY_FIRST:
            return self._replace(order=order)
        last = self.last._replace(month=self.last.day, day=self.last.month)
        return self._replace(order=order, first=last, last=last)

    @property
    def is_long(self) -> bool:
        """Whether it is a range of more than a week, on whose end reports come much later."""
        return _length(self.first, self.last) > _LONG_EVENT_DAYS

    def fits_weekday(self, day: Day) -> bool:
        """Whether a weekday stands beside it that makes it this day."""
        return self.weekday >= 0 and (day.weekday() - self.shift) % _WEEK == self.weekday

    def firmness_at(self, day: Day) -> Firmness:
        """How well it tells the time of others as this day: better by its weekday, but little before it has come."""
        if self.role is Role.ANNOUNCED:
            return min(self.firmness, Firmness.WEAK)
        return Firmness.SURE if self.role is Role.EVENT and self.fits_weekday(day) else self.firmness

    def quote(self) -> str:
        """The clause around the date in the release's own words, on one line of at most 120 characters."""
        before = _CLAUSE_START.split(self.before)[-1]
        after = _CLAUSE_END.split(self.after)[0]
        head, date, tail = (" ".join(part.split()) for part in (before, self.words, after))
        if len(before) == _QUOTED_BEFORE:
            head = head.partition(" ")[2]
        if len(after) == _QUOTED_AFTER:
            tail = tail.rpartition(" ")[0]
        return _fit(head + " " * before[-1:].isspace(), date, " " * after[:1].isspace() + tail)


_LEAD = 420
"""Characters at the beginning of a body that count as its lead."""
_REACH = 130
"""Characters on either side of a date whose words are heard."""

_WEEK = 7
_NEAR = 45
"""Characters before a date in which its weekday stands, be it on the line above."""

_QUOTED_BEFORE = 90
_QUOTED_AFTER = 70
_LONGEST_QUOTE = 120
_FIRST_ONLINE = 1995
"""The first year of which a release on the web can tell as news."""
_LONG_EVENT_DAYS = 7
_LEAST_PARTICIPLE = 5
"""Letters of the shortest word in -ed that is taken for a verb: `need` and `seed` are none."""

_TENSES = FUTURE | PAST | PLANNING | {second for _, second in FUTURE_PAIRS}
"""Words that tell the tense, some of them only after another."""
_CLAUSE_START = re.compile(r"\n|[.;:!?–—|•]\s|,\s(?=\S+\s\S+\s)")
_CLAUSE_END = re.compile(r"\n|[.;!?–—|•](?:\s|$)|[,:]\s")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_BREAK = re.compile(r"[\n.!?…](?:(?<=\n)|(?<=[^\W_]{3}.)[”\"»)]?(?:\s|$))")
_SCHEDULE = re.compile(r",? ?(?:Time|TBC|at |\(?\d{1,2}[:.h]\d\d|um |à |ore |a las )", re.IGNORECASE)
_OPENING = re.compile(r"(?:[^\n]{0,60}\n\s*+){0,4}[^\n]*\Z")
"""Short lines, then the paragraph with the date."""
_AMERICAN_TIME = re.compile(
    r"[\s,|–—-]{1,4}(?:at )?\d{1,2}:\d\d\s?[ap]\.?m\.?,?\s?\(?(?:[ECMP][SD]?T|Eastern|Central|Pacific)\b", re.IGNORECASE
)
_WEEKDAY_AFTER = re.compile(r"\s?\(([^\W\d_]{3,12})\)")


def judge(text: str, found: Expression, *, is_title: bool = False, header: float = 0.0) -> Candidate:
    """What the words around a date say about it; `header` is its score as the release's own date line."""
    before = text[max(0, found.start - _REACH) : found.start]
    after = text[found.end : found.end + _REACH]
    is_lead = is_title or found.start < _LEAD
    role, score, is_told, shift, firmness = Role.HEADER, header, False, 0, Firmness.SURE
    sentence = "" if header else _end_of_sentence(before)
    spoken = _WORD.findall(sentence.lower())
    words = _fold_words(spoken)
    near = _fold_words(_WORD.findall(before[-_NEAR:].lower()))
    weekday = _weekday(near, after)
    if not header:
        role, score, is_told = _role(found, sentence, spoken, words, after)
        last = (_without_article(near) or [""])[-1]
        shift = 1 if last in YESTERDAY else -1 if last in TOMORROW else 0
        is_of_now = shift != 0 or last in TODAY
        score += 4 * is_of_now + 2 * (weekday >= 0) + (before[-1:] == "(")
        score += 2 - found.start / 600 if is_lead else -min(2.0, found.start / 2000)
        firmness = Firmness.WEAK
        if role is not Role.OTHER:
            is_opening = is_title or (is_lead and _OPENING.match(text, 0, found.start) is not None)
            is_sure = role is Role.EVENT and (is_of_now or (is_opening and _fits(found.last, weekday, shift)))
            is_fair = is_opening and _length(found.first, found.last) <= _LONG_EVENT_DAYS
            firmness = Firmness.SURE if is_sure else Firmness.FAIR if is_fair else Firmness.WEAK
            if found.last.year and (found.last.year < _FIRST_ONLINE or _is_history(words, after)):
                firmness = Firmness.HISTORY
    is_american = found.order is Order.EITHER and _AMERICAN_TIME.match(after) is not None
    candidate = Candidate(
        found.first, found.last, role, score, found.order, weekday, shift, is_lead, is_told, firmness,
        before[-_QUOTED_BEFORE:], text[found.start : found.end], after[:_QUOTED_AFTER],
    )  # fmt: skip
    return candidate.read_as(Order.MONTH_FIRST) if is_american else candidate


def _length(first: Parts, last: Parts) -> int:
    """About how many days lie between the first and the last of a range."""
    years = last.year - first.year if first.year and last.year else first.month > last.month
    return (years * 12 + last.month - first.month) * 30 + last.day - first.day


def _is_history(words: list[str], after: str) -> bool:
    """Whether the sentence of a date speaks of a law or a foundation."""
    if not FOUNDATIONS.isdisjoint(words) or any(map(_ends_foundation, words)) or ("force" in words and "into" in words):
        return True
    following = _fold_words(_WORD.findall(after[:_NEAR].lower()))
    return not FOUNDATIONS.isdisjoint(following) or any(map(_ends_foundation, following))


def _fits(day: Parts, weekday: int, shift: int) -> bool:
    """Whether a complete date falls on the weekday beside it."""
    resolved = day.resolve() if day.year else None
    return resolved is not None and (resolved.weekday() - shift) % _WEEK == weekday


@lru_cache(maxsize=8192)
def _ends_foundation(word: str) -> bool:
    return word.endswith(FOUNDATION_ENDINGS)


def _fold_words(words: list[str]) -> list[str]:
    return [word if word.isascii() else fold_word(word) for word in words]


def _without_article(words: list[str]) -> list[str]:
    """Words without the articles and weekdays that end them: `since Monday the` gives `since`."""
    count = len(words)
    while count and (words[count - 1] in ARTICLES or words[count - 1] in WEEKDAYS):
        count -= 1
    return words[:count]


def _end_of_sentence(before: str) -> str:
    """The part of a text after its last break between sentences or lines."""
    end = 0
    for sentence in _SENTENCE_BREAK.finditer(before):
        end = sentence.end()
    return before[end:]


def _weekday(words: list[str], after: str) -> int:
    """The weekday right before a date or in brackets right after it, -1 for none."""
    for word in reversed(words[-2:]):
        if word in WEEKDAYS and word not in MONTHS:
            return WEEKDAYS[word]
        if word not in ARTICLES:
            break
    bracket = _WEEKDAY_AFTER.match(after) if "(" in after[:2] else None
    return WEEKDAYS.get(fold_word(bracket[1]), -1) if bracket else -1


def _role(found: Expression, before: str, spoken: list[str], words: list[str], after: str) -> tuple[Role, float, bool]:
    """The role of a date in a sentence, how well the sentence bears it, and whether it is told in the past.

    `spoken` are the sentence's words before the date, `words` the same without accents.
    """
    if not words and _SCHEDULE.match(after):
        return Role.ANNOUNCED, 1.0, False
    if _is_named(words, after) or _is_not_the_day(words):
        return Role.OTHER, 0.0, False
    score = 2.0
    near = _without_article(words)
    last = near[-1] if near else ""
    if words and words[-1] in LAWS_AND_HISTORY:
        return Role.OTHER, 0.0, False
    if last in OF and not LAWS_AND_HISTORY.isdisjoint(words) and (last == "of" or not found.is_range):
        return Role.OTHER, 0.0, False
    if not found.is_range:
        if _is_limit(near):
            return Role.OTHER, 0.0, False
        score -= 2 * (last in OF and TIMES_OF_DAY.isdisjoint(near[-4:]))
    if not BACKGROUND.isdisjoint(words):
        clause = before[before.rfind(",") + 1 :]
        if clause and not BACKGROUND.isdisjoint(words[-min(9, len(_WORD.findall(clause))) :]):
            score -= 1.5
    tense = _tense_around(spoken, words, after)
    return (Role.ANNOUNCED if tense > 0 else Role.EVENT), score, tense < 0


def _is_limit(words: list[str]) -> bool:
    """Whether the last words are a preposition of a deadline or a beginning: `until`, `à partir du`."""
    last, before = words[-1] if words else "", words[-2] if len(words) > 1 else ""
    return last in LIMITS or last == "to" or (last in LINKS and before in LIMITS) or words[-3:] == UP_TO


def _is_named(words: list[str], after: str) -> bool:
    """Whether a date is part of a name: of a street, an attack, a law."""
    if after[:1].isspace():
        following = _fold_words(_WORD.findall(after[:40].lower())[:2])
        if not NAMED_AFTER.isdisjoint(following) and not after.lstrip()[:1].isdigit():
            return True
    if not words:
        return False
    is_tied = len(words) > 1 and words[-1] in ("de", "du", "del", "des", "dell", "della", "di")
    noun = words[-2] if is_tied else words[-1]
    return (noun in NAMED_PLACES and (is_tied or noun != "place")) or noun.endswith(("strasse", "platz"))


def _is_not_the_day(words: list[str]) -> bool:
    """Whether a deadline, a birthday or another occasion is spoken of."""
    recent = words[-10:]
    if not NOT_THE_DAY.isdisjoint(recent) or tuple(words[-2:]) in BORN_ON:
        return True
    if "next" in recent and not NEXT_OF_ITS_KIND.isdisjoint(recent):
        return True
    return any(map(_is_of_deadline, recent))


@lru_cache(maxsize=8192)
def _is_of_deadline(word: str) -> bool:
    return word.startswith(NOT_THE_DAY_BEGINNINGS) or word.endswith(NOT_THE_DAY_ENDINGS)


def _tense_around(spoken: list[str], words: list[str], after: str) -> int:
    """The tense of the nearest verb before a date, else of the first after it."""
    for index in range(len(words) - 1, -1, -1):
        if _may_be_verb(spoken[index]) and (tense := _tense(spoken, words, index)):
            is_passive = tense < 0 and not FUTURE.isdisjoint(words[max(0, index - 3) : index])
            return 1 if is_passive else tense
    if after[:1] in tuple(".!?…"):
        return 0
    sentence_break = _SENTENCE_BREAK.search(after)
    spoken = _WORD.findall((after[: sentence_break.start()] if sentence_break else after).lower())
    for index, word in enumerate(spoken):
        if _may_be_verb(word) and (tense := _tense(spoken, _fold_words(spoken[: index + 1]), index)):
            return tense
    return 0


@lru_cache(maxsize=8192)
def _may_be_verb(spoken: str) -> bool:
    """Whether a word can tell the tense in some company; most can in none."""
    word = fold_word(spoken)
    return (
        word in _TENSES
        or spoken.endswith(FUTURE_ENDINGS + PAST_ENDINGS)
        or (word.endswith("ed") and len(word) >= _LEAST_PARTICIPLE)
    )


def _tense(spoken: list[str], words: list[str], index: int) -> int:
    """1 for a word of the future, -1 for one of the past, 0 for any other."""
    word = words[index]
    pair = (words[index - 1], word) if index else ("", word)
    if word in FUTURE or pair in FUTURE_PAIRS or spoken[index].endswith(FUTURE_ENDINGS):
        return 1
    if word in PLANNING and not {"is", "are"}.isdisjoint(words[max(0, index - 2) : index]):
        return 1
    if word in PAST or spoken[index].endswith(PAST_ENDINGS):
        return -1
    is_participle = word.endswith("ed") and len(word) >= _LEAST_PARTICIPLE
    return -1 if is_participle and pair[0] not in ATTRIBUTIVE else 0


def _fit(head: str, date: str, tail: str) -> str:
    """The three parts as one line of at most the longest quote's length, cut between words."""
    room = max(0, _LONGEST_QUOTE - len(date))
    while len(head) > room // 2 + 10 or len(head) > room:
        head = head.partition(" ")[2]
    room -= len(head)
    while len(tail) > room:
        tail = tail.rpartition(" ")[0]
    return f"{head}{date[:_LONGEST_QUOTE]}{tail}".strip()
