"""Surveys: who was asked how much they would recommend us (NPS), or how content they are (CSAT), and what they said."""

from msgspec.structs import replace

from funnelcli.inputs.made import Made, Need, any_of, plainly
from funnelcli.inputs.people import user
from funnelcli.inputs.spec import CellKind, Column, Event, Fullest, Input
from funnelcli.text import Message
from funnelcli.values.figures import Missing

NO_SENT = Missing("surveys-not-sent", Message("the surveys do not say when they were sent"))
NO_INVITES_BESIDE = Missing("no-invites-beside", Message("it takes invites and paid users beside the surveys"))

# Questions that stand above the answers in exports of forms; who asks by whom one was recommended is another matter.
NPS_ASKED = (
    "*how likely*recommend*",
    "*likelihood*recommend*",
    "*net promoter*",
    "*sẵn lòng giới thiệu*",
    "*sẵn sàng giới thiệu*",
    "*khả năng*giới thiệu*",
)
CSAT_ASKED = (
    "*how satisfied*",
    "*overall satisfaction*",
    "*rate*satisfaction*",
    "*mức độ hài lòng*",
    "*hài lòng*như thế nào*",
    "*hài lòng*ở mức nào*",
)

SURVEYS = Input(
    name="surveys",
    title=Message("surveys"),
    rank=65,
    files=("surveys*", "survey*", "nps*", "csat*", "khao_sat*", "khảo sát*", "khảo_sát*"),
    option_help="Surveys, sent and answered: a file, a glob, or -.",
    people="signups",
    steady=False,
    columns=(
        Column(
            name="answered_at",
            kind=CellKind.DATE,
            meaning=Message("when the survey was answered; empty where it was not"),
            required=True,
            may_be_empty=True,
            aliases=(
                "answered", "answer date", "answered on", "responded at", "response date", "responded on",
                "completed at", "submitted at", "submission date", "submit date", "timestamp", "ngày trả lời",
                "thời gian trả lời", "ngày phản hồi", "thời gian phản hồi", "dấu thời gian", "ngày đánh giá",
            ),
        ),
        Column(
            name="score",
            kind=CellKind.NUMBER,
            meaning=Message("the score: 0 to 10 of NPS, 1 to 5 of CSAT"),
            required=True,
            may_be_empty=True,
            least=0,
            most=10,
            is_score=True,
            asked=(*NPS_ASKED, *CSAT_ASKED),
            aliases=(
                "nps score", "csat score", "rating", "nps", "csat", "nps rating", "satisfaction score", "điểm",
                "điểm số", "điểm nps", "điểm csat", "điểm đánh giá", "mức độ hài lòng",
            ),
        ),
        replace(user(Message("who was asked; empty: nobody is named")), required=False),
        Column(
            name="kind",
            kind=CellKind.TEXT,
            meaning=Message("nps or csat; without it, what the name of the file says, or the scores do"),
            aliases=("survey type", "survey", "survey kind", "type", "question type", "loại khảo sát", "loại"),
        ),
        Column(
            name="sent_at",
            kind=CellKind.DATE,
            meaning=Message("when the survey was sent"),
            aliases=(
                "sent", "sent date", "date sent", "sent on", "survey sent at", "invited at", "ngày gửi",
                "thời gian gửi", "ngày gửi khảo sát",
            ),
        ),
        Column(
            name="followed_up_at",
            kind=CellKind.DATE,
            meaning=Message("when somebody came back to who answered"),
            aliases=(
                "followed up", "follow up date", "follow-up date", "followed up on", "closed loop at",
                "ngày liên hệ lại", "ngày chăm sóc lại", "đã liên hệ lại lúc",
            ),
        ),
        Column(
            name="comment",
            kind=CellKind.TEXT,
            meaning=Message("what was said beside the score"),
            aliases=("comments", "feedback", "reason", "verbatim", "nhận xét", "góp ý", "ý kiến", "bình luận"),
        ),
        Column(
            name="response_id",
            kind=CellKind.ID,
            meaning=Message("the id of the answer: of rows with the same one counts"),
            aliases=("response id", "survey response id", "submission id", "mã phản hồi", "mã trả lời"),
        ),
    ),
    events=(Event(name="survey_row", at="answered_at"),),
    identity=Fullest(
        by=(
            ("response_id",), ("user_id", "kind", "sent_at"), ("user_id", "sent_at"),
            ("user_id", "kind", "answered_at"), ("user_id", "answered_at"),
        )
    ),
    made=Made(
        maker="answers",
        named_by_file="kind",
        keeps=("score", "comment"),
        events={
            **plainly(
                "nps_answer", "nps_scored", "nps_promoter", "nps_passive", "nps_detractor", "csat_answer",
                "csat_content", "survey_followed_up",
            ),
            **any_of(("nps_sent",), Need(columns=("sent_at",), absent=NO_SENT)),
            **any_of(
                ("advocate_into", "advocate_out"),
                Need(columns=("user_id@invites+paid_users",), absent=NO_INVITES_BESIDE),
            ),
        },
        words={
            "nps": r"\bnps\b|net promoter|recommend|gioi thieu",
            "csat": r"\bcsat\b|satisf|hai long",
        },
    ),
)  # fmt: skip
