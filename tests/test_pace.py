from __future__ import annotations

import pytest

from newsreader.loader import Progress
from newsreader.pace import describe_progress


@pytest.mark.parametrize(
    ("progress", "seconds", "expected"),
    [
        (Progress(0, 10_000, 0, 0, 1000), 0.0, "Reading digests: 0 of 10,000, 0 releases"),
        (Progress(1, 3, 1, 10, 1000), 0.5, "Reading digests: 1 of 3, 1 release"),
        (Progress(0, 3, 0, 0, 1000), 9.0, "Reading digests: 0 of 3, 0 releases"),
        (
            Progress(2_000, 10_000, 24_000, 200, 1000),
            10.0,
            "Reading digests: 2,000 of 10,000, 24,000 releases, 2,400 a second, 40 s left",
        ),
        (Progress(9, 10, 90, 999, 1000), 10.0, "Reading digests: 9 of 10, 90 releases, 9 a second"),
        (Progress(1, 10, 90, 10, 400), 10.0, "Reading digests: 1 of 10, 90 releases, 9 a second, 6 min left"),
        (Progress(1, 10, 90, 1, 1000), 10.0, "Reading digests: 1 of 10, 90 releases, 9 a second, 2 h 46 min left"),
    ],
)
def test_progress_says_how_far_how_fast_and_how_long_still(progress: Progress, seconds: float, expected: str) -> None:
    assert describe_progress(progress, seconds) == expected
