"""Visits: a row a visit, or already summed."""

from funnelcli.inputs.people import NOT_REAL, source
from funnelcli.inputs.spec import CellKind, Column, Event, Input
from funnelcli.text import Message
from funnelcli.values.figures import Missing

# A file of visits that has these but no visits column is a summary of something else; a row is then not a visit.
SUMMARY_HEADERS = (
    "active users", "total users", "new users", "users", "pageviews", "views", "event count", "engaged sessions",
    "count", "hits", "users (total)", "visitors", "unique visitors", "clicks", "link clicks",
    "impressions", "impr.", "reach", "results", "cost", "amount spent", "lượt nhấp", "lượt hiển thị",
    "người dùng", "người dùng mới", "số người dùng", "lượt xem",
)  # fmt: skip
NO_EXISTING = Missing(
    "existing-users-not-told",
    Message("the visits do not say which are by existing users"),
)

VISITORS = Input(
    name="visitors",
    title=Message("visitors"),
    rank=10,
    files=("visitors*", "visits*", "sessions*", "traffic*"),
    option_help="Visits: a file, a glob, or -.",
    quiet=3,
    summed=True,
    columns=(
        Column(
            name="date",
            kind=CellKind.DATE,
            meaning=Message("the day or time of the visit"),
            required=True,
            advice=Message(
                "A report that sums all days (as of GA4) needs Date as a dimension: add it and export again."),
            aliases=(
                "day", "visit date", "visited at", "session date", "session start", "timestamp", "datetime",
                "date time", "event date", "event timestamp", "event time",
                "occurred at", "started at", "created at", "time", "ngày", "ngày truy cập", "thời gian",
                "thời gian truy cập", "thời điểm", "thời điểm truy cập",
            ),
        ),
        *source(Message("where the visit came from")),
        Column(
            name="visits",
            kind=CellKind.COUNT,
            meaning=Message("visits summed in this row (default 1)"),
            aliases=(
                "sessions", "session count", "total sessions", "total visits", "số phiên", "phiên", "lượt truy cập",
                "số lượt truy cập", "số lượt", "số phiên truy cập",
                "tổng số phiên", "tổng lượt truy cập", "lượt", "truy cập", "visits (all)", "sessions (all)", "traffic",
            ),
        ),
        Column(
            name="existing_visits",
            kind=CellKind.COUNT,
            meaning=Message("of these, visits by people already registered"),
            aliases=(
                "existing user visits", "existing user sessions", "visits by existing users",
                "lượt truy cập của người dùng hiện tại", "lượt truy cập của khách hiện tại",
            ),
        ),
        Column(
            name="is_existing",
            kind=CellKind.FLAG,
            meaning=Message("whether the visitor was already registered"),
            aliases=("existing", "existing user", "is existing user", "is registered", "registered", "logged in",
                     "is logged in", "signed in", "đã đăng ký", "người dùng hiện tại"),
        ),
        Column(
            name="user_id",
            kind=CellKind.ID,
            identifies=True,
            meaning=Message(
                "the visitor's user id, empty where unknown"),
            aliases=("customer id", "account id", "contact id", "mã khách hàng", "mã người dùng", "uid", "email"),
        ),
        Column(
            name="visitor_id",
            kind=CellKind.ID,
            meaning=Message("the browser or device"),
            aliases=(
                "client id", "anonymous id", "cookie id", "device id", "browser id", "user pseudo id",
                "full visitor id", "fullvisitorid", "visitor", "distinct id", "mã khách truy cập", "mã thiết bị",
            ),
        ),
        Column(
            name="session_id",
            kind=CellKind.ID,
            meaning=Message(
                "the session; where several rows are of one, they count once"),
            aliases=(
                "session id", "ga session id", "session key", "session uuid", "session token", "sessionid", "visit id",
                "visit key", "visit uuid", "visitid", "id visit", "idvisit", "mã phiên", "id phiên",
                "mã phiên truy cập", "mã lượt truy cập", "mã lượt", "mã truy cập",
            ),
        ),
    ),
    events=(
        Event(name="visit", at="date", value="visits"),
        Event(
            name="existing_visit",
            at="date",
            value="existing_visits",
            needs=("existing_visits", "is_existing", "user_id@signups"),
            absent=NO_EXISTING,
        ),
        Event(name="visit_of_unknown_user", at="date", value="visits"),
    ),
    sum_headers=SUMMARY_HEADERS,
    unreal=NOT_REAL,
)  # fmt: skip
