"""Messages: what a mail program reads in them, that sendmail takes them, and that nothing in them is but text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from answers import HOSTILE, hostile_answers, hostile_folder
from funnelcli import open_folder
from funnelcli.answers.answer import Answer, Fact, Facts, Notes, Page, Table
from funnelcli.answers.cells import Words
from funnelcli.answers.letter import letter
from funnelcli.problems import UsageError
from funnelcli.renderers import Style, formats
from funnelcli.renderers.mail.headers import headers_of, subject_of
from funnelcli.text import Lang, TextError, as_text, languages
from funnelcli.values.figures import Unit
from funnelcli.values.mail import MOST_LETTERS, Address, Mail, address, addresses, subject
from support import EXAMPLES, NOW

VN = EXAMPLES / "saas_vn"
EML = formats()["eml"]
each_lang = pytest.mark.parametrize("lang", languages())
TO = Mail(to=addresses("An Nguyễn <an@shop.vn>, b@shop.vn"), sender=address("bot@shop.vn"), subject="Phễu {period}")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Answer]]:
    """The answer to every question, made of hostile data, and a whole report with what is drawn."""
    made = dict(hostile_answers(tmp_path_factory.mktemp("answers")))
    folder = tmp_path_factory.mktemp("hostile")
    with open_folder(hostile_folder(folder), now=NOW) as opened:
        made["drawn"] = opened.report(by="source", pack=True, rows=True, digests=True).answer
        _ = EML.render(made["drawn"], Style())  # while the folder is open
        yield made


@cache
def report() -> Answer:
    with open_folder(VN, now=NOW) as opened:
        result = opened.report(as_of="2026-10-12", digests=True)
        EML.render(result.answer, Style())
        return result.answer


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    return message


def part_of(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert isinstance(body, EmailMessage)
    text = body.get_content()
    assert isinstance(text, str)
    return text


class Parsed(HTMLParser):
    """The tags of a body with their attributes, and the cells of its tables."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.said = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        self.said += data
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


# --- what is in it ----------------------------------------------------------------------------------------------------


@each_lang
def test_a_message_has_a_text_the_same_as_html_and_the_page_attached(lang: Lang) -> None:
    style = Style(lang=lang, mail=TO)
    message = read(EML.render(report(), style))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/html",
    ]  # fmt: skip
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "report-2026-10.html"
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_payload(decode=True) == formats()["html"].render(report(), Style(lang=lang))
    assert [str(a) for a in message["To"].addresses] == ["An Nguyễn <an@shop.vn>", "b@shop.vn"]
    assert (message["From"], message["Subject"]) == ("bot@shop.vn", "Phễu 2026-10")
    assert (message["Date"], message["Message-ID"], message["X-Unsent"]) == (None, None, None)
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", lang)
    for text in (part_of(message, "plain"), Parsed(part_of(message, "html")).said):
        assert "report-2026-10.html" in text
        assert lang != "vi" or not re.search(r"\b(the|and|Attached|more)\b", re.sub(r"\S+\.\w+", "", text))


def test_for_nobody_it_is_a_draft_from_nobody() -> None:
    message = read(EML.render(report(), Style()))
    assert (message["To"], message["From"], message["Auto-Submitted"]) == (None, None, None)
    assert (message["X-Unsent"], message["Subject"]) == ("1", "Công ty Ví dụ — Funnel dashboard, Sep 2026")


def test_a_brief_one_has_the_few_lines_and_the_whole_page() -> None:
    message = read(EML.render(report(), Style(brief=True)))
    text = part_of(message, "plain")
    assert len([line for line in text.splitlines() if line.startswith("- ")]) == 5
    assert "<th" not in part_of(message, "html")
    (attached,) = message.iter_attachments()
    assert attached.get_payload(decode=True) == formats()["html"].render(report(), Style())


def _figures(data: dict[str, Any], key: str) -> list[float | None]:
    row = next(row for row in data["rows"] if row["metric"] == key and row.get("channel") is None)
    return [cell["value"] for cell in row["cells"]]


def _number(text: str, lang: Lang) -> float | None:
    shown = text.strip()
    if shown == "–":
        return None
    group, mark = (".", ",") if lang == "vi" else (",", ".")
    number = re.sub(r"[^\d.,-]", "", shown.replace("−", "-")).replace(group, "").replace(mark, ".")
    return float(number) / (100 if shown.endswith("%") else 1)


@each_lang
def test_its_figures_are_those_of_the_json(lang: Lang) -> None:
    """The three latest months of every row of the dashboard, in both parts, in the text in full."""
    data, page = dict(report().data), letter(report())
    labels = {row["metric"]: row for row in data["rows"] if row.get("channel") is None}
    message = read(EML.render(report(), Style(lang=lang)))
    shown = Parsed(part_of(message, "html")).rows
    tables = [block for block in page.blocks if isinstance(block, Table) and len(block.columns) == 5]
    rows = [row for table in tables for row in table.rows]
    keys = [key for key, row in labels.items() if row["label"] in {_label(row[0]) for row in rows}]
    assert len(keys) > 20
    wanted = [[float("inf") if n is None else n for n in _figures(data, key)[-3:]] for key in keys]
    numbers: Any = [row[1:4] for row in rows]
    cells = [[float("inf") if cell.value is None else float(cell.value) for cell in row] for row in numbers]
    assert sorted(cells) == sorted(wanted)
    in_html = {row[0]: row[1:4] for row in shown if len(row) == 5}
    in_text = part_of(message, "plain")
    checked = 0
    for row in rows:
        name = _label(row[0], lang)
        here = next(values for label, values in in_html.items() if label == name or label.startswith(f"{name}, "))
        label = next(label for label in in_html if label == name or label.startswith(f"{name}, "))
        size = 1e6 if re.search("₫M|triệu", label) else 1e3 if re.search("₫K|nghìn", label) else 1
        figures: Any = row[1:4]
        for text, cell in zip(here, figures, strict=True):
            checked += 1
            number = _number(text, lang)
            if cell.value is None:
                assert number is None, name
                continue
            assert number is not None
            exact = float(cell.value)
            slack = (
                {Unit.AMOUNT: 0.501, Unit.POINTS: 0.501, Unit.RATE: 0.000501}.get(cell.unit, 0.0501) if exact % 1 else 0
            )
            assert abs(number * size - exact) <= (size * 0.0501 if size > 1 else slack), name
    assert checked == 3 * len(rows)
    mrr = _figures(data, "closing_mrr_amount")[-3:]
    lines = [re.findall(r"[\d.,]{9,}", line) for line in in_text.splitlines()]
    assert mrr in [[_number(word, lang) for word in line] for line in lines if len(line) == 3]


def _label(cell: Any, lang: Lang = "en") -> str:
    text = cell.text if isinstance(cell.text, str) else cell.text.of(lang)
    return str(text).removeprefix("- ")


def test_what_a_reader_wants_to_see_stands_first() -> None:
    page = letter(report())
    assert page.first is not None
    assert _label(page.first.rows[0][0]) == "MRR at end of month"
    assert isinstance(page.blocks[1], Facts)
    assert len(page.blocks[1].facts) == 4
    assert isinstance(page.blocks[-1], Notes)
    titles = [_titled(block) for block in page.blocks]
    moved, funnel = titles.index("What moved"), next(n for n, t in enumerate(titles) if t.startswith("{funnel}"))
    assert moved < funnel < titles.index("Know → Understand → Fill the form (RU)")


def _titled(block: object) -> str:
    title = getattr(block, "title", None) or getattr(block, "text", None)
    return _label(title) if isinstance(title, Words) else ""


# --- harmless, whatever the data says ---------------------------------------------------------------------------------

NAMES = ("report", "split report", "targets", "track", "explain rows", "explain", "check", "metrics", "metric", "drawn")
_TAGS = {"html", "head", "meta", "title", "body", "div", "table", "tr", "th", "td", "h1", "h2", "p", "b", "code"}
_ATTRIBUTES = {
    "lang", "charset", "name", "content", "bgcolor", "style", "role", "aria-label", "width", "align", "valign",
    "nowrap", "cellpadding", "cellspacing", "border", "scope", "title",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@each_lang
def test_hostile_words_are_text_in_every_part(answers: Mapping[str, Answer], name: str, lang: Lang) -> None:
    data = EML.render(answers[name], Style(lang=lang, mail=Mail(to=addresses("an@shop.vn"))))
    head, _, _ = data.partition(b"\n\n")
    fields = re.findall(rb"^([\w-]+):", head, re.MULTILINE)
    assert fields == [
        b"To", b"Subject", b"Auto-Submitted", b"Content-Language", b"MIME-Version", b"Content-Type",
    ]  # fmt: skip
    message = read(data)
    text, html = part_of(message, "plain"), part_of(message, "html")
    for said in (text, html, str(message["Subject"])):
        assert re.findall("[\x00-\x08\x0b-\x1f\x7f\u202e]", said) == []
    page = Parsed(html)
    assert {tag for tag, _ in page.tags} <= _TAGS
    assert {key for _, attributes in page.tags for key in attributes} <= _ATTRIBUTES
    styles = " ".join(attributes.get("style") or "" for _, attributes in page.tags)
    assert not re.search(r"url|expression|import|position|display|@", styles)
    assert not re.search(r"<(script|style|svg|img|a|link|iframe|form|base)\b", html)
    assert len(html.encode()) < 102_000  # what is longer, Gmail cuts
    if name in ("report", "targets", "drawn"):
        assert "[red]x[/red]" in page.said
        assert "[red]x[/red]" in text


@pytest.mark.parametrize("name", NAMES)
def test_sendmail_takes_it(answers: Mapping[str, Answer], name: str) -> None:
    """Seven bits, short lines that end as those of a pipe do, and none that is a command to it."""
    data = EML.render(
        answers[name], Style(lang="vi", mail=TO if name not in ("check", "metrics", "metric") else Mail())
    )
    lines = data.split(b"\n")
    assert data.isascii()
    assert (b"\r" in data, max(map(len, lines)) <= 78) == (False, True)
    assert [line for line in lines if line == b"." or line.startswith(b"From ")] == []


SHORT = Answer(
    title=as_text("."),
    pages=(
        Page(
            blocks=(
                Facts(
                    facts=(
                        Fact(name=as_text("."), cell=Words(".")),
                        Fact(name=as_text("From y"), cell=Words("From y")),
                    )
                ),
            )
        ),
    ),
    sheets=(),
    data={},
)


def test_lines_that_would_be_commands_are_written_otherwise() -> None:
    """A dot alone ends what is piped into sendmail, and ``From`` begins another message in a mailbox."""
    data = EML.render(replace(SHORT, title=as_text("From x")), Style())
    assert EML.render(SHORT, Style()).count(b"\n=2E\n") == 1
    assert data.count(b"\n=46rom x\n") == 1
    assert re.findall(rb"^(?:\.|From .*)$", data, re.MULTILINE) == []
    assert part_of(read(data), "plain").startswith("From x\n\n- .: .\n- From y: From y\n")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_answer_gives_the_same_bytes_and_another_one_other_boundaries(
    answers: Mapping[str, Answer], name: str
) -> None:
    style = Style(mail=Mail(to=addresses("an@shop.vn")))
    data = EML.render(answers[name], style)
    assert data == EML.render(answers[name], style)
    boundary = read(data).get_boundary()
    assert boundary is not None
    assert data.count(boundary.encode()) == 1 + 3
    assert boundary != read(EML.render(answers[name], Style(lang="vi", mail=style.mail))).get_boundary()


# --- headers ----------------------------------------------------------------------------------------------------------

_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=90)


@given(st.lists(_NAMES, max_size=3), _NAMES)
def test_names_and_subjects_come_through_their_headers(names: list[str], about: str) -> None:
    names, about = [" ".join(name.split()) for name in names], " ".join(about.split())
    to = tuple(Address(name, f"a{place}@shop.vn") for place, name in enumerate(names))
    head = "".join(f"{name}: {value}\n" for name, value in headers_of(Mail(to=to), about))
    assert head.isascii()
    assert max(map(len, head.splitlines())) <= 998
    assert message_from_bytes(f"{head}\n".encode(), policy=default)["Subject"] == about
    # The newer parser puts a space between the encoded words of a long name, which RFC 2047 has it leave out.
    sent = message_from_bytes(f"{head}\n".encode()).get_all("To", [])
    shown = [(str(make_header(decode_header(name))), spec) for name, spec in getaddresses(sent)]
    assert shown == [(each.name, each.spec) for each in to]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("an@shop.vn", [("", "an@shop.vn")]),
        ("An <an@shop.vn>, b@shop.vn; AN@SHOP.VN", [("An", "an@shop.vn"), ("", "b@shop.vn")]),
        ('"An, Sales" <an@shop.vn>', [("An, Sales", "an@shop.vn")]),
        ("Nguyễn Văn An <an@đông.vn>", [("Nguyễn Văn An", "an@xn--ng-7ja9i.vn")]),
        ("root@localhost", [("", "root@localhost")]),
    ],
)
def test_addresses_are_read_as_people_write_them(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(each.name, each.spec) for each in addresses(text)] == wanted


@pytest.mark.parametrize(
    "text",
    ["", "an", "an@", "@shop.vn", "An, Sales <an@shop.vn>", "ân@shop.vn", "a b@shop.vn", "an@shop..vn", "a.@shop.vn",
     "an@-shop.vn", '"a\\"b"@shop.vn', "An <an@shop.vn> x", "an@shop.vn\nBcc: x@y.vn", "an@shop.vn\r",
     "a\u202e@shop.vn", "an@shop.vn," * 1000],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(TextError):
        addresses(text)


def test_of_senders_there_is_but_one() -> None:
    with pytest.raises(TextError, match="more than a single address"):
        address("a@shop.vn, b@shop.vn")


def test_a_subject_stays_on_its_line() -> None:
    for wrong in ("a\nBcc: x@y.vn", "a\r", "{periode}", "x" * (MOST_LETTERS + 1)):
        with pytest.raises(TextError):
            subject(wrong)
    assert subject_of(Mail(subject="a {period} {{x}}"), "", {"period": "2026-10"}) == "a 2026-10 {x}"
    assert subject_of(Mail(), HOSTILE, {}) == '[red]x[/red][/] red|a`b` =HYPERLINK("http://x")<b>'
    assert len(subject_of(Mail(), "x" * 1000, {})) == MOST_LETTERS
    with pytest.raises(UsageError, match="The subject"):
        EML.render(SHORT, Style(mail=Mail(subject="{period}")))


# --- whether a file says the same -------------------------------------------------------------------------------------


def test_its_parts_are_what_it_says() -> None:
    data = EML.render(report(), Style(mail=TO))
    parts = EML.parts(data)
    assert parts[:5] == [
        b"From: bot@shop.vn", "To: An Nguyễn <an@shop.vn>, b@shop.vn".encode(), b"Cc: None",
        "Subject: Phễu 2026-10".encode(), b"X-Unsent: None",
    ]  # fmt: skip
    assert parts[-1] == formats()["html"].render(report(), Style())
    assert len(parts) == 8
    for wrong in (b"", b"x: y\n\nz", data[:2000]):
        with pytest.raises(ValueError, match="no message"):
            EML.parts(wrong)
