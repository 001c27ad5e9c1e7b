"""Columns that several inputs have: the person a row is about, who looks after it, and where they came from."""

from funnelcli.inputs.spec import CellKind, Column
from funnelcli.inputs.unreal import Unreal
from funnelcli.text import Message, Text

PERSON = (
    "customer id", "account id", "account code", "contact id", "associated contact ids", "lead id", "person id",
    "contact name id", "lead name id", "mã khách hàng", "mã kh", "mã người dùng", "id khách hàng", "user", "uid",
    "customer external id", "client id",
)  # fmt: skip
# Where nothing better is there: a phone, then a name, which two may share.
NAMED = ("số điện thoại", "sđt", "customer", "khách hàng", "account name", "company name")
EMAIL = ("email", "e-mail", "email address", "customer email", "địa chỉ email", "thư điện tử")
SOURCE = (
    "session source / medium", "source / medium", "first user source / medium", "utm_source / utm_medium",
    "session default channel group", "session primary channel group (default channel group)",
    "first user default channel group", "first user primary channel group (default channel group)",
    "default channel group", "default channel grouping", "channel group", "lead source", "leadsource",
    "original source", "original traffic source", "latest source", "nguồn", "nguồn khách hàng", "nguồn khách",
    "nguồn lead", "nguồn đăng ký", "nguồn / phương tiện", "kênh", "channel", "referral source", "acquisition channel",
    "traffic source", "acquisition source", "session source", "first user source", "utm source",
)  # fmt: skip
MEDIUM = ("session medium", "first user medium", "utm medium", "phương tiện")

NOT_REAL = Unreal(
    words=r"(?:.*\b)?(?:spam|fraud(?:ulent)?|fake|crawlers?|junk|dummy|duplicates?d?|gian lận|giả mạo)(?:\b.*)?"
    r"|(?:ro)?bots?|test(?:er|ing)?|test (?:user|account|lead|contact|data)s?|invalid|dupe|nội bộ|thử nghiệm|kiểm thử"
    r"|internal(?: (?:traffic|user|test|staff))?|trùng(?: lặp)?|rác|ảo|không hợp lệ",
    yes=r"\b(?:bots?|spam|tests?(?! drive)|testing|internal|fraud|fake|duplicates?d?|invalid|dummy|crawlers?|staff"
    r"|employee|noi bo|nhan vien|thu nghiem|kiem thu|trung lap|gian lan|gia mao)\b|^(?:bi )?trung$",
    no=r"\b(?:valid|human|real (?:user|person)|hop le|nguoi that)\b",
)


def source(meaning: Text | str) -> tuple[Column, Column]:
    """Where a row's person came from: in one column, or with the medium apart."""
    return (
        Column(name="source", kind=CellKind.TEXT, meaning=meaning, aliases=SOURCE),
        Column(
            name="medium",
            kind=CellKind.TEXT,
            meaning=Message("the medium where source and medium stand apart (google, cpc)"),
            aliases=MEDIUM,
        ),
    )


def user(meaning: Text | str, *, first: tuple[str, ...] = (), own_id: bool = False) -> Column:
    """The person a row is about; ``own_id``: a bare ``id`` is theirs; ``first``: headers that come before the usual."""
    ids = (*first, *PERSON, *(("record id", "id") if own_id else ()), *EMAIL, *NAMED)
    return Column(name="user_id", kind=CellKind.ID, meaning=meaning, required=True, aliases=ids, identifies=True)


def earners() -> tuple[Column, Column]:
    """Who earns commission for a row: the one who sold, and the one who brought the person."""
    return (
        Column(
            name="sales_rep",
            kind=CellKind.TEXT,
            meaning=Message("who sold, and earns the commission of a sales team"),
            aliases=(
                "sales representative", "salesperson", "sales person", "account executive", "sold by", "sales owner",
                "nhân viên kinh doanh", "nv kinh doanh", "nvkd", "nhân viên bán hàng", "nhân viên sale",
                "người bán",
            ),
        ),
        Column(
            name="affiliate_id",
            kind=CellKind.TEXT,
            meaning=Message("who brought the person, and earns the commission of an affiliate"),
            aliases=(
                "affiliate", "affiliate code", "affiliate name", "affiliate partner", "mã affiliate",
                "mã cộng tác viên", "mã ctv", "cộng tác viên", "ctv",
            ),
        ),
    )  # fmt: skip
