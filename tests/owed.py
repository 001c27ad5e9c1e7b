"""A folder in which policies pay commission, for tests of what is owed: two earners, one of whom nobody names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import funnelcli as fc

POLICY = (
    "[business]", 'currency = "USD"', "[inputs.signups]", 'covers = ["2026-01", "2026-03"]',
    "[policies.affiliate]", "per_signup = 50", 'per_new_paid_user = "10%"', 'pay_after = "30d"',
)  # fmt: skip
# B2 brings n1 to n3.  n1 stays.  n2 leaves on the day on which the commission of its first payment is due, n3 a month
# and a day after that of its own began.  n4 names nobody.
SIGNUPS = (
    "user_id,affiliate_id,signed_up_at,source",
    "n1,B2,2026-01-10,affiliate",
    "n2,B2,2026-01-15,affiliate",
    "n3,B2,2026-02-20,affiliate",
    "n4,,2026-03-05,affiliate",
)
PAID = (
    "user_id,started_at,ended_at,mrr",
    "n1,2026-01-20,,100",
    "n2,2026-01-25,2026-02-24,200",
    "n3,2026-02-25,2026-03-28,150",
    "n4,2026-03-15,,100",
)


def folder_of(place: Path, policy: Sequence[str] = POLICY, **files: Sequence[str]) -> fc.Folder:
    """A folder of files, each given as lines."""
    for name, lines in files.items():
        (place / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (place / "funnel.toml").write_text("\n".join(policy) + "\n", encoding="utf-8")
    return fc.open_folder(place)
