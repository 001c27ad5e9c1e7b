"""Options that several commands share, each written once."""

from pathlib import Path
from typing import Annotated

import typer

from funnelcli.answers.layout import Layout
from funnelcli.renderers import format_names
from funnelcli.text import languages
from funnelcli.values.periods import Grain

PathArgument = Annotated[
    Path,
    typer.Argument(metavar="PATH", help="A folder of exports, or a funnel.toml.", show_default="the current folder"),
]
PlanPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="PATH",
        help="A folder of exports, or a funnel.toml.",
        show_default="the current folder, read only for what is not given",
    ),
]
First = Annotated[
    str | None, typer.Option("--from", metavar="PERIOD", help="First period, like 2026-01 or last-quarter.")
]
Last = Annotated[str | None, typer.Option("--to", metavar="PERIOD", help="Last period, included.")]
Month = Annotated[str | None, typer.Option("--month", metavar="PERIOD", help="One period, like 2026-10 or last-month.")]
Latest = Annotated[
    int | None,
    typer.Option("--last", metavar="N", help="The N latest periods.", show_default="the 6 latest with data"),
]
GrainOption = Annotated[Grain, typer.Option("--grain", help="How long a period is.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="DIMENSION", help="Split by channel, plan, owner, source, or a dimension of funnel.toml."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Count nothing after this day; today is allowed.",
        show_default="the latest event in the files",
    ),
]  # fmt: skip
_FORMATS = ", ".join(format_names())
FormatOption = Annotated[
    str | None,
    typer.Option(
        "-f", "--format", metavar="NAME", help=f"Output format: {_FORMATS}.",
        show_default="by the ending of -o, else table",
    ),
]  # fmt: skip
Output = Annotated[
    list[str] | None,
    typer.Option(
        "-o", "--output", metavar="FILE",
        help="Write to a file, whole or not at all; - is standard output.  Several times: several outputs of one run.  "
        "{period} in its name stands for the last period, {as_of} for the day up to which is counted.",
    ),
]  # fmt: skip
Brief = Annotated[
    bool,
    typer.Option(
        "--brief", help="Markdown, terminal and EML: five lines for a chat: what moved, and what is behind target."
    ),
]
IfChanged = Annotated[
    bool,
    typer.Option("--if-changed", help="Leave a file alone that says the same already, but for the day of the clock."),
]
MailTo = Annotated[
    list[str] | None,
    typer.Option(
        "--mail-to", metavar="ADDRESS", help="EML: whom the message goes to, also several, with commas.",
        show_default="[mail] to; without it, a draft",
    ),
]  # fmt: skip
MailCc = Annotated[
    list[str] | None,
    typer.Option("--mail-cc", metavar="ADDRESS", help="EML: who gets a copy.", show_default="[mail] cc"),
]
MailFrom = Annotated[
    str | None,
    typer.Option(
        "--mail-from", metavar="ADDRESS", help="EML: whom it is from.", show_default="[mail] from, else who sends it"
    ),
]
Subject = Annotated[
    str | None,
    typer.Option(
        "--subject", metavar="TEXT", help="EML: its subject, with {period} and {as_of} as in -o.",
        show_default="[mail] subject, else the title and its period",
    ),
]  # fmt: skip
Window = Annotated[
    str | None,
    typer.Option(
        "--window", metavar="TIME", help="Rates of the same people: how long each has: 90d, 12w, 3m (months), 48h.",
        show_default="90d",
    ),
]  # fmt: skip
RowLayout = Annotated[
    Layout | None,
    typer.Option(
        "--layout", metavar="wide|tidy", help="CSV and TSV: a column a period, or a row a figure.", show_default="wide"
    ),
]
ReportLayout = Annotated[
    Layout | None,
    typer.Option(
        "--layout", metavar="wide|tidy|metric|part",
        help="CSV and TSV: a column a period, or a row a figure.  For people, of a report that is split: a table a "
        "metric, or a table a part.",
        show_default="wide, metric",
    ),
]  # fmt: skip
Bom = Annotated[bool, typer.Option("--bom", help="CSV and TSV: begin with a mark that tells Excel it is UTF-8.")]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter", metavar="MARK", help="CSV: what parts the cells: ',' ';' '|' or tab.", show_default="','"
    ),
]
Decimal = Annotated[
    str | None,
    typer.Option("--decimal", metavar="MARK", help="CSV and TSV: the decimal mark: '.' or ','.", show_default="'.'"),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="|".join(languages()), help="Language of the formats for people.",
        show_default="config, FUNNELCLI_LANG, LC_ALL, LANG",
    ),
]  # fmt: skip
SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Leave rows with errors out, and say so in the report.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing on standard error but errors.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (NO_COLOR does the same).")]
TargetsBeside = Annotated[
    str | None,
    typer.Option("--targets", metavar="FILE", help="Targets beside which the figures stand.",
                 show_default="the file of targets in the folder"),
]  # fmt: skip
