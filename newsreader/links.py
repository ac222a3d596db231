"""Links in a text: where they stand, where they really lead, and an address that no terminal or program can misread.

Only http, https and mailto are links. An address is made anew from its checked parts, in printable ASCII alone, so that
nothing that a release says can end an escape sequence or pass for an option. A host with letters beyond ASCII is told
by its real name (`xn--…`), as it may look like another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsreader.record import Record

LONGEST = 2000
"""A longer address is no link: terminals cut it, or refuse it."""

_CANDIDATE = re.compile(
    r"(?P<web>(?<![\w@./-])(?:(?P<scheme>https?)://|(?=www\.[^\s.]))(?P<rest>[^\s<>\"“”„«»|^`{}␀-␡�]+))"
    r"|(?P<mail>(?<![\w@.+/=&?-])(?:mailto:)?(?P<user>[A-Za-z0-9][\w.+-]{0,63})@(?P<domain>[^\W_][\w.-]{0,252}))(?![\w@])",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(?P<host>[^/?#:@\\\[\]]+)(?::(?P<port>\d{1,5}))?(?P<path>[/?#].*)?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_MOST_PORT = 65_535
_LONGEST_HOST = 253
_BRACKETS = {")": "(", "]": "["}
_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&'()*+,;=%")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PRINTABLE = re.compile(r"(?:https?://|mailto:)[!-~]+")


class Link(Record):
    """A place of a text that leads somewhere."""

    start: int
    """The character at which it begins."""
    end: int
    """The character after its last."""
    url: str
    """Where it leads: printable ASCII that begins with its scheme."""
    host: str
    """The host that it really leads to, in ASCII."""
    is_disguised: bool = False
    """Whether the text writes the host in other letters, which may look like those of another."""


def find_links(text: str) -> Iterator[Link]:
    """The links of a text, in order."""
    if "://" not in text and "@" not in text and "www." not in text.lower():
        return
    for match in _CANDIDATE.finditer(text):
        link = _mail_link(match) if match["mail"] else _web_link(match)
        if link is not None and len(link.url) <= LONGEST and _PRINTABLE.fullmatch(link.url):
            yield link


def _web_link(match: re.Match[str]) -> Link | None:
    if len(match["rest"]) > LONGEST:
        return None
    rest = _trim(match["rest"])
    parts = _AUTHORITY.fullmatch(rest)
    if parts is None:
        return None
    host = real_host(parts["host"])
    port = parts["port"]
    if not host or (port and int(port) > _MOST_PORT):
        return None
    end = match.start("rest") + len(rest)
    url = f"{(match['scheme'] or 'https').lower()}://{host}{f':{port}' if port else ''}{_encode(parts['path'] or '')}"
    return Link(match.start(), end, url, host, not parts["host"].isascii())


def _mail_link(match: re.Match[str]) -> Link | None:
    domain = match["domain"].rstrip(".-_")
    host = real_host(domain)
    if not host or not match["user"].isascii() or match["user"].endswith("."):
        return None
    end = match.start("domain") + len(domain)
    return Link(match.start(), end, f"mailto:{_encode(match['user'])}@{host}", host, not domain.isascii())


def real_host(host: str) -> str:
    """The name of a host as it is looked up; empty when there can be no such host."""
    host = host.rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    host = host.lower()
    labels = host.split(".")
    if len(host) > _LONGEST_HOST or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004
        return ""
    if labels[-1][0].isalpha() and len(labels[-1]) > 1:
        return host
    is_address = _NUMBERS.fullmatch(host) and all(int(label) < 256 for label in labels)  # noqa: PLR2004
    return host if is_address else ""


def _trim(address: str) -> str:
    """The address without the punctuation of the sentence around it."""
    while address:
        last = address[-1]
        opening = _BRACKETS.get(last)
        is_unopened = opening is not None and address.count(last) > address.count(opening)
        if last not in ".,;:!?'’‘*…" and not is_unopened:
            break
        address = address[:-1]
    return address


def _encode(path: str) -> str:
    """Percent-encode what is not allowed as it is, and percent signs that encode nothing."""
    encoded = "".join(
        character if character in _SAFE else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
        for character in path
    )
    return _ESCAPE.sub("%25", encoded)
