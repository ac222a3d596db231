"""Textual on our terminal: a driver that draws at once and takes anything, and an app that leaves without waiting."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.worker import WorkerFailed

from newsreader.streams import ENDING_SIGNALS
from newsreader.ui.keyboard import Keyboard
from newsreader.ui.plain_stream import is_unicode
from newsreader.ui.terminal import Terminal, Watch, open_terminal

LEAST_COLUMNS, LEAST_ROWS = 20, 5
"""The smallest terminal that the reader is laid out for; on a smaller one only `TOO_SMALL` is drawn."""
TOO_SMALL = "too small"
MOST_AHEAD = 100
"""Events that may wait before more input is taken."""
SETTLING = 0.5
"""Seconds that marks have after a crash."""
RESIZE_PAUSE = 0.05
"""Seconds for which the terminal keeps its size until it rests; Textual lays out after a hundredth."""
CATCHING_UP = 0.02
"""Seconds until it is looked again whether they have been dealt with."""


class ReaderDriver(Driver):
    """Draws on a `Terminal` and listens to it."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """As Textual has it; the app is a `TerminalApp`."""
        assert isinstance(app, TerminalApp)
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._reader: TerminalApp = app
        self._terminal = app.terminal
        self._watch = app.listener
        self._keyboard = Keyboard(_key_encoding())
        self._resting: asyncio.TimerHandle | None = None
        self._redrawing: asyncio.TimerHandle | None = None
        self._is_too_small = False

    @property
    def can_suspend(self) -> bool:
        """Whether there is anything that could stop us."""
        return hasattr(signal, "SIGTSTP")

    def write(self, data: str) -> None:
        """Draw, if there is room and nothing painted stands before it."""
        if not self._is_too_small and not self._reader.is_behind_paint:
            self._terminal.write(data)

    def start_application_mode(self) -> None:
        """Take the terminal, and begin to listen."""
        self._watch.on_input = self._take_input
        self._watch.on_signal = self._take_signal
        self._watch.on_vanished = self._vanish
        self._terminal.enter()
        self._take_size()
        if self._reader.is_listening:
            self._watch.listen()
        if self._watch.received:
            self._reader.end(128 + self._watch.received)

    def disable_input(self) -> None:
        """Listen no more."""
        self._watch.listen(False)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.disable_input()
        self._terminal.leave()

    def send_message(self, message: Any) -> None:
        """Post a message from the event loop."""
        self._app.post_message(message)

    def _take_input(self, data: bytes) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._send(self._keyboard.feed(data))
        self._listen_again()

    def _rest(self) -> None:
        self._resting = None
        self._send(self._keyboard.rest())
        self._rest_later()

    def _rest_later(self) -> None:
        if (pause := self._keyboard.pause) is not None:
            self._resting = self._loop.call_later(pause, self._rest)

    def _send(self, found: Iterator[Any]) -> None:
        size = self._app.size
        for event in found:
            if not isinstance(event, events.MouseEvent) or (event.x < size.width and event.y < size.height):
                self.process_message(event)

    def _listen_again(self) -> None:
        """Take the next input as soon as the app has dealt with what came."""
        if self._app._message_queue.qsize() > MOST_AHEAD:
            self._loop.call_later(CATCHING_UP, self._listen_again)
        else:
            self._rest_later()
            self._watch.listen()

    def _take_size(self) -> None:
        """Have the app laid out for the terminal as it is now, or for the least that it can be laid out for."""
        columns, rows = self._terminal.size
        self._is_too_small = columns < LEAST_COLUMNS or rows < LEAST_ROWS
        if self._is_too_small:
            lines = [TOO_SMALL[start : start + columns] for start in range(0, len(TOO_SMALL), columns)][:rows]
            self._terminal.write("\x1b[0m\x1b[2J" + "".join(f"\x1b[{y};1H{line}" for y, line in enumerate(lines, 1)))
        size = _at_least(columns, rows)
        self.send_message(events.Resize(size, size))

    def _resize(self) -> None:
        """Follow the terminal, and draw all again when it rests: a smaller size, however short, has cut it."""
        self._take_size()
        if self._redrawing is not None:
            self._redrawing.cancel()
        self._redrawing = asyncio.get_running_loop().call_later(RESIZE_PAUSE, self.send_message, self.SignalResume())

    def _take_signal(self, number: int) -> None:
        if number in ENDING_SIGNALS:
            self._reader.end(128 + number)
        elif number == signal.SIGWINCH:
            self._resize()
        elif number == signal.SIGTSTP:
            self._stop()
        elif number == signal.SIGCONT and self._terminal.is_entered and self._terminal.is_ours:
            self._terminal.take_keys()  # the shell that lets us go on may have changed that
            self.send_message(self.SignalResume())

    def _stop(self) -> None:
        """Stop until the shell lets us go on; in the background we cannot."""
        if not self._auto_restart:
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)
        while not self._terminal.is_ours and not self._watch.received:
            os.kill(os.getpid(), signal.SIGSTOP)
        if not self._watch.received:
            os.kill(0, signal.SIGCONT)
            self.resume_application_mode()
            self.send_message(self.SignalResume())

    def _vanish(self) -> None:
        self._reader.end(128 + signal.SIGHUP)


class TerminalApp(App[None]):
    """An app that has the terminal for itself, and lets go of it before anything else when it ends."""

    def __init__(self, *, ansi_color: bool | None = None, terminal: Terminal | None = None) -> None:
        """Nothing is done to the terminal before `run_on_terminal`; one that is entered has been painted already."""
        super().__init__(driver_class=ReaderDriver, ansi_color=ansi_color)
        self.terminal = terminal or open_terminal()
        self.is_behind_paint = self.terminal.is_entered
        self.is_listening = False
        self.last_frame: str | None = ""
        self.listener: Watch
        self._ended: asyncio.Future[None] | None = None
        self._crash: BaseException | None = None

    @property
    def is_on_terminal(self) -> bool:
        """Whether it was started by `run_on_terminal`."""
        return self._ended is not None

    def begin_to_listen(self) -> None:
        """Take keys from now on; until then they wait in the terminal, so that none acts on what is not there yet."""
        if not self.is_listening and self.is_on_terminal:
            self.is_listening = True
            self.listener.listen()

    async def leave(self) -> None:
        """End what runs, with everything on disk that must not be lost."""

    async def settle(self) -> None:
        """The least of that, after a crash."""

    def frame_of_next_start(self) -> str | None:
        """The whole screen as it is, in the terminal's own language, if the next start shows the same."""
        return ""

    def action_suspend_process(self) -> None:
        """Stop, together with the other programs of a pipeline, as the terminal itself would do it."""
        if self._driver is not None and self._driver.can_suspend:
            self._suspend_signal()
            os.kill(0, signal.SIGTSTP)

    def run_on_terminal(self) -> int:
        """Run until it is left; the exit status. What was not expected is raised here, the terminal given back.

        Tasks and threads that still run are left to the end of the program: nobody waits for them.
        """
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(self._take_loop_error)
        self._ended = loop.create_future()
        self.listener = Watch(self.terminal, loop.call_soon_threadsafe)
        self.listener.start()
        streams = sys.stdout, sys.stderr  # which Textual puts others in the place of
        former, threading.excepthook = threading.excepthook, self._take_thread_error
        try:
            running = loop.create_task(self.run_async(size=_at_least(*self.terminal.size)))
            running.add_done_callback(lambda task: self._end_now())
            loop.run_until_complete(self._ended)
            if self._crash is not None:
                with suppress(TimeoutError):
                    loop.run_until_complete(asyncio.wait_for(self.settle(), SETTLING))
            self._end_workers(loop)
        finally:
            self.terminal.leave()
            self.listener.stop()
            threading.excepthook = former
            sys.stdout, sys.stderr = streams
        if self._crash is not None:
            raise self._crash
        return self.return_code or 0

    def _end_workers(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have what runs beside the screen end the programs that it has started."""
        self.workers.cancel_all()
        for _ in range(3):  # a task takes some rounds to hear of it
            loop.run_until_complete(asyncio.sleep(0))

    def end(self, return_code: int) -> None:
        """Leave from wherever it is, with everything on disk."""
        self.run_worker(self._end(return_code), exit_on_error=True)

    async def _end(self, return_code: int) -> None:
        await self.leave()
        self.exit(return_code=return_code)

    def exit(self, result: None = None, return_code: int = 0, message: Any = None) -> None:
        """Give the terminal back and end; everything that matters is on disk."""
        super().exit(result, return_code, message)
        self.terminal.leave()
        if self._ended is not None and not return_code:
            self.last_frame = self.frame_of_next_start()
        self._end_now()

    def _end_now(self) -> None:
        if self._ended is not None:
            self.terminal.leave()
            if not self._ended.done():
                self._ended.set_result(None)

    def _handle_exception(self, error: Exception) -> None:
        """End because of what nobody expected; Textual would show a traceback with all that was read."""
        if self._ended is None:
            super()._handle_exception(error)
            return
        if self._ended.done() and self._crash is None:  # left before: what is half built or half gone may fail
            return
        if self._crash is None:
            self._crash = error.error if isinstance(error, WorkerFailed) else error
        self._return_code = 1
        self._end_now()

    def _take_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The same for what was raised outside of any message, but not for what nobody waits for any more."""
        error = context.get("exception")
        if isinstance(error, Exception) and "handle" in context:
            self._handle_exception(error)

    def _take_thread_error(self, raised: threading.ExceptHookArgs) -> None:
        """The same for a thread of ours, without which the reader would hear nothing any more."""
        error = raised.exc_value
        if isinstance(error, Exception) and self._loop is not None:
            self._loop.call_soon_threadsafe(self._handle_exception, error)


def _at_least(columns: int, rows: int) -> Size:
    """A size that the app can be laid out for."""
    return Size(max(columns, LEAST_COLUMNS), max(rows, LEAST_ROWS))


def _key_encoding() -> str:
    """The encoding of what is typed; plain ASCII says only that nobody has set one."""
    name = getattr(sys.__stdin__, "encoding", None) or "utf-8"
    return "utf-8" if is_unicode(sys.__stdin__) or name.lower() in {"ascii", "us-ascii", "ansi_x3.4-1968"} else name
