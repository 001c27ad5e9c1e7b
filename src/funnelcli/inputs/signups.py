"""Signups: people who filled the form."""

from msgspec.structs import replace

from funnelcli.inputs.accounts import FIRM_IDS
from funnelcli.inputs.lead_stages import NURTURED, WARMED
from funnelcli.inputs.made import Made, Need, any_of, plainly
from funnelcli.inputs.people import NOT_REAL, earners, source, user
from funnelcli.inputs.spec import CellKind, Column, Earliest, Event, Input
from funnelcli.text import Message
from funnelcli.values.figures import Missing

# What was begun and never sent.
UNFINISHED = (
    r"partial(?:ly completed)?|abandoned|incomplete|unfinished|not (?:completed?|submitted)|draft"
    r"|bỏ dở|chưa hoàn (?:tất|thành)|nháp"
)
# What a no says of who never confirmed the account.  That of an address or a number is a fact about it, as its form is:
# who gave it has signed up.
_ACCOUNT = r"^(?!.*\b(?:e ?mail|phone|mobile|sms|address|domain|sdt|dien thoai)\b).*"
FINISHED = r"^(?:is )?(?:completed?|submitted|finished|da hoan thanh|da gui|hoan tat)$"  # no: begun and never sent
CONFIRMED = (
    rf"{_ACCOUNT}\b(?:(?:account|is|user) ?(?:is )?(?:verified|confirmed|activated)|da xac (?:thuc|minh|nhan))\b"
)

NO_SALES = Missing("no-sql-beside", Message("it takes demos or hand-overs beside the signups: whom sales took on"))

# When a lead became what, where the list of leads says so itself.
_QUALIFIED = tuple(
    Column(name=name, kind=CellKind.DATE, meaning=meaning, aliases=aliases, gives_way=True)
    for name, meaning, aliases in (
        (
            "became_mql_at",
            Message("when marketing found it good enough for sales"),
            ("became a marketing qualified lead date", "hs_lifecyclestage_marketingqualifiedlead_date", "mql date",
             "mql at", "ngày thành mql", "ngày mql"),
        ),
        (
            "became_sql_at",
            Message("when sales accepted it"),
            ("became a sales qualified lead date", "hs_lifecyclestage_salesqualifiedlead_date", "sql date", "sql at",
             "ngày thành sql", "ngày sql"),
        ),
        (
            "owner_assigned_at",
            Message("when it was given to the one who has it"),
            ("owner assigned date", "hubspot_owner_assigneddate", "assigned at", "assigned date", "ngày phân công",
             "ngày giao"),
        ),
    )
)  # fmt: skip

SIGNUPS = Input(
    name="signups",
    title=Message("signups"),
    rank=20,
    files=("signups*", "registrations*", "leads*"),
    option_help="Signups: a file, a glob, or -.",
    quiet=3,
    columns=(
        user(Message("the person who filled the form"), own_id=True),
        Column(
            name="signed_up_at",
            kind=CellKind.DATE,
            meaning=Message("when the form was filled"),
            required=True,
            aliases=(
                "signup date", "sign up date", "signed up", "signup at", "registered at", "registration date",
                "registered on", "ngày đăng ký", "thời gian đăng ký", "submitted at", "submission date",
                "created (utc)", "create date", "created date", "created at", "date created", "created on", "created",
                "ngày tạo", "thời gian tạo", "became a lead date", "became a subscriber date",
                "became a marketing qualified lead date", "created time", "timestamp", "dấu thời gian", "date", "ngày",
            ),
        ),
        *source(Message("where the signup came from")),
        *earners(),
        Column(
            name="account_id",
            kind=CellKind.TEXT,
            meaning=Message("the firm that the person is with, as accounts name it"),
            aliases=("account id", *FIRM_IDS),
            gives_way=True,
        ),
        *_QUALIFIED,
        Column(
            name="owner",
            kind=CellKind.TEXT,
            meaning=Message("who of ours has the lead"),
            aliases=("lead owner", "contact owner", "owner name", "người phụ trách", "nhân viên phụ trách"),
        ),
    ),
    events=(
        Event(name="signup", at="signed_up_at"), Event(name="became_mql", at="became_mql_at"),
        Event(name="became_sql", at="became_sql_at"), Event(name="owner_assigned", at="owner_assigned_at"),
    ),
    identity=Earliest(by="user_id"),
    made=Made(
        maker="leads",
        events={
            **plainly("lead", "excluded_lead", "mql", "recycled", "nurture_over", *NURTURED, *WARMED),
            **any_of(
                [f"{name}_{way}" for name in ("hot", "warm", "cold") for way in ("into", "out")], Need()
            ),
            **any_of(("sql",), Need(columns=("user_id@demos", "user_id@handovers", "became_sql_at"), absent=NO_SALES)),
        },
    ),
    unreal=replace(
        NOT_REAL,
        words=f"{NOT_REAL.words}|{UNFINISHED}|(?:super ?)?admin(?:istrator)?s?|superuser|root|quản trị(?: viên)?",
        yes=rf"{NOT_REAL.yes}|\b(?:super ?user|admin(?:istrator)?)\b",
        no=rf"{NOT_REAL.no}|{CONFIRMED}|{FINISHED}",
        filled=r"\b(?:deleted|removed|banned|blocked|suspended|deactivated|merged|da xoa|ngay xoa|bi khoa)\b(?! by)",
        empty=rf"{_ACCOUNT}\b(?:(?:confirmed|verified|verification) ?(?:at|on|date|time)|ngay xac (?:nhan|minh))\b",
    ),
)  # fmt: skip
