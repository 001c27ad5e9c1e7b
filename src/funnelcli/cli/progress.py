"""A line on a terminal that says how far a long reading has come: a bar, the size, the speed and the time left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, ProgressColumn, Task, TextColumn
from rich.progress_bar import ProgressBar
from rich.table import Column
from rich.text import Text as RichText

from funnelcli.reading.meter import Meter
from funnelcli.text import Lang, Message, in_marks

_COUNTING = Message("counting")
_SPEED, _LEFT = Message("{size}/s"), Message("{time} left")
_TELLING = 0.01  # of what is to be read, from which on the speed says how long the rest takes
_WIDTH, _ROOM = 24, 60  # of the bar, and of a screen that has room for one


class _Bar(BarColumn):
    """The share that has been read, which does not shrink where there is more to be read than was known."""

    def render(self, task: Task) -> ProgressBar:
        return ProgressBar(total=1.0, completed=task.fields["share"], width=_WIDTH)


class _Size(DownloadColumn):
    """The bytes that have been read, and how many there are."""

    def __init__(self, lang: Lang) -> None:
        super().__init__(table_column=Column(no_wrap=True))
        self._lang = lang

    def render(self, task: Task) -> RichText:
        return RichText(in_marks(super().render(task).plain, self._lang))


class _Speed(ProgressColumn):
    """The bytes a second since reading began, and how long what is left takes at that speed.

    DuckDB reads tens of megabytes at once: the speed of the last moments would jump.
    """

    def __init__(self, lang: Lang, began: float) -> None:
        super().__init__(table_column=Column(no_wrap=True))
        self._lang, self._began = lang, began

    def render(self, task: Task) -> RichText:
        speed = task.completed / max(time.monotonic() - self._began, 0.001)
        if task.total is None or not task.total * _TELLING <= task.completed < task.total:
            return RichText("")
        size = in_marks(decimal(int(speed)), self._lang)
        left = _clock(int((task.total - task.completed) / speed))
        return RichText(f"{_SPEED.filled(size=size).of(self._lang)}  {_LEFT.filled(time=left).of(self._lang)}")


def _clock(seconds: int) -> str:
    """Seconds as minutes and seconds, with hours where there are some.

    >>> _clock(7), _clock(3725)
    ('0:07', '1:02:05')
    """
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


class _Screen(Console):
    """A console that leaves the cursor as it is, so that a run which is killed leaves none that nobody sees."""

    def show_cursor(self, show: bool = True) -> bool:
        return False


@contextmanager
def shown(meter: Meter, stream: TextIO, lang: Lang, *, began: float, colour: bool) -> Iterator[Callable[[], None]]:
    """What shows how far a meter is, each time it is called; at the end nothing is left of it.

    ``began`` is when reading began, by the monotonic clock.
    """
    screen = _Screen(file=stream, force_terminal=True, no_color=not colour, highlight=False, markup=False, emoji=False)
    what = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True))
    columns = (*((what, _Bar()) if screen.width >= _ROOM else ()), _Size(lang), _Speed(lang, began))
    with Progress(
        *columns, console=screen, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        task = progress.add_task("", total=None, share=0.0, visible=False)

        def show() -> None:
            read, total = meter.look()
            share = max(progress.tasks[0].fields["share"], read / total if total else 0.0)
            text = meter.text if read < total else _COUNTING
            progress.update(task, description=text.of(lang), completed=read, total=total, share=share, visible=True)
            progress.refresh()

        yield show
