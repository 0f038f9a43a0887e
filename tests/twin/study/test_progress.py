"""Progress: plain lines every ten seconds, a bar on a terminal, silence on request."""

from __future__ import annotations

from io import StringIO

import pytest

from twin.lang import Lang
from twin.study.progress import (
    BarProgress,
    PlainProgress,
    SilentProgress,
    duration,
    make_progress,
)


def test_plain_lines_come_about_every_ten_seconds_with_the_time_left() -> None:
    """Replications of 4 s print at 12 s and 24 s; the time left follows the pace so far."""
    now = [0.0]
    stream = StringIO()
    progress = PlainProgress(Lang.EN, stream, clock_s=lambda: now[0])
    with progress:
        progress.begin(total=100, already=10)
        for _ in range(6):
            now[0] += 4.0
            progress.advance()
    assert stream.getvalue().replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "10/100 replications",
        "13/100 replications, left 6 min",
        "16/100 replications, left 6 min",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"), [(4.6, "5 s"), (59.0, "59 s"), (200.0, "3 min"), (7500.0, "2 h 05")]
)
def test_durations_read_as_people_say_them(seconds: float, said: str) -> None:
    """Seconds, minutes, then hours, with no-break spaces."""
    assert duration(seconds).replace("\N{NO-BREAK SPACE}", " ") == said


def test_the_choice_follows_where_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets a bar, a pipe gets lines, a program gets nothing."""
    monkeypatch.setattr("sys.stderr", StringIO())
    assert isinstance(make_progress(), PlainProgress)
    assert isinstance(make_progress(silent=True), SilentProgress)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert isinstance(make_progress(), BarProgress)


def test_the_bar_counts_and_tells_failures(capsys: pytest.CaptureFixture[str]) -> None:
    """The rich bar shows done, total and the failures in the reader's language."""
    with BarProgress(Lang.FR) as progress:
        progress.begin(total=2, already=0)
        progress.advance()
        progress.advance(failed=True)
    said = capsys.readouterr().err
    assert "2/2" in said
    assert "1 en échec" in said
