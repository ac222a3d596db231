"""How far a refresh is, how fast it goes and how long it will still take, in words. Pure."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from newsreader.loader import Progress

SURE_AFTER = 1.0
"""Seconds after which a pace says something about the rest."""

_MOST = 120  # of a unit that are told


def describe_progress(progress: Progress, seconds: float) -> str:
    """Where a refresh is after so many seconds, its pace in releases, and by the bytes that are left, the time left."""
    parts = [
        f"Reading digests: {progress.digests:,} of {progress.of_digests:,}",
        f"{progress.releases:,} release{'' if progress.releases == 1 else 's'}",
    ]
    if seconds >= SURE_AFTER and progress.bytes:
        parts.append(f"{progress.releases / seconds:,.0f} a second")
        left = seconds * (progress.of_bytes - progress.bytes) / progress.bytes
        if left >= 1:
            parts.append(f"{_describe_time(left)} left")
    return ", ".join(parts)


def _describe_time(seconds: float) -> str:
    """A time as coarse as a guess is: seconds up to two minutes, then minutes, then hours and minutes."""
    if round(seconds) <= _MOST:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < _MOST else f"{minutes // 60} h {minutes % 60} min"
