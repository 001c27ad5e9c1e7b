"""docs/cron.md: its recipes do what they say, on a good night and on a bad one."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

DOCUMENT = Path(__file__).parents[2] / "docs" / "cron.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for named, text in BLOCKS if named == language]


def signups(n: int, today: date) -> str:
    return "user_id,signed_up_at\n" + "".join(f"u{i:03},{today - timedelta(i)}\n" for i in range(n))


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A folder like /srv/funnel: exports of the last 120 days, and programs that do as theirs do."""
    (tmp_path / "bin").mkdir()
    programs = {
        "funnelcli": f'exec {shlex.quote(sys.executable)} -m funnelcli "$@"',
        "sendmail": 'cat > "$FIRM/sent-$(ls "$FIRM" | wc -l)"',
        "journalctl": 'echo "journal of $2"',
    }
    for name, line in programs.items():
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        path.chmod(0o755)
    (tmp_path / "exports").mkdir()
    (tmp_path / "reports").mkdir()
    (tmp_path / "exports" / "signups.csv").write_text(signups(120, date.today()), "utf-8")
    (tmp_path / "exports" / "funnel.toml").write_text(blocks("toml")[0], "utf-8")
    return tmp_path


def shell(line: str, firm: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "PATH": f"{firm / 'bin'}:{os.environ['PATH']}",
        "FIRM": str(firm),
        "LANG": "C.UTF-8",
        **environment,
    }
    return subprocess.run(
        ["/bin/sh", "-c", line], cwd=firm, env=env, text=True, capture_output=True, check=False, timeout=120
    )


def by_cron(firm: Path) -> subprocess.CompletedProcess[str]:
    """The command of the crontab, as cron gives it to a shell: a % with a backslash is a %, without one a new line."""
    line = next(line for line in blocks("crontab")[0].splitlines() if line[:1].isdigit())
    command = line.split(None, 5)[5]
    assert "%" not in command.replace(r"\%", "")
    return shell(command.replace(r"\%", "%").replace("/srv/funnel", str(firm)), firm)


def units() -> dict[str, configparser.ConfigParser]:
    """The units of systemd by the names of their files."""
    made = {}
    for text in blocks("ini"):
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(text)
        made[text.splitlines()[0].rpartition("/")[2]] = unit
    return made


def of_unit(name: str, firm: Path) -> subprocess.CompletedProcess[str]:
    """A unit started as systemd starts it: no shell, %% is a %, $$ a dollar."""
    service = units()[name]["Service"]
    program, option, script = shlex.split(service["ExecStart"])
    assert (program, option) == ("/bin/sh", "-c")
    assert re.sub(r"%%|\$\$", "", script).count("%") == 0
    return shell(script.replace("%%", "%").replace("$$", "$"), firm)


def by_systemd(firm: Path) -> subprocess.CompletedProcess[str]:
    done = of_unit("funnel.service", firm)
    if done.returncode:
        failed = units()["funnel.service"]["Unit"]["OnFailure"]
        assert of_unit(failed, firm).returncode == 0
    return done


def sent(firm: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(firm.glob("sent-*"))]


def stale(firm: Path) -> None:
    (firm / "exports" / "signups.csv").write_text(signups(120, date.today() - timedelta(4)), "utf-8")


def short(firm: Path) -> None:
    (firm / "exports" / "signups.csv").write_text(signups(99, date.today()), "utf-8")


def cut(firm: Path) -> None:
    (firm / "exports" / "signups.csv").write_text(signups(120, date.today())[:-2], "utf-8")


def gone(firm: Path) -> None:
    (firm / "exports" / "signups.csv").unlink()


def test_a_bad_night_by_cron_mails_its_error_and_no_numbers(firm: Path) -> None:
    good = by_cron(firm)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    assert [("To: board@example.com" in message, "multipart" in message) for message in sent(firm)] == [(True, True)]
    page = firm / "reports" / f"{date.today()}.html"
    assert page.is_file()
    before = page.read_bytes(), (firm / "mail.eml").read_bytes()
    for ruin in (stale, short, cut, gone):
        ruin(firm)
        bad = by_cron(firm)
        assert (bad.returncode, bad.stdout, len(sent(firm))) == (3, "", 1), ruin
        assert bad.stderr.startswith("funnelcli: ")
        assert (page.read_bytes(), (firm / "mail.eml").read_bytes()) == before


def test_a_bad_night_by_systemd_mails_the_journal(firm: Path) -> None:
    assert by_systemd(firm).returncode == 0
    assert len(sent(firm)) == 1
    stale(firm)
    assert by_systemd(firm).returncode == 3
    assert sent(firm)[1:] == ["To: analyst@example.com\nSubject: no funnel today\n\njournal of funnel.service\n"]


def test_the_timer_starts_the_service() -> None:
    assert set(units()) == {"funnel.service", "funnel-failed.service", "funnel.timer"}
    assert units()["funnel.timer"]["Timer"]["OnCalendar"] == "*-*-* 06:30"
    assert units()["funnel.service"]["Service"]["Type"] == "oneshot"


def steps() -> Sequence[str]:
    """The shell scripts of the workflow, without the installation."""
    workflow = yaml.safe_load(blocks("yaml")[0])
    return [step["run"] for step in workflow["jobs"]["report"]["steps"] if "run" in step][1:]


def test_the_workflow_shows_the_report_or_fails(firm: Path) -> None:
    [script] = steps()
    summary = firm / "summary.md"
    assert shell(f"set -e\n{script}", firm, GITHUB_STEP_SUMMARY=str(summary)).returncode == 0
    assert "Funnel dashboard" in summary.read_text("utf-8")
    summary.unlink()
    gone(firm)
    done = shell(f"set -e\n{script}", firm, GITHUB_STEP_SUMMARY=str(summary))
    assert (done.returncode, summary.exists()) == (3, False)


def test_a_closed_month_that_changes_is_told_of(firm: Path) -> None:
    keep, compare = blocks("sh")
    assert shell(keep, firm).returncode == 0
    last = (date.today().replace(day=1) - timedelta(1)).strftime("%Y-%m")
    assert [path.name for path in (firm / "frozen").iterdir()] == [f"{last}.json"]
    assert (firm / "reports" / f"{last}.html").is_file()
    same = shell(compare, firm)
    assert (same.returncode, same.stderr) == (0, "")
    assert shell(keep, firm).returncode == 0  # the same figures again: the file stays
    path = firm / "exports" / "signups.csv"
    path.write_text(path.read_text("utf-8") + f"late,{last}-15\n", "utf-8")
    done = shell(compare, firm)
    assert (done.returncode, done.stdout) == (6, "")
    assert f"Rows behind them: signup {last}-15 came (signups.csv:122)." in done.stderr
