"""Accounts: what is known of people and of their firms, like the industry or the size; any column is an attribute."""

from funnelcli.inputs.people import EMAIL, NAMED, PERSON
from funnelcli.inputs.spec import CellKind, Column, Distinct, Event, Input
from funnelcli.text import Message

# A header of firms' ids, which those of people may have too where nothing else is there.
FIRM_IDS = (
    "account code", "company id", "record id - company", "organization id", "organisation id", "org id", "workspace id",
    "tenant id", "associated company id", "associated company ids", "associated company ids (primary)",
    "primary associated company id", "mã công ty", "mã doanh nghiệp", "mã số thuế", "mã tổ chức",
)  # fmt: skip

# Attributes that settings and reviews name, and what exports call them.
SAME_ATTRIBUTE: dict[str, tuple[str, ...]] = {
    "employees": (
        "number of employees", "employee count", "no of employees", "company size", "headcount", "employee range",
        "số nhân viên", "số lượng nhân viên", "quy mô", "quy mô nhân sự", "quy mô công ty", "size",
    ),
    "industry": ("sector", "vertical", "ngành", "ngành nghề", "lĩnh vực", "industry group"),
    "country": ("country/region", "country region", "country code", "quốc gia", "nước", "billing country"),
    "city": ("town", "province", "state/region", "thành phố", "tỉnh", "tỉnh thành", "tỉnh/thành phố", "billing city"),
    "role": ("buying role", "job title", "title", "position", "chức vụ", "chức danh", "vai trò", "job role"),
    "email": ("e-mail", "email address", "work email", "địa chỉ email"),
    "website": ("company domain name", "domain", "web site", "trang web", "website url"),
    "phone": ("phone number", "mobile phone number", "mobile", "số điện thoại", "điện thoại", "sđt"),
    "stage": ("growth stage", "company stage", "giai đoạn", "giai đoạn phát triển"),
}  # fmt: skip

_OF_ATTRIBUTE = "attribute:"


def attribute_column(name: str) -> Column:
    """The column of an attribute that settings name, in an input that does not keep every column.

    >>> attribute_column("industry").name, "nganh" in attribute_column("industry").aliases
    ('attribute:industry', False)
    """
    return Column(
        name=f"{_OF_ATTRIBUTE}{name}", kind=CellKind.TEXT, gives_way=True,
        meaning=Message("the attribute {header}").filled(header=name), aliases=(name, *SAME_ATTRIBUTE.get(name, ())),
    )  # fmt: skip


def attribute_of(column: str) -> str | None:
    """The attribute that a column was added for; None for any other column.

    >>> attribute_of("attribute:industry"), attribute_of("industry")
    ('industry', None)
    """
    return column.removeprefix(_OF_ATTRIBUTE) if column.startswith(_OF_ATTRIBUTE) else None


ACCOUNTS = Input(
    name="accounts",
    title=Message("accounts"),
    rank=22,
    files=(
        "accounts*", "account*", "companies*", "company*", "attributes*", "cong_ty*", "công ty*", "công_ty*",
        "doanh_nghiep*", "doanh nghiệp*", "doanh_nghiệp*",
    ),
    option_help="Accounts, what is known of people and firms: a file, a glob, or -.",
    people="signups",
    steady=False,
    is_planned=True,
    columns=(
        Column(
            name="user_id",
            kind=CellKind.ID,
            meaning=Message("the person whom it is known of"),
            aliases=(*(name for name in PERSON if name not in ("account id", "account code")), *EMAIL[:4], *NAMED[:2]),
            identifies=True,
        ),
        Column(
            name="account_id",
            kind=CellKind.ID,
            meaning=Message("the firm that it is known of, or that the person is with"),
            aliases=(*FIRM_IDS, "account", "record id", "id", "account name", "company name", "company", "tên công ty"),
            identifies=True,
        ),
        Column(
            name="valid_from",
            kind=CellKind.DATE,
            meaning=Message("from when on it is so; empty: ever since"),
            aliases=("valid since", "effective from", "effective date", "as of", "hiệu lực từ", "ngày hiệu lực"),
        ),
    ),
    requires=(("user_id", "account_id"),),
    attributes=True,
    events=(Event(name="attribute", at="valid_from"),),
    identity=Distinct(),
)  # fmt: skip
