"""What a shell completes: in this process, as its script asks for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from funnelcli.cli import completing
from support import EXAMPLES, command, run_cli

Complete = Callable[..., list[str]]
PLAIN, SAAS = EXAMPLES / "plain", EXAMPLES / "saas_vn"


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Complete:
    def completed(*words: str | Path) -> list[str]:
        """The completions of the last word."""
        monkeypatch.setenv("_FUNNELCLI_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", " ".join(["funnelcli", *map(str, words)]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        with pytest.raises(SystemExit) as left:
            command()(prog_name="funnelcli")
        out, err = capfd.readouterr()
        assert (left.value.code, err) == (0, "")
        return out.split()

    return completed


def test_commands_options_and_choices(complete: Complete) -> None:
    assert complete("ex") == ["explain", "example"]
    assert complete("report", "--gr") == ["--grain"]
    assert complete("report", "--grain", "") == ["week", "month", "quarter", "year"]
    assert complete("report", "--layout", "t") == ["tidy"]
    assert complete("report", "-f", "") == ["csv", "eml", "html", "json", "md", "table", "tsv", "xlsx"]
    assert complete("report", "--lang", "") == ["en", "vi"]
    assert complete("report", "--as-of", "t") == ["today"]


def test_metrics_and_channels(complete: Complete) -> None:
    assert complete("explain", "new_") == [
        "new_signups", "new_demo_bookings", "new_paid_users", "new_mrr_amount", "new_leads",
    ]  # fmt: skip
    assert "required_new_signups" in complete("track", "--metric", "required_")
    assert complete("explain", "new_signups", "--channel", "p") == ["paid", "partner"]


def test_dimensions_and_parts_are_those_of_the_folder(complete: Complete, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    shutil.copytree(PLAIN, folder)
    (folder / "funnel.toml").write_text('[dimensions.tier]\ninput = "paid_users"\ncolumn = "plan"\n', encoding="utf-8")
    assert complete("report", folder, "--by", "") == [
        "channel", "source", "plan", "lost_reason", "owner", "return_reason", "request", "sales_rep", "affiliate_id",
        "person", "team", "account", "campaign", "tier", "grade", "attribute",
    ]  # fmt: skip
    assert complete("explain", "new_paid_users", folder, "--by", "plan", "--part", "") == [
        "starter", "team", "business", "unknown"
    ]  # fmt: skip
    assert complete("targets", folder, "--by", "") == ["channel", "team"]


def test_periods_are_those_of_the_folder(complete: Complete) -> None:
    months = complete("report", PLAIN, "--month", "2026-")
    assert months == [f"2026-0{month}" for month in range(1, 9)]
    assert complete("report", PLAIN, "--month", "last-") == ["last-month", "last-quarter", "last-year"]
    assert complete("report", PLAIN, "--grain", "week", "--from", "last-w") == ["last-week"]
    weeks = complete("report", PLAIN, "--grain", "week", "--from", "2026-W")
    assert weeks[:2] == ["2026-W01", "2026-W02"]
    assert complete("report", PLAIN, "--grain", "quarter", "--from", "2026") == ["2026Q1", "2026Q2", "2026Q3"]
    vietnamese = complete("report", SAAS, "--to", "2026-")  # dates like 03/04/2026 and 20260403
    assert {"2026-01", "2026-10"} <= set(vietnamese)


def test_where_a_folder_tells_nothing_the_calendar_does(
    complete: Complete, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # which stands for a folder that is not there
    for place in (tmp_path, tmp_path / "nowhere"):
        assert len(complete("report", place, "--month", "20")) == completing.MONTHS
    assert len(complete("targets", "--from", "20")) == completing.MONTHS


def test_it_never_fails(complete: Complete, tmp_path: Path) -> None:
    (tmp_path / "funnel.toml").write_text("broken =", encoding="utf-8")
    (tmp_path / "signups.csv").write_bytes(b"\xff\x00\x012026-13-45,99/99/2026\n" * 20)
    for option in ("--by", "--month", "--from"):
        complete("report", tmp_path, option, "")
    assert complete("report", tmp_path, "--by", "") == []
    assert complete("explain", "new_signups", tmp_path, "--by", "nothing", "--part", "") == []
    assert complete("report", "--no-such-option", "") is not None


def test_a_large_folder_is_not_read(complete: Complete, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing, "MOST_BYTES", 10)
    assert complete("explain", "new_signups", PLAIN, "--by", "plan", "--part", "") == []
    assert complete("explain", "new_signups", PLAIN, "--part", "aff") == ["affiliate"]


def test_the_options_that_install_it_are_there() -> None:
    help_text = run_cli("--help").stdout
    assert "--install-completion" in help_text
    assert "--show-completion" in help_text


def test_assumptions_and_shapes_of_plans(complete: Complete) -> None:
    assert complete("targets", "--what-if", "demo") == ["demo_to_paid_rate="]
    assert complete("targets", "--shape", "") == ["steady", "growth", "seasonal", "revenue", "free"]


@pytest.mark.parametrize(
    ("shell", "has"),
    [("bash", "complete -o default -F"), ("zsh", "#compdef funnelcli"), ("fish", "complete --command funnelcli")],
)
def test_the_script_of_a_shell_that_is_named(shell: str, has: str, tmp_path: Path) -> None:
    """Also of another than the one that runs: a script for a package, or for another machine."""
    shown = run_cli("--show-completion", shell)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert has in shown.stdout
    installed = run_cli("--install-completion", shell, env={"HOME": str(tmp_path)})
    assert (installed.returncode, installed.stderr) == (0, "")
    said = installed.stdout.strip().removesuffix("; a new terminal has it.")
    path = Path(said.removeprefix(f"{shell} completion installed in "))
    assert path.is_relative_to(tmp_path)
    assert path.read_text().strip() == shown.stdout.strip()


def test_another_shell_is_refused_with_those_that_there_are() -> None:
    done = run_cli("--show-completion", "tcsh")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "funnelcli: 'tcsh' is no shell that completion is made for.",
        "  They are bash, zsh, fish, powershell, pwsh.",
    ]


def test_stages_of_journeys(complete: Complete) -> None:
    assert complete("cohorts", "--journey", "") == ["funnel", "opportunity", "customer"]
    assert complete("cohorts", "--to-stage", "demo") == ["demo_booked", "demo_held"]
    assert complete("cohorts", PLAIN, "--from-stage", "") == ["signup", "demo_booked", "demo_held", "paid", "lost"]
    assert complete("cohorts", "--journey", "nothing", "--to-stage", "") == []
    assert complete("cohorts", "--order", "s") == ["strict"]


def test_what_a_change_is_split_by_and_what_rates_are_of(complete: Complete) -> None:
    assert complete("report", "--basis", "") == ["period", "cohort"]
    asked = ("explain", "churned_paid_users", PLAIN, "--change", "2026-07..2026-08", "--by")
    assert [word for word in complete(*asked, "") if word in ("tenure", "cohort", "amount")] == [
        "tenure", "cohort", "amount",
    ]  # fmt: skip
    assert complete("explain", "churned_paid_users", PLAIN, "--by", "ten") == []
