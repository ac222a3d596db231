"""What one line of a release tells of itself: whether it reads like a heading, a caption, a quotation, a contact.

Each rule looks at the form of a line, not at who issued it, and says no when in doubt.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

SHORT = 64
"""The most characters of a line that can be a sub-heading, or stand close to its neighbours as an address does."""

_LONGEST_CAPTION = 200
_FEWEST_CAPTION_WORDS = 3
_LONGEST_CONTACT = 160
_LONGEST_FIGURE = 90
_LATEST_FIGURE = 24
_LONGEST_SPEAKER = 160
_FEWEST_ENTRIES = 5
_LONGEST_ENTRY = 200
_MOST_LABEL_WORDS = 6
_QUOTED_SHARE = 0.6

SENTENCE_END = re.compile(r"[.!?:;…][)”’\"']?$")
_HEADING_END = re.compile(r"[\w?)”’\"']$")
_NO_HEADING = re.compile(r"©|https?:|www\.|@|\||(?:Credits?|Photos?|Images?|Pictures?|Source|Contact|Follow)\b")
_LABEL_WORD = re.compile(
    r"(?:include[sd]?|including|said|says|sa[iy]d|stated?|adds|told|are|is|was|were|be|to|of|for|on|by|with|in|from|as|at"
    r"|that|follows|\w+ed)$",
    re.IGNORECASE,
)
_SENTENCE_WORDS = frozenset(
    [
        "the",
        "these",
        "this",
        "those",
        "he",
        "she",
        "they",
        "we",
        "it",
        "his",
        "her",
        "their",
        "our",
        "following",
        "in",
        "on",
        "at",
        "for",
    ]
)
_NOTES = re.compile(r"(?:notes?\s+(?:to|for)\s+(?:the\s+)?editors?|editors?[’']?s?\s+notes?)\s*:?", re.IGNORECASE)
_SECTIONS = frozenset(
    {
        *("background", "background information", "context", "next steps", "media advisory", "media coverage"),
        *("media opportunity", "media opportunities", "key facts", "key figures", "key findings", "key results"),
        *("key points", "facts", "quick facts", "quotes", "quote(s)", "agenda", "programme", "operational highlights"),
        *("further reading", "related links", "related documents", "related content", "related information"),
        *("results", "results at a glance", "summary"),
    }
)
"""What official releases commonly call a section of theirs, in small letters."""
_ABOUT = re.compile(r"About\s+(?:the\s+|us\b)?[\wÀ-ſ]")

_NETWORKS = (
    r"(?:Facebook|Twitter|Instagram|YouTube|LinkedIn|Flickr|TikTok|Threads|Telegram|WhatsApp|Mastodon|Bluesky|Weibo"
    r"|Snapchat|Vimeo|Pinterest|SoundCloud|Spotify|RSS)"
)
_MEDIA = (
    *[
        "facebook",
        "twitter",
        "instagram",
        "youtube",
        "linkedin",
        "flickr",
        "tiktok",
        "threads",
        "telegram",
        "whatsapp",
        "mastodon",
        "bluesky",
    ],
    *[
        "weibo",
        "snapchat",
        "vimeo",
        "pinterest",
        "soundcloud",
        "spotify",
        "rss",
        "@",
        "follow",
        "find",
        "join",
        "like",
        "connect",
        "subscribe",
        "share",
    ],
    *["stay", "suivez", "folgen", "ganos", "guenos", "seguici"],
)
"""What stands in every line that `_social` fits, in small letters."""
_CONTACT = re.compile(
    r"(?:(?:for|any)\s+(?:(?:more|further|additional|general|media|press|all|other)\b.{0,60}\b)?"
    r"(?:information|quer(?:y|ies)|[ei]nquir(?:y|ies)|questions?|news|details|interviews?|requests)\b"
    r"|(?:media|press|public)\s+(?:contacts?|[ei]nquiries|office|officer|queries|relations|service|team|information)\b"
    r"|contacts?\b|tel(?:ephone)?\b|phone\b|mobile\b|fax\b|e-?mail\b|website\b|spokes(?:person|man|woman)\b"
    r"|(?:read|learn|find\s+out)\s+more\b|see\s+also\b|visit\b|pressekontakt|r[üu]ckfragen|weitere\s+informationen"
    r"|pour\s+(?:plus|toute)\b.{0,30}\binformation|para\s+m[áa]s\s+informaci[óo]n|per\s+(?:maggiori|ulteriori)\s+informazioni)",
    re.IGNORECASE,
)
_ADDRESS_ONLY = re.compile(  # (?>…) never goes back into what it took: else a long run of digits would take for ever
    r"(?>[\w.+-]+@[\w.-]+\.\w+|(?:https?://|www\.)\S+|\+?\d[\d\s()/.-]{6,}(?<=\d)(?![\w@])|[,;|\s])+"
)
_END_MARK = re.compile(r"(?:[-–—*#\s]{3,}|[-–—\s]*(?:ends?|ENDE?|FIN)[-–—\s]*|\*\*\*|# # #)", re.IGNORECASE)
_CREDIT = re.compile(
    r"(?:©|\(c\)\s|(?:photos?|pictures?|images?|videos?|bild(?:er)?|fotos?|crédits?|credits?)"
    r"(?:\s+(?:by|credits?|caption|courtesy|photo))?\s*[:©])",
    re.IGNORECASE,
)
_FUNCTION_WORD = re.compile(
    r"\b(?:in|at|during|of|with|from|by|to|on|for|the|as|after|and|de|du|des|la|le|von|der|die|mit|im|en|el|del|di)\b"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_MONTH = re.compile(
    r"\s+(?:jan|feb|fév|mar|mär|apr|avr|abr|mai|may|mag|jun|juin|giu|jul|juil|lug|aug|août|ago|sep|set|oct|okt|ott"
    r"|nov|dec|dez|déc|dic|ene|gen|am|pm|uhr|cest?|gmt|o’clock)",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(r"(?=.*\b(?:19|20)\d\d\b)(?=.*\d)[\w\s,.:/|()’'–—-]{6,60}")
_DATELINE = re.compile(r"(?P<place>\(?[^\W\d_][^–—\n]{1,60}?)\s+(?:--?|[–—])\s+(?=[“\"‘«(]?[^\W\d_a-zà-öø-ÿ]|\d)")
_SMALL_WORD = {"of", "the", "de", "del", "la", "le", "les", "du", "der", "am", "and", "an", "on", "sur", "di", "da"}
_OPENING = re.compile(r"^‘|(?:^|(?<=[\s(\[—–:-]))(?:[“„«\"]|»(?=\w))")
_CLOSINGS = {
    "“": re.compile("”"),
    "„": re.compile("[“”]"),
    "«": re.compile("»"),
    "»": re.compile("«"),
    '"': re.compile('"'),
    "‘": re.compile(r"(?<=[.,?!…])[’”]"),
}
_LABEL = re.compile(r"([^\W\d_][^.:;,!?]{3,58}?)\s?:\s+(?=\S)")
_ENTRY_END = re.compile(r"\s*[,;]\s*")
_SENTENCE_GAP = re.compile(r"\w{3,}[.!?]\s+\w")


def reads_as_prose(line: str) -> bool:
    """Whether it is long, and longer than a caption or ended like a sentence."""
    return len(line) > SHORT and (len(line) > 2 * SHORT or SENTENCE_END.search(line) is not None)


def reads_as_heading(line: str) -> bool:
    """Whether it is short and ends like no sentence; where it stands must fit, too."""
    return (
        len(line) <= SHORT
        and bool(_HEADING_END.search(line))
        and not line[0].islower()
        and not _NO_HEADING.search(line)
        and not begins_quoted(line)
        and any(map(str.isalpha, line))
    )


def reads_as_label(line: str) -> bool:
    """Whether it is a few words with a colon that name what follows, and no beginning of a sentence: `Key results:`."""
    if not line.endswith(":") or len(line) > SHORT:
        return False
    words = line[:-1].split()
    return (
        0 < len(words) <= _MOST_LABEL_WORDS
        and line[0].isupper()
        and words[0].lower() not in _SENTENCE_WORDS
        and not _LABEL_WORD.search(words[-1])
    )


def names_notes(line: str) -> bool:
    """Whether it is the heading of notes to editors, or begins with one."""
    return _NOTES.match(line) is not None


def is_notes_heading(line: str) -> bool:
    """Whether it is such a heading and nothing else."""
    return _NOTES.fullmatch(line) is not None


def is_section_name(line: str) -> bool:
    """Whether it is what official releases commonly call a section of theirs, and nothing else."""
    return len(line) <= SHORT and " ".join(line.lower().removesuffix(":").split()) in _SECTIONS


def names_issuer(line: str) -> bool:
    """Whether it is the heading of what an issuer says of itself below every release: `About Eurojust`."""
    return len(line) <= SHORT and _ABOUT.match(line) is not None and not SENTENCE_END.search(line.rstrip(":"))


@cache
def _social() -> re.Pattern[str]:
    """Lines that do nothing but name social networks, or ask to be followed there; compiled when one is likely."""
    return re.compile(
        rf"(?:(?:{_NETWORKS}|X|and|und|et|[ye&|/,;.·•()\s])+"
        r"|\(?@\w[\w\s,;@&]*\)?"
        rf"|(?:(?:Please\s+)?(?:follow|find|join|like|connect\s+with|subscribe\s+to|share\s+(?:this|on)|stay\s+connected)\b"
        rf".*(?:{_NETWORKS}|\bX\b|@\w|social\s+media|newsletter|channels?\b|\bon:).*)"
        rf"|(?:Suivez-nous|Folgen\s+Sie\s+uns|S[íi]guenos|Seguici)\b.*)",
        re.IGNORECASE | re.DOTALL,
    )


def is_social(line: str) -> bool:
    """Whether it does nothing but name social networks, or ask to be followed there."""
    if len(line) > _LONGEST_CONTACT:
        return False
    lowered = line.lower()
    is_likely = any(word in lowered for word in _MEDIA)
    return (is_likely and _social().fullmatch(line) is not None) or _END_MARK.fullmatch(line) is not None


def is_contact(line: str) -> bool:
    """Whether it may begin the contacts below a release; it is no contact where prose follows."""
    return len(line) <= _LONGEST_CONTACT and bool(_CONTACT.match(line) or _ADDRESS_ONLY.fullmatch(line))


def may_belong_to_contacts(line: str) -> bool:
    """Whether it can stand among contacts: a name, an office, an address."""
    return len(line) <= SHORT or is_contact(line) or is_social(line)


def is_credit(line: str) -> bool:
    """Whether it says whose picture was shown."""
    return len(line) <= _LONGEST_CONTACT and _CREDIT.match(line) is not None


def may_be_caption(line: str) -> bool:
    """Whether it can be one of a row of captions, which of itself no line can be told to be."""
    return len(line) <= _LONGEST_CAPTION and line.count(" ") >= _FEWEST_CAPTION_WORDS - 1 and not line[0].islower()


def is_unended(line: str) -> bool:
    """Whether it does not end like a sentence."""
    return SENTENCE_END.search(line) is None


def has_function_word(line: str) -> bool:
    """Whether it has one of the words that names and titles in a list mostly do without."""
    return _FUNCTION_WORD.search(line) is not None


@cache
def _figure() -> re.Pattern[str]:
    """A number at the beginning of a line, with its unit; compiled when a line has digits."""
    return re.compile(
        r"(?:(?:over|more\s+than|about|around|nearly|almost|some|approximately|at\s+least|up\s+to)\s+)?"
        r"(?:(?:EUR|USD|GBP|CHF|US\$|[€$£¥])\s?)?\d(?:[\d.,\u00a0\u202f ]*\d)?"
        r"(?:\s?(?:%|(?:per\s?cent|million|billion|thousand|bn|M|m|k|kg|tonnes?)\b))?(?=\s+[^\W\d_])",
        re.IGNORECASE,
    )


def figure_end(line: str) -> int:
    """Where the number ends that the line begins with: `EUR 2.15M` of `EUR 2.15M seized`; 0 when it reports none."""
    if len(line) > _LONGEST_FIGURE or not any(map(str.isdecimal, line[:_LATEST_FIGURE])):
        return 0
    match = _figure().match(line)
    if match is None or _YEAR.match(match[0]) or _MONTH.match(line, match.end()):
        return 0
    return match.end()


def is_date_line(line: str) -> bool:
    """Whether it is a date, perhaps with a place, and nothing else."""
    return _DATE_LINE.fullmatch(line) is not None and sum(word.islower() for word in line.split()) <= 2  # noqa: PLR2004


def dateline_end(line: str) -> int:
    """Where the dateline ends that the line begins with: `LYON, France` of `LYON, France – An …`; 0 for none."""
    match = _DATELINE.match(line)
    if match is None:
        return 0
    place = match["place"]
    words = re.findall(r"[^\W_]+", place)
    is_named = all(word in _SMALL_WORD or not word[0].islower() for word in words)
    is_place = "," in place or "(" in place or (place.isupper() and len(place) > len("NATO"))
    return match.end("place") if is_named and is_place and not _SENTENCE_GAP.search(place) else 0


def begins_quoted(line: str) -> bool:
    """Whether its first character opens a quotation."""
    return _OPENING.match(line) is not None


def quoted_spans(line: str) -> list[tuple[int, int]]:
    """What stands in quotation marks; a quotation that is not closed goes on to the end, and in the next paragraph."""
    spans: list[tuple[int, int]] = []
    opening = _OPENING.search(line)
    while opening:
        closing = _CLOSINGS[opening[0]].search(line, opening.end())
        is_apostrophe = opening[0] == "‘" and closing is None
        end = opening.end() if is_apostrophe else closing.end() if closing else len(line)
        if not is_apostrophe:
            spans.append((opening.start(), end))
        opening = _OPENING.search(line, end)
    return spans


def find_speaker(line: str) -> tuple[int, int] | None:
    """Where a line that is mostly quotation says whose: empty when it does not; None when it is no quotation."""
    spans = quoted_spans(line)
    if not spans or sum(end - start for start, end in spans) < _QUOTED_SHARE * len(line):
        return None
    before = line[: spans[0][0]].rstrip()
    if before and (len(before) > _LONGEST_SPEAKER or before[-1] not in ":,"):
        return None
    gaps = [(0, len(before)), *((end, start) for (_, end), (start, _) in pairwise(spans))]
    start, end = max([*gaps, (spans[-1][1], len(line))], key=lambda gap: gap[1] - gap[0])
    while start < end and not line[start].isalnum():
        start += 1
    while start < end and not line[end - 1].isalnum() and line[end - 1] != ")":
        end -= 1
    return start, end


def introduces_speech(line: str) -> bool:
    """Whether it can be the words before a quotation that has paragraphs of its own: `Jürgen Stock said:`."""
    return line.endswith(":") and len(line) <= _LONGEST_SPEAKER


def roster_label_end(line: str) -> int:
    """Where the label ends of a list of names in one paragraph: `Participating countries:`; 0 when it is none."""
    match = _LABEL.match(line)
    words = match[1].split() if match is not None else []
    if match is None or words[0].lower() in _SENTENCE_WORDS or len(words) > _MOST_LABEL_WORDS:
        return 0
    return match.end(1) if is_roster(line[match.end() :]) else 0


def is_roster(line: str) -> bool:
    """Whether it is nothing but names with commas or semicolons between them."""
    entries = [entry.removeprefix("and ") for entry in _ENTRY_END.split(line.rstrip(".")) if entry]
    if len(entries) < _FEWEST_ENTRIES or _SENTENCE_GAP.search(line):
        return False
    named = [entry for entry in entries if entry.removeprefix("the ")[:1].isupper() and len(entry) <= _LONGEST_ENTRY]
    return len(named) * 10 >= len(entries) * 9
