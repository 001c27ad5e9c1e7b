"""Time that passes over a night in which clocks are changed: in New York 8 March 2026 has 23 hours, 1 November 25."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from support import write_folder

SIGNUPS = """user_id,signed_up_at
spring,2026-03-01T15:00:00-05:00
spring_local,2026-03-01 15:00:00
autumn,2026-10-25T19:00:00Z
autumn_local,2026-10-25 15:00:00
quiet,2026-06-01 15:00:00
"""
# Six days and 23.5 hours; the same; seven days and half an hour; seven days less half an hour; and half an hour more.
DEMOS = """demo_id,user_id,booked_at
a,spring,2026-03-08T15:30:00-04:00
b,spring_local,2026-03-08 15:30:00
c,autumn,2026-11-01T19:30:00Z
d,autumn_local,2026-11-01 13:30:00
e,quiet,2026-06-08 15:30:00
"""


@pytest.mark.parametrize(
    ("zone", "window", "month", "converted"),
    [
        ("America/New_York", "7d", "2026-03", 2),
        ("America/New_York", "168h", "2026-03", 2),
        ("America/New_York", "167h", "2026-03", 0),  # 167.5 hours
        ("America/New_York", "7d", "2026-10", 1),  # 168.5 hours, and 167.5
        ("America/New_York", "7d", "2026-06", 0),  # 168.5 hours
        ("Asia/Ho_Chi_Minh", "7d", "2026-03", 1),  # where no clock is changed, what is bare is 168.5 hours
        ("Asia/Ho_Chi_Minh", "7d", "2026-10", 1),
    ],
)
def test_a_window_is_of_the_time_that_passed(
    zone: str, window: str, month: str, converted: int, tmp_path: Path
) -> None:
    write_folder(tmp_path, {"signups.csv": SIGNUPS, "demos.csv": DEMOS}, f'[business]\ntimezone = "{zone}"\n')
    made = fc.open_folder(tmp_path).cohorts(
        to_stage="demo_booked", window=window, start=month, end=month, as_of="2026-11-30"
    )
    cohort = made.answer.sheet()
    place = list(cohort.header).index("converted")
    assert cohort.rows[0][place] == converted
