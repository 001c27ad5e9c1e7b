"""People who sign up, book a demo and pay, written as a folder of exports."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

Rows = list[Sequence[object]]
HEADERS = {
    "signups": ("user_id", "signed_up_at", "source"),
    "demos": ("demo_id", "user_id", "booked_at"),
    "paid_users": ("user_id", "started_at", "mrr", "currency"),
}


@dataclass
class People:
    """Whoever signs up, books a demo and pays, by the day."""

    rows: dict[str, Rows] = field(default_factory=lambda: {name: [] for name in HEADERS})
    number: int = 0

    def add(
        self,
        signup: str | None,
        demo: str | None = None,
        paid: str | None = None,
        *,
        times: int = 1,
        source: str = "google / organic",
    ) -> None:
        """So many people, each with the days of a signup, a demo and a payment that there are."""
        for _ in range(times):
            self.number += 1
            name = f"u{self.number:05}"
            if signup:
                self.rows["signups"].append((name, signup, source))
            if demo:
                self.rows["demos"].append((f"d{name}", name, demo))
            if paid:
                self.rows["paid_users"].append((name, paid, 100, "USD"))

    def write(self, folder: Path) -> Path:
        """The folder with a file of each."""
        folder.mkdir(exist_ok=True)
        for name, rows in self.rows.items():
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([HEADERS[name], *rows])
        return folder
