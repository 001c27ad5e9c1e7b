"""Invites: which customer invited whom, and when the invited one came."""

from msgspec.structs import replace

from funnelcli.inputs.made import Made, Need, any_of, plainly
from funnelcli.inputs.people import user
from funnelcli.inputs.spec import CellKind, Column, Event, Fullest, Input
from funnelcli.text import Message
from funnelcli.values.figures import Missing

NO_ACCEPTED = Missing(
    "acceptances-not-known", Message("nothing tells which invites were accepted: no column of it, and no signups")
)
NO_INVITED = Missing("invited-not-named", Message("it takes who was invited, and paid users beside the invites"))

INVITES = Input(
    name="invites",
    title=Message("invites"),
    rank=66,
    files=("invites*", "invitations*", "referrals*", "gioi_thieu*", "giới thiệu*", "giới_thiệu*", "loi_moi*"),
    option_help="Invites by customers: a file, a glob, or -.",
    people="signups",
    steady=False,
    columns=(
        user(
            Message("who invited"),
            first=(
                "inviter", "inviter id", "invited by", "referrer", "referrer id", "referred by", "advocate",
                "referrer email", "inviter email", "người giới thiệu", "mã người giới thiệu", "người mời",
            ),
        ),
        Column(
            name="invited_at",
            kind=CellKind.DATE,
            meaning=Message("when the invite was made"),
            required=True,
            aliases=(
                "invited on", "invite date", "invitation date", "invited", "referred at", "referral date", "sent at",
                "created at", "date", "ngày giới thiệu", "ngày mời", "thời gian giới thiệu", "ngày tạo", "ngày",
            ),
        ),
        replace(
            user(Message("who was invited; without it each row is an invite of its own")),
            name="invited_user_id",
            required=False,
            aliases=(
                "invited user", "invitee", "invitee id", "invited id", "invited email", "invitee email",
                "referred user", "referred id", "referred email", "referee", "referral id", "friend",
                "người được giới thiệu", "mã người được giới thiệu", "người được mời", "khách được giới thiệu",
            ),
        ),
        Column(
            name="accepted_at",
            kind=CellKind.DATE,
            meaning=Message("when the invited one came; without it, the day they signed up"),
            aliases=(
                "accepted", "accepted on", "accept date", "acceptance date", "joined at", "redeemed at",
                "converted at", "ngày chấp nhận", "ngày tham gia", "ngày nhận lời",
            ),
        ),
    ),
    events=(Event(name="invite_row", at="invited_at"),),
    identity=Fullest(by=(("user_id", "invited_user_id", "invited_at"),)),
    made=Made(
        maker="invites",
        other="invited_user_id",
        events={
            **plainly("invite"),
            **any_of(
                ("invite_answered",), Need(columns=("accepted_at", "invited_user_id@signups"), absent=NO_ACCEPTED)
            ),
            **any_of(("paid_by_word",), Need(columns=("invited_user_id@paid_users",), absent=NO_INVITED)),
        },
    ),
)  # fmt: skip
