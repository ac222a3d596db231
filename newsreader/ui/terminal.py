"""The terminal that the reader has for itself: taken over, drawn on, and given back whatever happens.

Nothing here needs Textual. Keys come from descriptor 0 and frames go to descriptor 2, whatever Python has on these.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from newsreader.streams import ENDING_SIGNALS
from newsreader.ui.plain_stream import encoder

KEYS, SCREEN = 0, 2
"""The descriptors of the terminal."""
ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?1004h\x1b[?2004h"
"""The other screen, no cursor, no wrapping; reports of the mouse, of the focus, and pastes in brackets."""
LEAVE = "\x1b[?2004l\x1b[?1004l\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1000l\x1b[?7h\x1b[0m\x1b[2J\x1b[?1049l\x1b[?25h"
"""All of it back; emptied first, as tmux keeps what was drawn where its window has grown meanwhile."""
ASK_FOR_KITTY_KEYS, END_KITTY_KEYS = "\x1b[>25u", "\x1b[<u"
"""Keys that tell more, on terminals that have them; each screen keeps its own."""
ASK_FOR_SYNCHRONISING = "\x1b[?2026$p"
ASK_FOR_GROUND = "\x1b]11;?\x1b\\"
"""The colour of the terminal's background, from terminals that tell it (xterm's control sequences, OSC 11)."""
PATIENCE = 0.7
"""Seconds that leaving after a signal may take, before the terminal is given back without waiting any longer."""
MARKS_PATIENCE = 5.0
"""Seconds more that marks may take which are being written: another program may hold them."""
READ_SIZE = 1 << 16
COLOURS_VARIABLE, COLOURS = "TEXTUAL_COLOR_SYSTEM", {"auto", "standard", "256", "truecolor"}
"""A variable at which Textual fails when it says anything else."""


def open_terminal() -> Terminal:
    """The terminal of this process, in the encoding that it is said to have."""
    if os.environ.get(COLOURS_VARIABLE) not in COLOURS:
        os.environ.pop(COLOURS_VARIABLE, None)
    return Terminal(encoder(sys.__stderr__))


class Terminal:
    """The terminal, which any thread may write to and give back."""

    def __init__(self, encode: Callable[[str], bytes]) -> None:
        """`encode` makes bytes of a text, in the terminal's encoding; it must not fail."""
        self.is_entered = False
        self.is_gone = False
        self.asks_for_ground = False
        self._encode = encode
        self._modes: list[object] | None = None
        self._has_kitty_keys = os.environ.get("TEXTUAL_DISABLE_KITTY_KEY", "0") != "1"

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        for descriptor in (SCREEN, KEYS):
            with suppress(OSError):
                size = os.get_terminal_size(descriptor)
                if size.columns and size.lines:
                    return size.columns, size.lines
        return 80, 24

    @property
    def is_ours(self) -> bool:
        """Whether we are in the foreground; to change its modes from the background would stop us."""
        try:
            return os.tcgetpgrp(KEYS) == os.getpgrp()
        except OSError:
            return True

    def enter(self) -> None:
        """Take the terminal over: each key at once, the other screen, the mouse."""
        if not self.is_entered and not self.is_gone:
            self.is_entered = True
            self.take_keys()
            self.write(ENTER + ASK_FOR_KITTY_KEYS * self._has_kitty_keys + ASK_FOR_SYNCHRONISING)
        if self.asks_for_ground:
            self.write(ASK_FOR_GROUND)

    def take_keys(self) -> None:
        """Have each key at once and as it is, also when a shell has changed that since."""
        with suppress(termios.error):
            modes = termios.tcgetattr(KEYS)
            if self._modes is None:
                self._modes = list(modes)
            modes[tty.IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
            modes[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            modes[tty.CC] = list(modes[tty.CC])
            modes[tty.CC][termios.VMIN] = 1
            termios.tcsetattr(KEYS, termios.TCSANOW, modes)

    def leave(self) -> None:
        """Give the terminal back as it was found; what was typed and not read is forgotten, such as reports."""
        if not self.is_entered:
            return
        self.is_entered = False
        if not self.is_ours:
            return
        if self._modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(KEYS, termios.TCSANOW, self._modes)  # type: ignore[arg-type]
        self._write(END_KITTY_KEYS * self._has_kitty_keys + LEAVE)
        with suppress(termios.error):
            termios.tcflush(KEYS, termios.TCIFLUSH)

    def write(self, text: str) -> None:
        """Draw, while the terminal is ours; one that has vanished takes everything."""
        if self.is_entered and not self.is_gone:
            self._write(text)

    def _write(self, text: str) -> None:
        data = memoryview(self._encode(text))
        try:
            while data:
                try:
                    data = data[os.write(SCREEN, data) :]
                except BlockingIOError:  # another program has set it so
                    select.select([], [SCREEN], [], 1)
        except OSError:
            self.is_gone = True

    def give_back_at_once(self, status: int) -> None:
        """End the program with the terminal as it was found, even when it takes nothing any more."""
        import threading

        giver = threading.Thread(target=self.leave, daemon=True)
        giver.start()
        giver.join(0.2)
        os._exit(status)


class Watch:
    """A thread that takes what comes from the terminal, and signals, and hands both to the event loop.

    When the loop does not answer a signal that ends the program, the thread ends it.
    """

    def __init__(self, terminal: Terminal, call: Callable[[Callable[[], None]], object]) -> None:
        """`call` has a function called by the event loop."""
        self.received = 0
        self.on_input: Callable[[bytes], None] = lambda data: None
        self.on_signal: Callable[[int], None] = lambda number: None
        self.on_vanished: Callable[[], None] = lambda: None
        self.is_saving: Callable[[], bool] = lambda: False
        self._terminal = terminal
        self._call = call
        self._is_listening = False
        self._deadline: float | None = None
        self._former: dict[int, object] = {}
        import threading

        self._reader, self._writer = os.pipe()
        for descriptor in (self._reader, self._writer):
            os.set_blocking(descriptor, False)
        self._thread = threading.Thread(target=self._run, name="newsreader-terminal", daemon=True)

    def start(self) -> None:
        """Take over the signals, unless whoever started us wants them ignored."""
        for number in (*ENDING_SIGNALS, signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT):
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._former[number] = signal.signal(number, self._note)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._thread.start()

    def stop(self) -> None:
        """Give the signals back; the thread goes with the program."""
        self._deadline = None
        self._is_listening = False
        signal.set_wakeup_fd(-1)
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def listen(self, is_listening: bool = True) -> None:
        """Take the next input, or none."""
        self._is_listening = is_listening
        with suppress(BlockingIOError):
            os.write(self._writer, b"\0")

    def _note(self, number: int, frame: FrameType | None) -> None:
        """Remember what ends the program, for those who cannot wait for the event loop."""
        if number in ENDING_SIGNALS:
            self.received = number

    def _run(self) -> None:
        while True:
            wanted = [self._reader, KEYS] if self._is_listening else [self._reader]
            left = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
            ready = select.select(wanted, [], [], left)[0]
            if self._reader in ready:
                self._take_signals()
            elif KEYS in ready:
                self._take_input()
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._end()

    def _end(self) -> None:
        """End the program in place of the event loop, which does not; only marks are waited for."""
        status = 128 + (self.received or signal.SIGHUP)
        end = time.monotonic() + MARKS_PATIENCE
        if self.is_saving():
            self._terminal.leave()
        while self.is_saving() and time.monotonic() < end:
            time.sleep(0.02)
        self._terminal.give_back_at_once(status)

    def _take_signals(self) -> None:
        numbers = dict.fromkeys(os.read(self._reader, READ_SIZE))
        for number in sorted(numbers, key=lambda number: number not in ENDING_SIGNALS):
            if number in ENDING_SIGNALS:
                self.received = number
                self._deadline = self._deadline or time.monotonic() + PATIENCE
            if number:
                self._call(lambda number=number: self.on_signal(number))  # type: ignore[misc]

    def _take_input(self) -> None:
        self._is_listening = False
        try:
            data = os.read(KEYS, READ_SIZE)
        except OSError:
            data = b""
        if data:
            self._call(lambda: self.on_input(data))
        else:
            self._terminal.is_gone = True
            self._deadline = self._deadline or time.monotonic() + PATIENCE
            self._call(self.on_vanished)
