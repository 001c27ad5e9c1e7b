"""What a spreadsheet has done to a cell, as the problem of its row."""

from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import clean_value, is_error_value, is_shortened
from funnelcli.values.nothing import as_word


def spoilt_id(user_id: str, cell: str, opened: Opened, line: int) -> Problem | None:
    """What a spreadsheet has done to the id that says whose the visit is."""
    if user_id[:1].isdigit() and is_shortened(user_id):
        return problem("shortened-id", file=opened.name, line=line, column="user_id", value=user_id[:80])
    if cell[:1].isalnum() and cell[:1] not in "Ll":
        return None
    text = clean_value(cell)
    return error_value("user_id", text, opened, line) if is_error_value(text) else None


def error_value(column: str, text: str, opened: Opened, line: int) -> Problem:
    """A cell that holds an error of a spreadsheet."""
    return problem(
        "spreadsheet-error", file=opened.name, line=line, column=column, value=text[:80],
        stage=opened.input.name, word=as_word(text),
    )  # fmt: skip
