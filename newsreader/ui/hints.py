"""What stands where there is nothing to show: why, and the next step."""

from __future__ import annotations

from collections.abc import Callable

from newsreader.models import Mark
from newsreader.query import And, Is, Query

READING = "Reading your digests …"
KeyOf = Callable[[str], str]
"""Gives the key of a command of an id, as it is written for people."""


def hint_no_match(query: Query, key_of: KeyOf) -> str:
    """What stands in the tree when the filter shows nothing."""
    back = f"{key_of('go-back')} goes back"
    if isinstance(query, Is) and query.mark is Mark.READ and not query.is_set:
        return f"Everything is read. {back}, {key_of('refresh-library')} looks for new releases."
    if isinstance(query, Is) and query.mark is Mark.STARRED and query.is_set:
        return f"Nothing is starred yet; {key_of('toggle-star')} stars a release. {back}."
    if isinstance(query, And):
        return f"No release matches all of this; fewer words find more. {back}."
    return f"Nothing matches. {back}, {key_of('show-help')} tells how to search."


def hint_no_release(where: str, key_of: KeyOf) -> str:
    """What stands on the page when the library, whose paths `where` names, holds no release at all."""
    return (
        f"There are no releases in {where}.\n\n"
        f"Put digests there and press {key_of('refresh-library')},\n"
        "or read others with newsreader DIR.\n\n"
        "newsreader check DIR tells what was skipped, and why."
    )


def hint_no_more(where: str) -> str:
    """What stands in the tree when the library has become empty under the reader."""
    return f"No releases in {where} any more. newsreader check tells why."


def say_nothing_unread(unread: int, key_of: KeyOf) -> str:
    """What is said when there is no other unread release to go to; `unread` is how many the filter shows at all."""
    if unread:
        return "Nothing else is unread here."
    return f"Everything here is read; {key_of('refresh-library')} looks for new releases."
