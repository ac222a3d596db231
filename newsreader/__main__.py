"""`newsreader` and `python -m newsreader`."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import NoReturn

GARBAGE_THRESHOLD = 50_000
"""How many more objects there must be before garbage is looked for: more than a short command makes, all to be kept."""


def main() -> int:
    """Run the command line; answer `--version` without importing it."""
    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        if sys.argv[1:] in (["--version"], ["-V"]):
            return _print_version()
        _end_on_signals()
        from newsreader.cli import main as run

        _end(run(sys.argv[1:]))
    except KeyboardInterrupt:  # before even that
        return 130
    except Exception as error:  # the one place where what nobody expected ends
        from newsreader.crash import report

        _end(report(error))
    finally:
        gc.freeze()  # else all that is left is looked through once more on the way out


def _end_on_signals() -> None:
    """End at once when asked to, before and after the command line hears of it: Python would print a traceback."""
    import os
    import signal

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, signal.SIGINT)
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: os._exit(128 + number))


def _end(status: int) -> NoReturn:
    """End without taking the interpreter apart, which takes a while, and waits for what the reader has left running."""
    import os

    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):  # the status tells it already
            pass
    os._exit(status)


def _print_version() -> int:
    import os

    from newsreader import __version__

    try:
        os.write(1, f"newsreader {__version__}\n".encode())
    except BrokenPipeError:
        return 0
    except OSError as error:
        from newsreader.streams import say

        say(f"newsreader: Standard output cannot be written: {error.strerror}.")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
