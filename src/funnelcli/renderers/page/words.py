"""The words of a page that are none of an answer: what its marks mean, and what its columns are."""

from funnelcli.text import Text

SKIP = Text("Skip to the figures", "Đến phần số liệu")
NAV = Text("Chapters", "Các phần")
KEY_FIGURES = Text("Key figures", "Số liệu chính")
ON = Text("on {base}", "so với {base}")
NO_CHANGE = Text("no earlier figure", "chưa có số trước đó")
OF_TARGET = Text("of target {target}", "chỉ tiêu {target}")
TARGET = Text("target", "chỉ tiêu")
TARGET_IS = Text("target {target}", "chỉ tiêu {target}")
REACHED = Text("reached", "đạt")
MISSED = Text("missed", "chưa đạt")
SO_FAR = Text("{month} so far", "{month} đến nay")
DAYS = Text(
    "{gone} of {days} [day|days]. Not compared with whole periods.", "{gone}/{days} ngày. Không so với kỳ trọn vẹn."
)
COLUMNS_RUNNING = {
    "figure": Text("Figure", "Chỉ số"),
    "so_far": Text("So far", "Đến nay"),
    "expected": Text("Expected", "Lẽ ra"),
    "pace": Text("Pace", "Nhịp"),
    "projected": Text("At this pace", "Theo nhịp này"),
    "target": Text("Target", "Chỉ tiêu"),
}
ON_PACE, BEHIND = Text("on pace", "đúng nhịp"), Text("behind", "chậm nhịp")
WITHIN, ABOVE_LIMIT = Text("within limit", "trong mức"), Text("above limit", "vượt mức")
BELOW_SHORT = Text("{n} short", "thiếu {n}")
OVER = Text("{n} over", "vượt {n}")
NOTHING_DUE = Text("–", "–")

STEP = Text("Step", "Bước")
COUNT = Text("Count", "Số lượng")
SHARE_BEFORE = Text("Share of the step before", "Tỷ lệ so với bước trước")
OF_BEFORE = Text("Of step before", "So bước trước")
OF_FIRST = Text("Of first step", "So bước đầu")
NOT_ON = Text("Did not go on", "Không đi tiếp")
FIRST_STEP = Text("first step", "bước đầu")
WHOLE_BAR = Text("bar = {n} {label}", "cả thanh = {n} {label}")
FUNNEL_LEAD = Text(
    "Of {first} {what} in {month}, {last} {last_what}: 1 in {n}.",
    "{month}: {first} {what}, {last} {last_what}: 1 trên {n}.",
)
FUNNEL_LEAD_SHORT = Text("{month}", "{month}")
FUNNEL_KEY = Text(
    "share in {base}. Every bar starts at 0 and its full length is the step before, so bars are rates, not sizes.",
    "tỷ lệ của {base}. Mỗi thanh bắt đầu từ 0, cả chiều dài là bước trước: thanh là tỷ lệ, không phải quy mô.",
)
FUNNEL_KEY_ALONE = Text(
    "Every bar starts at 0 and its full length is the step before, so bars are rates, not sizes.",
    "Mỗi thanh bắt đầu từ 0, cả chiều dài là bước trước: thanh là tỷ lệ, không phải quy mô.",
)
NOT_ONE_GROUP = Text(
    "Counts of one period: not the same people followed through.",
    "Số đếm trong một kỳ, không phải theo cùng một nhóm người.",
)

SCALES = Text(
    "Every axis starts at 0; each chart has its own scale.", "Mọi trục bắt đầu từ 0; mỗi biểu đồ có thang riêng."
)
PARTIAL_KEY = Text("{month}, not yet whole", "{month}, chưa trọn kỳ")
NO_DATA = Text("no data", "không có số")
MARK = Text("{period}: {figure}", "{period}: {figure}")
MARK_TARGET = Text("{period}: {figure}, target {target}", "{period}: {figure}, chỉ tiêu {target}")
MARK_PARTIAL = Text("{period} so far: {figure}", "{period} đến nay: {figure}")
DESCRIBED = Text(
    "{span}: from {first} to {last}; axis from 0 to {top}.", "{span}: từ {first} đến {last}; trục từ 0 đến {top}."
)
DESCRIBED_EMPTY = Text("{span}: no figure.", "{span}: không có số.")

MOVED = Text("{rate_label} in {month}: {above} / {below} =", "{rate_label} {month}: {above} / {below} =")
FROM_ZERO = Text("Lengths start at 0.", "Chiều dài tính từ 0.")
FROM_BROKEN = Text(
    "The axis of {period} is broken: its lengths start at {low}.",
    "Trục của {period} bị cắt: chiều dài tính từ {low}.",
)

SHARE = Text("Share", "Tỷ trọng")
SPAN = Text("{n} [period|periods]", "{n} kỳ")
MONTHS_SPAN = Text("{n} [month|months]", "{n} tháng")
OF_AMOUNT = Text("{amount} share", "Tỷ trọng {amount}")
PARTS_KEY = Text(
    "Bars share one scale. Each line has its own scale from 0: compare its shape, not its height. Grey italics: fewer "
    "than 30 cases.",
    "Các thanh chung một thang. Mỗi đường có thang riêng từ 0: so hình dạng, không so chiều cao. Chữ nghiêng xám: "
    "dưới 30 trường hợp.",
)
OTHERS = Text(
    "{n} [other is|others are] not shown; `-f csv --by` lists all.", "Còn {n} nhóm khác; xem đủ bằng `-f csv --by`."
)

PROGRESS = Text("Progress, {month}", "Tiến độ {month}")
TEAM_FIGURE = Text("Team, figure", "Đội, chỉ số")
FIGURE = Text("Figure", "Chỉ số")
ACTUAL = Text("Actual", "Thực tế")
TARGET_COLUMN = Text("Target", "Chỉ tiêu")
OF_GOAL = Text("0 to 150% of target", "0 đến 150% chỉ tiêu")
STATE = Text("State", "Tình trạng")
PROGRESS_KEY = Text("target; » beyond 150%.", "chỉ tiêu; » vượt quá 150%.")
PACE_KEY = Text("expected by now", "lẽ ra đến nay")
UNMEASURED = Text("Not measured by the files: {what}.", "Các tệp không đo được: {what}.")

CHANGE_OF = Text(
    "Change: {now} against {base}. – means that the files cannot tell; the notes say why. Total: flows added up, "
    "balances at the end (or start), rates of the whole range.",
    "Thay đổi: {now} so với {base}. – nghĩa là các tệp không cho biết; xem lý do ở ghi chú. Tổng: số phát sinh cộng "
    "lại, số dư lấy cuối (hoặc đầu) kỳ, tỷ lệ của cả khoảng.",
)
TOTAL_OF = Text(
    "– means that the files cannot tell; the notes say why. Total: flows added up, balances at the end (or start), "
    "rates of the whole range.",
    "– nghĩa là các tệp không cho biết; xem lý do ở ghi chú. Tổng: số phát sinh cộng lại, số dư lấy cuối (hoặc đầu) "
    "kỳ, tỷ lệ của cả khoảng.",
)
UNIT_OF = Text("{label}, {unit}", "{label}, {unit}")
MADE_OF = Text("made of", "tính từ")
IN_MONTH = Text("{month}:", "{month}:")
MADE_WITH = Text("Made with funnelcli.", "Lập bằng funnelcli.")
ROWS_OF = Text("Rows behind {label}: {n}", "Các dòng của {label}: {n}")
LEFT_OUT = Text(
    "For want of room these are not shown: {names}; `-f html --by` shows each on a page of its own.",
    "Trang đã đầy nên không hiện: {names}; `-f html --by` cho từng trang riêng.",
)
