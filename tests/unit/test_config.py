"""funnel.toml: what is accepted, and how a mistake is answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from funnelcli.config import Config, json_schema, parse_config, read_config
from funnelcli.problems import ConfigError
from funnelcli.values.channels import Channel, ChannelMap, matches


def test_nothing_said_is_all_defaults() -> None:
    config = parse_config("")
    assert config == Config()  # type: ignore[call-arg]  # every field has a default
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
    assert sorted(schema["properties"]) == sorted(Config.model_fields)
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
