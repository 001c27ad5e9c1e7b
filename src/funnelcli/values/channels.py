"""Raw sources to channels, by glob patterns."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache, cached_property
from typing import Literal

from funnelcli.text import Message, Text
from funnelcli.values.slices import Slice

ChannelName = Literal["organic", "paid", "sales_sme", "affiliate", "partner", "referral"]


class Channel(StrEnum):
    """Where people come from.

    UNKNOWN only for demos and customers that no source can be found for, UNASSIGNED only for money that was spent on no
    channel that is named.
    """

    ORGANIC = "organic"
    PAID = "paid"
    SALES_SME = "sales_sme"
    AFFILIATE = "affiliate"
    PARTNER = "partner"
    REFERRAL = "referral"
    UNKNOWN = "unknown"
    UNASSIGNED = "unassigned"


CHANNELS: tuple[Channel, ...] = tuple(Channel)
# Those that people may come from; the others say that nothing names one.
NAMED_CHANNELS: tuple[Channel, ...] = tuple(
    channel for channel in CHANNELS if channel not in (Channel.UNKNOWN, Channel.UNASSIGNED)
)
# What parts of any dimension are called that nothing names: people whose part is unknown, money that is of none.
UNKNOWN, UNASSIGNED = Channel.UNKNOWN.value, Channel.UNASSIGNED.value
CODES: dict[Channel, int] = {channel: code for code, channel in enumerate(CHANNELS)}

CHANNEL_LABELS: dict[Channel, Text] = {
    Channel.ORGANIC: Message("Organic"),
    Channel.PAID: Message("Paid"),
    Channel.SALES_SME: Message("Sales SME"),
    Channel.AFFILIATE: Message("Affiliate"),
    Channel.PARTNER: Message("Partner"),
    Channel.REFERRAL: Message("Referral"),
    Channel.UNKNOWN: Message("Unknown"),
    Channel.UNASSIGNED: Message("Unassigned"),
}
SLICES: dict[Channel, Slice] = {
    channel: Slice(dimension="channel", key=channel.value, label=label) for channel, label in CHANNEL_LABELS.items()
}

BUILT_IN: tuple[tuple[Channel, tuple[str, ...]], ...] = (
    # GA4 channel groups, HubSpot's original sources, UTM mediums, and the words sales teams use.
    (
        Channel.PAID,
        (
            "paid", "paid search", "paid social", "paid video", "paid shopping", "paid other",
            "display", "cross-network", "paid_search", "paid_social", "paid-*", "*/ cpc", "*/ ppc",
            "*/ cpm", "*/ cpv", "*/ paid*", "*/ display", "*/ banner", "*/ retargeting", "*/ ads",
            "cpc", "ppc", "cpm", "cpv", "ads", "*_ads", "* ads", "google ads*", "facebook ads*",
            "tiktok ads*", "zalo ads*", "performance", "quảng cáo*", "qc *", "trả phí*",
        ),
    ),
    (
        Channel.SALES_SME,
        ("sales sme", "sales_sme", "sales-sme", "sme sales", "sale sme", "sales sme*", "telesales", "kinh doanh sme"),
    ),
    (
        Channel.AFFILIATE,
        ("affiliate", "affiliates", "affiliate*", "*/ affiliate*", "cộng tác viên*", "ctv", "tiếp thị liên kết*"),
    ),
    (
        Channel.PARTNER,
        ("partner", "partners", "partner*", "*/ partner*", "đối tác*", "đại lý*", "reseller*"),
    ),
    (
        Channel.REFERRAL,
        (
            "word of mouth", "word-of-mouth", "customer referral*", "referral program*", "employee referral",
            "external referral", "refer a friend", "giới thiệu*", "được giới thiệu*", "truyền miệng", "bạn bè*",
            "referral",
        ),
    ),
    (
        Channel.ORGANIC,
        (
            "organic", "organic *", "organic_*", "*/ organic", "*/ (none)", "*/ none", "direct/*", "direct",
            "(direct)*", "direct_traffic", "direct traffic", "unassigned", "(other)", "(not set)*", "*/ (not set)",
            "referrals", "email", "email_marketing", "email marketing", "*/ email", "newsletter*", "social",
            "*/ social", "social_media", "*/ referral", "seo", "blog", "youtube", "google", "facebook", "zalo",
            "bing", "yahoo", "duckduckgo", "linkedin", "twitter", "instagram",
            "tiktok", "web", "website", "offline", "offline_sources", "offline sources", "audio", "sms",
            "mobile push notifications", "ai assistant*", "ai_referrals", "other_campaigns", "other campaigns",
            "tự nhiên", "trực tiếp", "thương hiệu", "tự tìm đến", "khác", "other",
        ),
    ),
)  # fmt: skip


# The sources that an input, or a system, means something else by.
KnownSources = Mapping[str, Sequence[str]]


def fold(text: str) -> str:
    """How sources, headers and statuses are compared: NFC, case and runs of white space aside.

    >>> fold("  Google  / CPC ")
    'google / cpc'
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


class _Globs:
    """Some globs; most end or begin with a star and are told without a regular expression."""

    def __init__(self, patterns: Iterable[str]) -> None:
        folded = list(map(fold, patterns))
        self.texts = frozenset(folded)
        self._plain = frozenset(text for text in folded if not _is_glob(text))
        self._begins = tuple(text[:-1] for text in folded if text[-1:] == "*" and not _is_glob(text[:-1]))
        self._ends = tuple(text[1:] for text in folded if text[:1] == "*" and not _is_glob(text[1:]))
        self._holds = [text[1:-1] for text in folded if text[:1] == text[-1:] == "*" and not _is_glob(text[1:-1])]
        simple = {*self._plain, *(f"{text}*" for text in self._begins), *(f"*{text}" for text in self._ends)}
        simple |= {f"*{text}*" for text in self._holds}
        self._others = [re.compile(fnmatch.translate(text)) for text in folded if text not in simple]

    def match(self, folded: str) -> bool:
        """Whether a folded text is like one of them."""
        return (
            folded in self._plain
            or folded.startswith(self._begins)
            or folded.endswith(self._ends)
            or any(text in folded for text in self._holds)
            or any(glob.match(folded) for glob in self._others)
        )


def _is_glob(text: str) -> bool:
    return any(mark in text for mark in "*?[")


@cache
def _globs(patterns: tuple[str, ...]) -> _Globs:
    return _Globs(patterns)


def matches(text: str, patterns: Iterable[str]) -> bool:
    """Whether ``text`` matches one of the globs, or is one of them as it stands, after :func:`fold`.

    >>> matches("Facebook / CPC", ["*/ cpc"]), matches("MRR [USD]", ["MRR [USD]"])
    (True, True)
    """
    folded, globs = fold(text), _globs(tuple(patterns))
    return folded in globs.texts or globs.match(folded)


class ChannelMap:
    """Maps raw sources to channels: the config's patterns first, then those known of an input, then the built-in ones.

    What fits none is organic.  ``of_inputs`` are the patterns that are known of the sources of an input, where it, or
    the system that its files are of, means something else by a word than most do; what fits none is then what
    ``rests`` says of the input.
    """

    def __init__(
        self,
        patterns: Mapping[ChannelName, Sequence[str]],
        of_inputs: Mapping[str, KnownSources] | None = None,
        *,
        known: KnownSources | None = None,
        rests: Mapping[str, Channel] | None = None,
        rest: Channel = Channel.ORGANIC,
    ) -> None:
        self._rules: list[tuple[Channel, tuple[str, ...]]] = [
            *((Channel(name), tuple(globs)) for name, globs in patterns.items()),
            *((Channel(name), tuple(globs)) for name, globs in (known or {}).items()),
            *BUILT_IN,
        ]
        self._known: dict[str, tuple[Channel, bool]] = {}
        self._rest, own, rests = rest, of_inputs or {}, rests or {}
        self._within = {
            name: ChannelMap(patterns, known=own.get(name), rest=rests.get(name, rest)) for name in {**own, **rests}
        }

    def within(self, name: str) -> ChannelMap:
        """The channels of the sources of an input.

        >>> channels = ChannelMap({}, {"visitors": {"organic": ["Referral"]}})
        >>> channels.of("Referral").value, channels.within("visitors").of("Referral").value
        ('referral', 'organic')
        """
        return self._within.get(name, self)

    @cached_property
    def _globs(self) -> list[tuple[Channel, _Globs]]:
        return [(channel, _globs(patterns)) for channel, patterns in self._rules]

    @property
    def patterns(self) -> Sequence[tuple[Channel, tuple[str, ...]]]:
        """The channels with their patterns, in the order in which they are tried."""
        return self._rules

    def of(self, source: str) -> Channel:
        """The channel of a raw source; the empty source is the residual, which is organic.

        >>> ChannelMap({}).of("google / cpc").value
        'paid'
        """
        return self._look_up(source)[0]

    def is_matched(self, source: str) -> bool:
        """Whether some pattern (rather than the residual rule) decided."""
        return self._look_up(source)[1]

    def _look_up(self, source: str) -> tuple[Channel, bool]:
        known = self._known.get(source)
        if known is None:
            known = self._find(fold(source))
            if len(self._known) < 100_000:
                self._known[source] = known
        return known

    def _find(self, folded: str) -> tuple[Channel, bool]:
        if not folded:
            return self._rest, True
        for channel, globs in self._globs:
            if globs.match(folded):
                return channel, True
        return self._rest, False
