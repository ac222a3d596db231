"""Links: what is one, where it really leads, and that its address can harm no terminal and no program."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.links import LONGEST, Link, find_links
from newsreader.text import clean


def only(text: str) -> Link:
    (link,) = find_links(text)
    return link


def written(text: str) -> list[str]:
    return [text[link.start : link.end] for link in find_links(text)]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://www.nato.int/cps/en.htm.", "https://www.nato.int/cps/en.htm"),
        ("visit: www.jcs.mil.", "https://www.jcs.mil"),
        ("HTTP://Example.ORG/Path", "http://example.org/Path"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("[https://example.org/a]", "https://example.org/a"),
        ("“https://example.org/a,”", "https://example.org/a"),
        ("https://example.org:8080/?q=1&r=2#top", "https://example.org:8080/?q=1&r=2#top"),
        ("https://example.org/größe", "https://example.org/gr%C3%B6%C3%9Fe"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://192.168.0.1/x", "https://192.168.0.1/x"),
        ("write to press@europol.europa.eu, please", "mailto:press@europol.europa.eu"),
        ("mailto:jane.doe+x@example.org", "mailto:jane.doe+x@example.org"),
    ],
)
def test_a_link_leads_where_it_says_without_the_punctuation_around_it(text: str, url: str) -> None:
    assert only(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "nothing at all",
        "@NATO@SecGenNATO and @NATOPress",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org",
        "data:text/html,x",
        "https://",
        "https://localhost/x",
        "https://user:secret@example.org/",
        "https://nato.int@evil.example/",
        "https://evil.example\\@nato.int/",
        "https://-x.example/",
        "https://a..example/",
        "https://example.org:99999/",
        "https://999.1.1.1/",
        "https://[::1]/",
        "https://exa mple",
        "-oProxy@x",
        "https://example.org/" + "a" * LONGEST,
        "a.@example.org",
        "--help@-x.example",
    ],
)
def test_what_is_not_surely_harmless_is_no_link(text: str) -> None:
    assert list(find_links(text)) == []


def test_a_host_in_other_letters_is_told_by_its_real_name() -> None:
    link = only("https://www.nаto.int/x")  # the second letter is Cyrillic
    assert link.host == "www.xn--nto-6cd.int"
    assert link.url.startswith("https://www.xn--nto-6cd.int/")
    assert link.is_disguised
    assert only("press@nаto.int").is_disguised
    assert not only("https://www.nato.int/é").is_disguised


def test_links_are_found_where_they_stand() -> None:
    text = "See www.a.org, https://b.org/x; c@d.org and www.e.org)."
    assert written(text) == ["www.a.org", "https://b.org/x", "c@d.org", "www.e.org"]


HOSTILE = st.text(
    alphabet=st.sampled_from(
        list("aZ09./:@?#%&=-+_~()[]\\;,'\"<> \x1b\x07\x9b\x9c\x00\n\r\t\u202e\u200bаé日🎉$`|\ud800")
    ),
    max_size=60,
)


@given(st.sampled_from(["https://", "http://a.org/", "www.", "mailto:a@b.org", "x@", ""]), HOSTILE)
def test_no_address_holds_anything_but_printable_ascii(beginning: str, rest: str) -> None:
    for text in (beginning + rest, clean(beginning + rest)):
        for link in find_links(text):
            assert re.fullmatch(r"(https?://|mailto:)[!-~]+", link.url)
            assert len(link.url) <= LONGEST
            assert link.host.isascii()
            assert f"@{link.host}" in link.url or re.match(rf"https?://{re.escape(link.host)}(?=[:/?#]|$)", link.url)
            assert 0 <= link.start < link.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "www." * 100_000,
        "a@" * 200_000,
        "https://" * 50_000,
        "x@" + "a." * 200_000,
        "https://a.org/" + ")" * 400_000,
        "." * 10**6,
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    assert len(list(find_links(text + "@"))) + len(list(find_links(text))) < 10**6
