"""Where a release states its own date: a line or a dateline at the top, a line at the end."""

from __future__ import annotations

import re

from newsreader.date_expressions import Expression
from newsreader.date_words import HEADING, LIMITS, OF_OTHER_DATES, OPENING, WEEKDAYS, fold_word

_ZONE = 1500
"""Characters of a body within which a header may stand."""
_TAIL = 400
"""Characters at the end of a body within which a closing line may stand."""
_LONGEST_PREFIX = 110
_LONGEST_REST = 400
_LONGEST_CLOSING = 60
_MOST_WORDS_BEFORE = 12
_MOST_WORDS_AFTER = 6
_LONGEST_LINE = 200
_MOST_LINES = 7
_MOST_ABOVE = 600
_MOST_LINES_BELOW = 3

_LABELS = re.compile(
    r"\b(?:published|release[ds]?|issued|posted|date|dated|updated|publication|embargo(?:ed)?|veröffentlicht|erschienen|datum"
    r"|stand|pubblicato|data|aktualizacja|opublikowano|zveřejněno"
    r"|publicerad|uppdaterad|bijgewerkt|update|gepubliceerd|nieuwsbericht|atualizado|publié"
    r"|date de publication|fecha|publicado|press(?:e\w*| release)|pressemitteilung|meldung"
    r"|mitteilung|comunicato|communiqué|comunicado|nota de prensa|news|statement|bulletin|persbericht|nr|no)\b|\bn[°º]",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\buntil (?!\d)\b")
_ONLY_ARTICLE = re.compile(r"\s*(?:le|el|il|am|den|on)\s", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()\n]{0,40}\)|\[[^\[\]\n]{0,40}\]")
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"\w+")
_TIME = re.compile(
    r"(?:T(?=\d\d:))?[\s,|–—-]{0,4}(?:\(?[^\W\d_]{3,12}\)?[\s,]{1,2})?(?:at |um |à |ore |alle |a las |às |om |- )?"
    r"\d{1,2}\s?[:.hH]\s?\d{2}(?::\d\d)?(?:\.\d+)?\s?(?:[ap]\.?m\.?|uhr|h\b|z\b|hrs)?"
    r"\s?(?:\(?(?:CES?T|GMT|UTC|BST|E[SD]?T|[MP][SD]T|local time|Ortszeit)\)?|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s{0,3}[)\]]?\s{0,3}(?:\([^()\n]{1,30}\)\s{0,2})?(?:[–—:|•·/]|--|-(?=\s)|\.\s?[-–—])")
_FULL_STOP = re.compile(r"\.\s+\S")
_AFTERWARDS = re.compile(r"(?:\s?(?:r|g|u|v)\.(?=\s*$))?[\s)\]|.,;:*_–—-]*")
_PUBLISHED = re.compile(
    r"\b(?:published|released?|issued|posted|veröffentlicht|publié|publicado|pubblicato|gepubliceerd|opublikowano|zveřejněno|publicerad)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:updated?|modified|update|aktualisiert|aktualizacja|bijgewerkt|uppdaterad|atualizado|stand"
    r"|mis à jour|actualizado|aggiornat[oa])\b",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(r"\bdate\b|datum|fecha|data", re.IGNORECASE)
_EVENT_DETAILS = re.compile(
    r"(?m)^\W*(?:time|venue|place|where|location|ort|uhrzeit|lieu|heure|lugar|hora|luogo|ora|room)\s?:", re.IGNORECASE
)


def header_score(body: str, found: Expression) -> float:
    """How surely a date in a body is the release's own dateline or date line; 0 when it is not."""
    is_far = found.start > _ZONE and len(body) - found.end > _TAIL
    if is_far or found.is_range or not found.last.day:
        return 0.0
    line_start = body.rfind("\n", 0, found.start) + 1
    if found.start - line_start > _LONGEST_PREFIX:
        return 0.0
    prefix = body[line_start : found.start]
    if not _is_header(body, found, line_start, prefix):
        return 0.0
    score = 12 - min(2.0, found.start / 1000)
    return score + 2 if _PUBLISHED.search(prefix) else score - 3 * bool(_UPDATED.search(prefix))


def _is_header(body: str, found: Expression, line_start: int, prefix: str) -> bool:
    is_article_only = bool(prefix and _ONLY_ARTICLE.fullmatch(prefix))
    if prefix and not is_article_only and not _is_heading(prefix):
        return False
    line_end = body.find("\n", found.end, found.end + _LONGEST_REST)
    rest = body[found.end : line_end if line_end >= 0 else found.end + _LONGEST_REST]
    time = _TIME.match(rest)
    after_time = rest[time.end() :] if time else rest
    if is_article_only and after_time.strip(" |.\u00a0"):
        return False
    is_alone = _is_closed(after_time)
    if found.start <= _ZONE and _is_near_top(body[:line_start]):
        has_details = _DATE_LABEL.search(prefix) and _EVENT_DETAILS.search(body, found.end, found.end + _TAIL // 2)
        has_place = bool(prefix.strip(" ([|"))
        is_set_off = _SEPARATOR.match(after_time) or (has_place and _FULL_STOP.match(after_time))
        is_dateline = is_set_off and (has_place or not time)
        return not has_details and bool(is_alone or is_dateline)
    return is_alone and bool(found.last.year) and _is_near_end(body, found.end, prefix)


def _is_heading(prefix: str) -> bool:
    """Whether the words before a date on its line can be a place, an issue number or a label."""
    words = _heavy_words(prefix)
    if len(words) > _MOST_WORDS_BEFORE or not _are_of_heading(words) or prefix.lstrip()[:1] in tuple("•-*◦▪"):
        return False
    is_sentence = words and fold_word(words[0]) in OPENING
    if (is_sentence or prefix.rstrip().endswith(":")) and not _LABELS.search(prefix):
        return False
    return not _is_of_other_date(prefix)


def _is_of_other_date(text: str) -> bool:
    """Whether a part of a line speaks of a deadline, an event, a law, and so its date is not the release's."""
    text = text.lower()
    if _ends_with_limit(text):
        return True
    return not OF_OTHER_DATES.isdisjoint(_NAME.findall(text)) or ("until" in text and bool(_UNTIL.search(text)))


def _ends_with_limit(text: str) -> bool:
    """Whether `until` or the like stands right before the date, unless an embargo lasts until then."""
    last = text.rpartition(" ")[0].rpartition(" ")[2] if text.endswith(" ") else ""
    return last in LIMITS and "embargo" not in text


def _is_closed(rest: str) -> bool:
    """Whether nothing of weight follows on the line: brackets, a bar, a few capitalised words such as a place."""
    blank = _AFTERWARDS.match(rest)
    remainder = rest[blank.end() :] if blank else rest
    if not remainder:
        return True
    if len(rest) > _LONGEST_CLOSING or not (rest.lstrip()[:1] in tuple(",|–—-/•·)(") or _LABELS.match(remainder)):
        return False
    words = _heavy_words(remainder)
    is_heading = len(words) <= _MOST_WORDS_AFTER and _are_of_heading(words)
    return is_heading and not _is_of_other_date(rest) and not _TIME.search(rest)


def _heavy_words(text: str) -> list[str]:
    """The words of a part of a line, without what stands in brackets and without weekdays."""
    text = _BRACKETS.sub(" ", text) if "(" in text or "[" in text else text
    return [word for word in _WORD.findall(text) if fold_word(word) not in WEEKDAYS]


def _are_of_heading(words: list[str]) -> bool:
    """Whether all words begin with a capital or a digit, or are small words of headings."""
    return all(not word[0].islower() or fold_word(word) in HEADING for word in words)


def _is_near_top(above: str) -> bool:
    """Whether only a few short lines stand above, as headlines and labels do."""
    lengths = [len(line) for line in above.split("\n") if line and not line.isspace()]
    return len(lengths) < _MOST_LINES and max(lengths, default=0) < _LONGEST_LINE and sum(lengths) < _MOST_ABOVE


def _is_near_end(body: str, end: int, prefix: str) -> bool:
    """Whether a line with a place, a label or nothing but a date closes the body."""
    if len(body) - end > _TAIL:
        return False
    below = sum(1 for line in body[end:].split("\n")[1:] if line and not line.isspace())
    return below <= (_MOST_LINES_BELOW if _LABELS.search(prefix) else 0)
