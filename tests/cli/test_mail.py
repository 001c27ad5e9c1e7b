"""The options of messages, and what funnel.toml says of them."""

from __future__ import annotations

import shutil
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest

from support import EXAMPLES, run_cli

PLAIN = EXAMPLES / "plain"
AUGUST = ("--month", "2026-08")
SETTINGS = (
    '[mail]\nto = ["An <an@shop.vn>", "b@shop.vn"]\ncc = "c@shop.vn"\nfrom = "bot@shop.vn"\nsubject = "Phễu {period}"\n'
)


def heads(*options: str | Path) -> dict[str, str]:
    """The addresses and the subject of the message that a command writes to standard output."""
    done = run_cli(*options, "-f", "eml")
    assert (done.returncode, done.stderr) == (0, "")
    message = message_from_string(done.stdout, policy=default)
    return {name: str(message[name]) for name in ("To", "Cc", "From", "Subject") if message[name] is not None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "exports"
    shutil.copytree(PLAIN, copy)
    (copy / "funnel.toml").write_text(SETTINGS, encoding="utf-8")
    return copy


def test_options_say_whom_a_message_is_for() -> None:
    assert heads(
        "report", PLAIN, *AUGUST, "--mail-to", "An <an@shop.vn>, b@shop.vn", "--mail-to", "d@shop.vn", "--mail-cc",
        "c@shop.vn", "--mail-from", "Bot <bot@shop.vn>", "--subject", "Funnel {period}, up to {as_of}",
    ) == {
        "To": "An <an@shop.vn>, b@shop.vn, d@shop.vn",
        "Cc": "c@shop.vn",
        "From": "Bot <bot@shop.vn>",
        "Subject": "Funnel 2026-08, up to 2026-08-31",
    }  # fmt: skip


def test_settings_say_it_for_every_run_and_options_outweigh_them(folder: Path) -> None:
    known = {"To": "An <an@shop.vn>, b@shop.vn", "Cc": "c@shop.vn", "From": "bot@shop.vn", "Subject": "Phễu 2026-08"}
    assert heads("report", folder, *AUGUST) == known
    assert heads("report", folder, *AUGUST, "--mail-to", "d@shop.vn", "--subject", "x") == {
        **known,
        "To": "d@shop.vn",
        "Subject": "x",
    }


@pytest.mark.parametrize(
    "command",
    [
        ("targets", PLAIN, "--new-paid-users", "9", "--from", "2026-09", "--to", "2026-10"),
        ("check", PLAIN),
        ("explain", "new_signups", PLAIN, *AUGUST, "--rows"),
        ("explain", "new_signups"),
        ("metrics",),
        ("cache",),
    ],
    ids=lambda command: " ".join(map(str, command[:2])),
)
def test_every_command_has_them(command: tuple[str | Path, ...]) -> None:
    assert heads(*command, "--mail-to", "an@shop.vn")["To"] == "an@shop.vn"


def test_a_message_for_nobody_is_a_draft_which_is_said_where_it_is_piped(tmp_path: Path) -> None:
    done = run_cli("report", PLAIN, *AUGUST, "-f", "eml")
    assert "\nX-Unsent: 1\n" in done.stdout
    assert done.stderr == (
        "the message is for nobody yet: sendmail -t needs --mail-to, or [mail] to in funnel.toml\n"
    )  # fmt: skip
    done = run_cli("report", PLAIN, *AUGUST, "-o", "a.eml", cwd=tmp_path)
    assert done.stderr == "wrote a.eml\n"
    done = run_cli("report", PLAIN, *AUGUST, "-f", "eml", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("-f", "md", "--mail-to", "an@shop.vn"), "--mail-to does not fit -f md.\n  It fits eml.\n"),
        (("--subject", "x"), "--subject does not fit -f table.\n  It fits eml.\n"),
        (("-f", "eml", "--mail-to", "an"), "--mail-to: 'an' is no mail address; write it like an@example.com or"),
        (("-f", "eml", "--mail-cc", "an@x.vn\nBcc: y@z.vn"), "--mail-cc: 'an@x.vn\\nBcc: y@z.vn' holds a line break"),
        (("-f", "eml", "--mail-from", "a@x.vn, b@x.vn"), "--mail-from: 'a@x.vn, b@x.vn' is more than a single address"),
        (("-f", "eml", "--subject", "a\r\nBcc: y@z.vn"), "--subject: 'a\\r\\nBcc: y@z.vn' holds a line break"),
        (("-f", "eml", "--subject", "{periode}"), "--subject: {periode} is not known. Known is {period} or {as_of};"),
        (("-f", "eml", "--mail-to", "an", "--lang", "vi"), "--mail-to: 'an' không phải địa chỉ thư;"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_read(options: tuple[str, ...], says: str) -> None:
    done = run_cli("report", "nowhere", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"funnelcli: {says}")
    assert len(done.stderr.splitlines()) == 2


def test_a_subject_that_an_answer_cannot_fill_is_refused() -> None:
    done = run_cli("metrics", "-f", "eml", "--subject", "{period}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("funnelcli: The subject '{period}': {period} is not known.")


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("to = 'an'", "[mail] to: 'an' is no mail address"),
        ("to = 3", "[mail] to: write it in quotation marks, several in a list (found 3)"),
        ("to = ['a@x.vn', 3]", "[mail] to: write it in quotation marks, several in a list"),
        ("from = ['a@x.vn']", "[mail] from: write it in quotation marks (found ['a@x.vn'])"),
        ("from = 'a@x.vn, b@x.vn'", "[mail] from: 'a@x.vn, b@x.vn' is more than a single address"),
        ('subject = "a\\nb"', "[mail] subject: 'a\\nb' holds a line break"),
        ("subject = '{title}'", "[mail] subject: {title} is not known."),
        ("frm = 'a@x.vn'", "[mail] frm: there is no such key. Did you mean from?"),
    ],
)
def test_settings_that_cannot_be_are_refused(setting: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "funnel.toml").write_text(f"[mail]\n{setting}\n", encoding="utf-8")
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\na,2026-01-02\n", encoding="utf-8")
    done = run_cli("report", tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert f"funnel.toml: {says}" in done.stderr
