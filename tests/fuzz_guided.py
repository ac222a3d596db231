"""`tests.fuzz` led by coverage, run by hand: atheris seeks inputs that reach more of the code.

    pip install atheris
    python -m tests.fuzz_guided SECONDS [FOLDER]

Without a folder that keeps what it learns, it begins anew from seeds and hostile pieces. The first input that fails
ends it, and is left in the working folder as `crash-…`; what to do with it, says `tests.fuzz`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

atheris = import_module("atheris")
with atheris.instrument_imports(include=["newsreader"]):
    from tests import fuzz


def main() -> None:
    """Seek for so many seconds."""
    seconds, *folders = sys.argv[1:]
    with TemporaryDirectory() as own:
        folder = Path(folders[0]) if folders else Path(own)
        for number, content in enumerate((*fuzz.corpus(), *fuzz.GOLDEN)):
            for start in range(0, len(content) or 1, fuzz.LONGEST):
                (folder / f"seed-{number}-{start}").write_bytes(content[start : start + fuzz.LONGEST])
        atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", f"-max_len={fuzz.LONGEST}", str(folder)], fuzz.check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
