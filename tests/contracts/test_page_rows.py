"""The rows behind the figures of a page: the newest first, and no more than a page in a mail has room for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from funnelcli import open_folder
from funnelcli.renderers import Style, formats
from funnelcli.renderers.html import MOST_BYTES
from funnelcli.text import Lang
from support import NOW, write_folder

MONTH = date(2026, 10, 1)


def exports(folder: Path, signups: int, demos: int) -> Path:
    """So many signups over October, and demos of as many of them."""
    days = [MONTH + timedelta(days=n % 31) for n in range(signups)]
    return write_folder(
        folder,
        {
            "signups.csv": "user_id,signed_up_at,source\n"
            + "".join(f"person-{n:06},{day},a campaign of ours {n % 7}\n" for n, day in enumerate(days)),
            "demos.csv": "user_id,booked_at\n" + "".join(f"person-{n:06},{days[n]}\n" for n in range(demos)),
        },
    )


def lists(page: str) -> dict[str, tuple[list[str], str]]:
    """The folded lists by their titles: the ids of their rows, in order, and what stands below them."""
    return {
        title: (re.findall(r"person-\d+", inside), " ".join(re.findall(r'<p class="key">(.*?)</p>', inside)))
        for title, inside in re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", page, re.DOTALL)
    }


def page_of(folder: Path, lang: Lang = "en") -> str:
    report = open_folder(folder, now=NOW).report(month="2026-10", rows=True)
    data = formats()["html"].render(report.answer, Style(lang=lang))
    assert len(data) <= MOST_BYTES
    return data.decode()


def test_few_rows_are_all_there_the_newest_first(tmp_path: Path) -> None:
    known = lists(page_of(exports(tmp_path, 40, 5)))
    assert {title: (len(ids), below) for title, (ids, below) in known.items()} == {
        "New signups (RU): 40 rows": (40, ""),
        "New demo bookings: 5 rows": (5, ""),
    }
    newest = sorted(range(40), key=lambda n: (-(n % 31), n))
    assert known["New signups (RU): 40 rows"][0] == [f"person-{n:06}" for n in newest]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("signups", [900, 6_200])
def test_of_many_rows_there_are_as_many_of_the_newest_as_there_is_room_for(
    tmp_path: Path, signups: int, lang: Lang
) -> None:
    page = page_of(exports(tmp_path, signups, 30), lang)
    assert len(page.encode()) > 0.9 * MOST_BYTES, "the room is used"
    (_, (ids, below)), (_, (demos, nothing)) = lists(page).items()
    assert (len(demos), nothing) == (30, "")  # a short list is not cut for a long one
    assert 100 < len(ids) < signups
    newest = sorted(range(signups), key=lambda n: (-(n % 31), n))
    assert ids == [f"person-{n:06}" for n in newest[: len(ids)]]
    left = f"{signups - len(ids):,}"
    said = f"and {left} more:" if lang == "en" else f"và {left.replace(',', '.')} dòng nữa:"
    assert below == f"{said} <code>funnelcli explain new_signups … --month 2026-10 --rows</code>"


def test_where_there_is_no_room_at_all_the_commands_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = exports(tmp_path, 40, 5)
    monkeypatch.setattr("funnelcli.renderers.html.MOST_BYTES", 1_000)
    report = open_folder(folder, now=NOW).report(month="2026-10", rows=True)
    page = formats()["html"].render(report.answer, Style()).decode()
    command = "<code>funnelcli explain {} … --month 2026-10 --rows</code>"
    assert lists(page) == {
        "New signups (RU): 40 rows": ([], "all 40: " + command.format("new_signups")),
        "New demo bookings: 5 rows": ([], "all 5: " + command.format("new_demo_bookings")),
    }
