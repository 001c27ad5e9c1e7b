"""``funnelcli metrics``: the catalogue."""

from funnelcli.cli import options as opt

RANK = 70
EXAMPLES = (
    ("funnelcli metrics", "all metrics with their definitions"),
    ("funnelcli metrics -f csv", "as a table"),
)


def metrics(form: opt.FormatOption = None, output: opt.Output = None, lang: opt.LangOption = None) -> None:
    """The catalogue: every metric with its key, label, unit and formula."""
    from funnelcli import api
    from funnelcli.cli.outputs import delivery
    from funnelcli.cli.session import Session

    wanted = delivery(form, output)
    session = Session()
    session.deliver(api.catalogue().answer, wanted, session.lang(lang))
