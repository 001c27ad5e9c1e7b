"""What ``init`` writes: it reads the folder as it was read, works with its marks taken away, and drafts what it can."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import funnelcli as fc
from contracts.test_known_folders import CALENDLY, GA4, HUBSPOT, STRIPE, written
from contracts.test_known_samples import SAMPLES, folder_of
from support import NOW, figures, report_of, run_cli

OPTIONS = {"first": "2026-01", "last": "2026-02", "as_of": "2026-02-28"}
KNOWN = {sample["export"]: sample for sample in SAMPLES}
# Of each kind of thing that is known of an export: ends, units, rows left out, sources, times in UTC, words for none.
TOLD = ("Stripe invoices", "Chargebee subscriptions", "RevenueCat transactions", "Paddle Billing transactions",
        "Meta lead ads", "WooCommerce subscriptions", "Calendly events", "Shopify orders")  # fmt: skip


def uncommented(text: str) -> str:
    """The text with the mark taken away from every line that is a setting or a table behind it."""
    return re.sub(r"^# (?=\[[\w.]+\]|\w+ = )", "", text, flags=re.MULTILINE)


def config_of(folder: Path) -> str:
    text = fc.open_folder(folder, now=NOW).first_config()
    (folder / "funnel.toml").write_text(text, encoding="utf-8")
    return text


@pytest.mark.parametrize("name", TOLD)
def test_a_known_export_is_read_the_same_with_it(name: str, tmp_path: Path) -> None:
    folder = folder_of(KNOWN[name], tmp_path)
    before = figures(report_of(folder, **OPTIONS))  # type: ignore[arg-type]
    config_of(folder)
    assert figures(report_of(folder, **OPTIONS)) == before  # type: ignore[arg-type]


def test_it_works_with_every_mark_taken_away(tmp_path: Path) -> None:
    names = {"contacts [all].csv": HUBSPOT, "traffic.csv": GA4, "events.csv": CALENDLY, "subs.csv": STRIPE}
    folder = written(tmp_path, names)
    text = uncommented(config_of(folder))
    settings = tomllib.loads(text)
    assert settings["inputs"]["signups"]["files"] == ["contacts [[]all].csv"]
    assert settings["inputs"]["signups"]["columns"] == {
        "user_id": "Record ID", "signed_up_at": "Create Date", "source": "Original Source", "medium": False,
        "sales_rep": False, "affiliate_id": False, "account_id": False, "became_mql_at": False,
        "became_sql_at": False, "owner_assigned_at": False, "owner": "Contact owner",
    }  # fmt: skip
    (folder / "funnel.toml").write_text(text, encoding="utf-8")
    of = figures(report_of(folder, **OPTIONS))  # type: ignore[arg-type]
    assert [of["new_signups", None, month][0] for month in ("2026-01", "2026-02")] == [3, 2]
    assert [of["organic_visits", None, month][0] for month in ("2026-01", "2026-02")] == [400, 350]


BROKEN = "Mã,Ngày tạo,Tên,Kênh\nA1,2026-01-05,An,Google\nA2,2026-01-16,Binh,Facebook Ads\n"


def test_it_drafts_what_it_understood_of_a_file_that_lacks_a_column(tmp_path: Path) -> None:
    folder = written(tmp_path, {"signups.csv": BROKEN})
    text = config_of(folder)
    assert tomllib.loads(text)["inputs"]["signups"]["columns"] == {"signed_up_at": "Ngày tạo", "source": "Kênh"}
    assert "# user_id = \"Mã\"  # NEEDED: the person who filled the form; it may be 'Mã' or 'Tên'" in text
    (folder / "funnel.toml").write_text(uncommented(text), encoding="utf-8")
    of = figures(report_of(folder, month="2026-01"))
    assert of["new_signups", None, "2026-01"][0] == 2


def test_it_drafts_a_folder_in_which_no_file_is_known(tmp_path: Path) -> None:
    folder = written(tmp_path, {"khach.csv": BROKEN.replace("Ngày tạo", "Ngày đăng ký")})
    done = run_cli("init", folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert "No file is known to be of an input" in done.stderr
    text = (folder / "funnel.toml").read_text(encoding="utf-8")
    assert "# khach.csv may be signups; if it is, take the # away:" in text
    assert "inputs" not in tomllib.loads(text)
    (folder / "funnel.toml").write_text(uncommented(text), encoding="utf-8")
    of = figures(report_of(folder, month="2026-01"))
    assert of["new_signups", None, "2026-01"][0] == 2


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    assert run_cli("init", tmp_path).returncode == 3
    assert not (tmp_path / "funnel.toml").exists()
