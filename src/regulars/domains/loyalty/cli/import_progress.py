"""How far an import is, on a terminal as a bar and elsewhere as lines: rows, rows a second, time left."""

from datetime import datetime, timedelta
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text as Styled

from regulars.domains.orders.intake.model import Import, State
from regulars.kernel.text import Text
from regulars.platform.clock import Clock

_EVERY = timedelta(seconds=5)
_WIDTH = 30
_PHASES = {
    State.reading: Text("reading", "读取"),
    State.applying: Text("recording", "记录"),
    State.done: Text("done", "完成"),
    State.abandoned: Text("given up", "已放弃"),
}


class Progress:
    """Told after each commit; shows a bar that stays in place on a terminal, a line every five seconds elsewhere."""

    def __init__(self, screen: Console, clock: Clock, language: str) -> None:
        self._screen = screen
        self._clock = clock
        self._language = language
        self._phase: State | None = None
        self._since = clock.now()
        self._from = 0.0
        self._shown: datetime | None = None
        self._live = Live(console=screen, transient=True, auto_refresh=False) if screen.is_terminal else None

    def __enter__(self) -> "Progress":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def tell(self, one: Import) -> None:
        """Show how the import stands."""
        now = self._clock.now()
        if one.state is not self._phase:
            # A resumed phase begins in the middle: its rate is that of this run.
            self._phase, self._since, self._from, self._shown = one.state, now, one.progress if one.state is State.applying else 0.0, None
        if self._live is None and self._shown is not None and now - self._shown < _EVERY:
            return
        self._shown = now
        line = self.line(one, now)
        if self._live:
            bar = "━" * round(one.progress * _WIDTH)
            self._live.update(Styled(f"{bar:<{_WIDTH}} {line}"), refresh=True)
        else:
            self._screen.print(line, markup=False, highlight=False)

    def line(self, one: Import, now: datetime) -> str:
        """What is said of the import: phase, share, rows, and from the speed of this phase rate and time left."""
        rows = one.position if one.state is State.reading else round(one.progress * one.position)
        said = f"{_PHASES[one.state].in_(self._language)} {one.progress:.0%} · {rows:,} {Text('rows', '行').in_(self._language)}"
        seconds = (now - self._since).total_seconds()
        gone = one.progress - self._from
        if seconds < 1 or gone <= 0 or one.state is State.done:
            return said
        rate = rows * gone / one.progress / seconds
        left = timedelta(seconds=round(seconds * (1 - one.progress) / gone))
        return said + Text(f" · {rate:,.0f} rows/s · {left} left", f" · 每秒 {rate:,.0f} 行 · 剩余 {left}").in_(self._language)
