"""funnel.toml: what is accepted, and how a mistake is answered."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from funnelcli import open_folder as open_exports
from funnelcli.config import Config, json_schema, parse_config, read_config
from funnelcli.config.table import keys_of
from funnelcli.facts.load import load
from funnelcli.problems import ConfigError
from funnelcli.problems.kinds import Severity
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.engines import choose
from funnelcli.values.channels import Channel, ChannelMap, matches
from support import figures


def test_nothing_said_is_all_defaults() -> None:
    config = parse_config("")
    assert config == Config()
    assert (config.business.timezone, config.business.currency, config.business.lang) == (
        "Asia/Ho_Chi_Minh",
        "VND",
        None,
    )
    assert (config.paid_users.grace_days, config.paid_users.end_date, config.churn.method) == (0, "inclusive", "all")
    assert not config.timezone_given


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[busines]\nname = 'x'", ["busines", "Did you mean business"]),
        ("[business]\ntimezon = 'UTC'", ["[business] timezon", "Did you mean timezone"]),
        ("[business]\ntimezone = 'Mars/Olympus'", ["[business] timezone", "Mars/Olympus"]),
        ("[business]\ncurrency = 'dong'", ["[business] currency", "dong"]),
        ("[paid_users]\ngrace_days = -1", ["[paid_users] grace_days", "-1"]),
        ("[paid_users]\ngrace_days = '3'", ["[paid_users] grace_days", "'3'"]),
        ("[paid_users]\nend_date = 'incl'", ["[paid_users] end_date", "inclusive", "exclusive"]),
        ("[opening]\nmonth = '2026-13'", ["[opening] month", "2026-13"]),
        ("[opening]\npaid_users = 3", ["[opening] month", "missing"]),
        ("[channels]\npayd = ['x']", ["[channels] payd", "Did you mean paid"]),
        ("[inputs.signups]\ndate_order = 'ydm'", ["[inputs.signups] date_order", "dmy"]),
        ("[inputs.signups]\nencoding = 'klingon'", ["[inputs.signups] encoding", "klingon"]),
        ("[inputs.signups.columns]\nuser_id = 3", ["[inputs.signups.columns] user_id", "3"]),
        ("name = = 1", ["not valid TOML", "line 1"]),
    ],
)
def test_a_mistake_is_answered_with_its_place(text: str, says: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert [part for part in says if part not in caught.value.message] == []
    assert caught.value.hint


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config("[business]\nnam = 'x'\n[churn]\nmethod = 'some'")
    assert len(caught.value.message.splitlines()) == 2


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "funnel.toml"
    path.write_bytes("[business]\nname = 'Nguyễn'".encode("utf-16"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_config(path)
    path.write_bytes("\ufeff[business]\nname = 'Nguyễn'".encode())
    assert read_config(path).business.name == "Nguyễn"


def test_the_schema_knows_every_table() -> None:
    schema = json.loads(json.dumps(json_schema()))
    assert sorted(schema["properties"]) == sorted(keys_of(Config))
    assert schema["additionalProperties"] is False


def test_channels_follow_the_written_order_then_the_built_in_patterns() -> None:
    channels = ChannelMap(parse_config('[channels]\npartner = ["google*"]\npaid = ["*/ cpc"]').channels)
    assert channels.of("Google / CPC") is Channel.PARTNER
    assert channels.of("bing / cpc") is Channel.PAID
    assert channels.of("google / organic") is Channel.PARTNER
    assert channels.of("Giới thiệu bạn bè") is Channel.REFERRAL
    assert (channels.of("hội thảo"), channels.is_matched("hội thảo")) == (Channel.ORGANIC, False)
    assert (channels.of("  "), channels.is_matched("  ")) == (Channel.ORGANIC, True)


@pytest.mark.parametrize(
    ("source", "channel"),
    [
        ("PAID_SEARCH", Channel.PAID),
        ("Paid Social", Channel.PAID),
        ("Cross-network", Channel.PAID),
        ("facebook / paid_social", Channel.PAID),
        ("ORGANIC_SEARCH", Channel.ORGANIC),
        ("DIRECT_TRAFFIC", Channel.ORGANIC),
        ("(direct) / (none)", Channel.ORGANIC),
        ("news.example / referral", Channel.ORGANIC),
        ("Affiliates", Channel.AFFILIATE),
        ("Đối tác công nghệ", Channel.PARTNER),
        ("Quảng cáo Facebook", Channel.PAID),
        ("Sales SME", Channel.SALES_SME),
        ("Referral program", Channel.REFERRAL),
    ],
)
def test_the_usual_sources_are_known(source: str, channel: Channel) -> None:
    channels = ChannelMap({})
    assert (channels.of(source), channels.is_matched(source)) == (channel, True)


def test_globs_compare_without_capitals_accents_kept() -> None:
    assert matches("ĐỐI TÁC A", ["đối tác*"])
    assert not matches("doi tac a", ["đối tác*"])
    assert matches("Đối tác", ["đối tác"])  # decomposed and composed forms are one


# --- amounts that read as thousands ----------------------------------------------------------------------------------

AMOUNTS = [
    "[policies.sales]\nper_signup = {}",
    "[policies.sales]\nper_visit = {}",
    "[policies.sales]\nper_new_paid_user = {}",
    "[policies.sales]\nfixed_per_month = {}",
    "[plan]\narpa = {}",
    "[plan]\ndeal_size = {}",
    "[plan]\nmax_new_paid_users = {}",
    "[plan.revenue]\n2027-01 = {}",
    "[opening]\nmonth = '2026-01'\nmrr = {}",
]


@pytest.mark.parametrize("table", AMOUNTS)
@pytest.mark.parametrize(
    ("written", "plain", "whole"),
    [("50.000", "50", "50_000"), ("1.500", "1.5", "1_500"), ("+250.125", "250.125", "250_125")],
)
def test_a_float_that_reads_as_thousands_is_refused_with_both_readings(
    table: str, written: str, plain: str, whole: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(table.format(written))
    said = caught.value.message
    assert f"may mean {plain} or {whole.replace('_', '')};" in said
    assert [part for part in (f"write {plain} or {whole}", written) if part not in said] == []
    assert table.rpartition("\n")[2].split()[0] in said


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("50_000", 50_000), ('"50.000"', 50_000), ("50", 50), ("50.0", 50), ("50.5", Fraction(101, 2)),
        ("29.99", Fraction(2999, 100)),
        ("0.125", Fraction(1, 8)), ("1500.125", Fraction(12001, 8)), ("1.5000", Fraction(3, 2)), ("1.500e3", 1500),
    ],
)  # fmt: skip
def test_amounts_that_have_one_reading(written: str, amount: Fraction | int) -> None:
    assert parse_config(f"[plan]\narpa = {written}").plan.arpa == amount
    policy = parse_config(f"[policies.sales]\nper_new_paid_user = {written}").policies["sales"]
    assert policy.amount_per_new_paid_user == amount


def test_shares_and_balances_are_what_they_were() -> None:
    config = parse_config("[plan]\nchurn = 0.125\ndemo_to_paid = 0.500\n[opening]\nmonth = '2026-01'\nmrr = 1500.5")
    assert (config.plan.churn, config.plan.demo_to_paid) == (Fraction(1, 8), Fraction(1, 2))
    assert config.opening is not None
    assert config.opening.mrr == 1500.5


# --- columns ---------------------------------------------------------------------------------------------------------


def counted(folder: Path) -> dict[str, list[str]]:
    """By input, the columns of ours that are read of its one file, as ``ours=theirs``."""
    opened = open_folder(folder)
    facts = load(opened.config, discover(opened, {})[0])
    assert list(facts.problems.of(Severity.ERROR)) == []
    return {
        name: [f"{ours}={file.columns.header[place]}" for ours, place in file.columns.index.items()]
        for name, known in facts.inputs.items()
        for file in known.opened
    }


PAID = "User,Start,Amount,Currency,Status\nu1,2026-01-05,10,USD,active\nu2,2026-01-06,20,thẻ,active\n"


def test_a_column_is_not_looked_for_where_the_settings_say_so(tmp_path: Path) -> None:
    """``Currency`` holds something else here: it is not read, as if the export had no such header."""
    (tmp_path / "paid_users.csv").write_text(PAID, "utf-8")
    read = ["user_id=User", "started_at=Start", "status=Status", "amount=Amount"]
    (tmp_path / "funnel.toml").write_text("[inputs.paid_users.columns]\ncurrency = false\n", "utf-8")
    assert counted(tmp_path) == {"paid_users": read}
    (tmp_path / "funnel.toml").write_text("[inputs.paid_users.columns]\ncurrency = false\nstatus = false\n", "utf-8")
    assert counted(tmp_path) == {"paid_users": [column for column in read if "status" not in column]}


def test_a_column_of_a_known_export_and_of_the_monthly_table_can_be_left_out(tmp_path: Path) -> None:
    header = "id,Customer ID,Start Date (UTC),Current Period End (UTC),Ended At (UTC)"
    (tmp_path / "paid_users.csv").write_text(f"{header}\ns1,c1,2026-01-05,2026-02-05,\n", "utf-8")
    (tmp_path / "monthly.csv").write_text("month,new_signups,organic_visits\n2026-01,5,100\n", "utf-8")
    (tmp_path / "funnel.toml").write_text(
        "[inputs.paid_users.columns]\nended_at = false\n[inputs.monthly.columns]\norganic_visits = false\n", "utf-8"
    )
    assert counted(tmp_path)["paid_users"] == [
        "user_id=Customer ID", "started_at=Start Date (UTC)", "subscription_id=id",
    ]  # fmt: skip
    opened = open_folder(tmp_path)
    stated = load(opened.config, discover(opened, {})[0]).stated
    assert stated is not None
    assert sorted(stated.table.columns) == ["new_signups"]


@pytest.mark.parametrize("large", [False, True], ids=["rows", "duckdb"])
def test_a_header_can_serve_two_columns(large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if large:
        monkeypatch.setattr(choose, "SMALL_BYTES", -1)
    (tmp_path / "signups.csv").write_text("Email,When\na@x.vn,2026-01-05\nb@x.vn,2026-01-06\n", "utf-8")
    (tmp_path / "visitors.csv").write_text("Who,When\na@x.vn,2026-01-07\nc@x.vn,2026-01-08\n", "utf-8")
    (tmp_path / "funnel.toml").write_text(
        '[inputs.signups.columns]\nuser_id = "Email"\nsource = "Email"\nsigned_up_at = "When"\n'
        '[inputs.visitors.columns]\nuser_id = "Who"\nsource = "Who"\ndate = "When"\n'
        '[channels]\npaid = ["a@*"]\n',
        "utf-8",
    )
    read = counted(tmp_path)
    assert read == {
        "visitors": ["date=When", "source=Who", "user_id=Who"],
        "signups": ["user_id=Email", "signed_up_at=When", "source=Email"],
    }
    values = figures(open_exports(tmp_path).report(by="channel").report)
    # One of two people, and one of two visits, is of the channel that the address names; the visitor had signed up.
    assert [values[metric, "paid", "total"][0] for metric in ("new_signups", "paid_visits")] == [1, 1]
    assert values["existing_user_visits", None, "total"][0] == 1


def test_a_header_that_is_mapped_can_still_be_the_only_one_for_a_column_that_is_needed(tmp_path: Path) -> None:
    """``Email`` is the person by its name, and the source since the settings say so; nothing else is guessed."""
    (tmp_path / "signups.csv").write_text("Email,Created at,UTM source\na@x.vn,2026-01-05,google\n", "utf-8")
    (tmp_path / "funnel.toml").write_text('[inputs.signups.columns]\nsource = "Email"\n', "utf-8")
    assert counted(tmp_path) == {"signups": ["user_id=Email", "signed_up_at=Created at", "source=Email"]}


def test_what_cannot_be_left_out_is_said(tmp_path: Path) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\nu1,2026-01-05\n", "utf-8")
    (tmp_path / "funnel.toml").write_text("[inputs.signups.columns]\nuser_id = false\n", "utf-8")
    with pytest.raises(ConfigError, match=r"user_id = false: signups cannot be read without it"):
        counted(tmp_path)
    with pytest.raises(ConfigError, match=r"\[inputs.signups.columns\] source.*or false"):
        parse_config("[inputs.signups.columns]\nsource = true")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[channels]\npaid = ["zalo"]\norganic = ["Zalo"]', "'Zalo' stands under paid and under organic"),
        ('[inputs.paid_users.status]\npaying = ["A"]\nended = ["a"]', "'a' stands under paying and under ended"),
        ('[inputs.signups.columns]\nsource = " "', "source: the header is empty"),
    ],
)
def test_what_can_hold_but_once_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "funnel.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said):
        open_folder(tmp_path)
