"""Of several columns that mean one attribute the fuller one is read, and the others are named."""

from pathlib import Path

import numpy as np
import pytest

import funnelcli as fc
from funnelcli.facts.load import load
from funnelcli.reading.discover import discover, open_folder
from support import write_folder

FIT = '[leads.fit]\nrole = { "ceo" = 25, "giám đốc*" = 20, "student*" = -50, "end_user" = 7 }\n'
ROWS = [("101", "CEO", ""), ("102", "Giám đốc", ""), ("103", "Student", "END_USER")]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("where", ["signups", "accounts"])
def test_job_titles_score_beside_a_buying_role_that_is_mostly_empty(
    where: str, order: tuple[int, int], tmp_path: Path
) -> None:
    names = {1: "Job Title", 2: "Buying Role"}
    lines = [",".join(("Record ID", *(names[place] for place in order)))]
    lines += [",".join((row[0], *(row[place] for place in order))) for row in ROWS]
    signed = ["signed_up_at", *("2026-09-01" for _ in ROWS)]
    if where == "signups":
        files = {"signups.csv": "".join(f"{line},{day}\n" for line, day in zip(lines, signed, strict=True))}
    else:
        days = zip(("Record ID", *(row[0] for row in ROWS)), signed, strict=True)
        people = [lines[0].replace("Record ID", "user_id"), *lines[1:]]
        files = {"signups.csv": "".join(f"{user},{day}\n" for user, day in days), "accounts.csv": "\n".join(people)}
    folder = fc.open_folder(write_folder(tmp_path, files, FIT))
    assert attribute(folder) == {"101": "CEO", "102": "Giám đốc", "103": "Student"}
    named = [each.message for each in folder.check().problems if each.code == "attribute-by-filled"]
    assert len(named) == (where == "signups")


def attribute(folder: fc.Folder) -> dict[str, str]:
    opened = open_folder(folder.sources.path)
    facts = load(opened.config, discover(opened, {})[0])
    role = facts.attributes.of("role")
    assert role is not None
    entity = np.arange(len(facts.entities))
    code, _ = role.known(entity, np.full(len(entity), 99_999))
    return {facts.entities[place]: role.texts[each] for place, each in enumerate(code.tolist()) if each >= 0}
