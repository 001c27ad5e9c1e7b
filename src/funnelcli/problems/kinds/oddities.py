"""What is odd but legal."""

from funnelcli.problems.kinds.declare import remark, warning
from funnelcli.text import Text

_BOTH_DATES = Text("It counts; check both dates.", "Dòng này vẫn được tính; kiểm tra lại hai ngày.")

ODDITIES = (
    warning(
        "no-rows",
        Text("has a header and no rows: it counts as zeros", "chỉ có tiêu đề, không có dòng nào: được tính là 0"),
        Text("Is this the right export?", "Có đúng tệp cần xuất không?"),
    ),
    warning(
        "excel-named-otherwise",
        Text(
            "is an Excel workbook under another name; it was read as one",
            "là tệp Excel mang đuôi khác; đã đọc như tệp Excel",
        ),
        Text("Rename it to .xlsx.", "Đổi đuôi tệp thành .xlsx."),
    ),
    warning(
        "short-row",
        Text(
            "has {count} [cell|cells] where the header has {width}; the missing ones count as empty",
            "có {count} ô trong khi tiêu đề có {width}; các ô thiếu được coi là trống",
        ),
        Text("Check that the row was not cut off.", "Kiểm tra xem dòng có bị cắt không."),
    ),
    warning(
        "stray-quote",
        Text(
            "text stands after a closing quotation mark: {value}; it was read as one cell, without the marks",
            "có chữ sau dấu ngoặc kép đóng: {value}; được đọc thành một ô, bỏ dấu ngoặc kép",
        ),
        Text(
            "Double the quotation marks within a cell, or leave them out.",
            "Nhân đôi dấu ngoặc kép bên trong ô, hoặc bỏ chúng đi.",
        ),
    ),
    warning(
        "unknown-file",
        Text(
            "is in the folder but matches no input; it was not read",
            "có trong thư mục nhưng không thuộc loại dữ liệu nào; không được đọc",
        ),
        Text(
            "Rename it ({names}) or list it in [inputs.…] files.",
            "Đổi tên tệp ({names}) hoặc khai báo trong [inputs.…] files.",
        ),
    ),
    warning(
        "not-a-file",
        Text(
            "is named like an export of {stage} and is {kind}; it was not read",
            "có tên như tệp {stage} nhưng là {kind}; không được đọc",
        ),
        Text(
            'Name what is to be read: [inputs.{stage}] files = ["…"], or rename it.',
            'Nêu tệp cần đọc: [inputs.{stage}] files = ["…"], hoặc đổi tên.',
        ),
    ),
    warning(
        "paid-before-signup",
        Text(
            "{user} paid on {started}, before signing up on {signed_up}",
            "{user} trả phí ngày {started}, trước khi đăng ký ngày {signed_up}",
        ),
        _BOTH_DATES,
    ),
    warning(
        "held-before-booked",
        Text(
            "the demo was held on {held}, before it was booked on {booked}",
            "demo diễn ra ngày {held}, trước khi được đặt ngày {booked}",
        ),
        _BOTH_DATES,
    ),
    warning(
        "held-without-date",
        Text(
            "the demo was held but says not when; it counts on the day it was booked",
            "demo đã diễn ra nhưng không ghi ngày; được tính vào ngày đặt",
        ),
        Text("Add held_at.", "Thêm held_at."),
    ),
    warning(
        "unknown-status",
        Text(
            "the demo status {value!r} is not known; it counts as held when it has held_at",
            "không hiểu trạng thái demo {value!r}; được coi là đã diễn ra nếu có held_at",
        ),
        Text(
            "Say what it means: [inputs.demos.status] held or not_held = [{value!r}].",
            "Khai ý nghĩa: [inputs.demos.status] held hoặc not_held = [{value!r}].",
        ),
    ),
    warning(
        "unread-column",
        Text("{subject} not read, and {why}", "{subject} không được đọc, mà {why}"),
        Text(
            "{step}; if it changes no figure: [inputs.{stage}] ignore = [{headers}].",
            "{step}; nếu không ảnh hưởng số liệu: [inputs.{stage}] ignore = [{headers}].",
        ),
    ),
    warning(
        "not-paying",
        Text(
            "the status {value!r} says that nobody pays; the row does not count",
            "trạng thái {value!r} cho biết khách không trả phí; dòng này không được tính",
        ),
        Text(
            "Where it does pay: [inputs.{stage}.status] paying = [{value!r}].",
            "Nếu có trả phí: [inputs.{stage}.status] paying = [{value!r}].",
        ),
        counts=False,
    ),
    warning(
        "ended-without-date",
        Text(
            "the status {value!r} says that it has ended, and no date says when: losses are missing from its start on",
            "trạng thái {value!r} cho biết đã kết thúc nhưng không có ngày: thiếu số PU mất kể từ ngày bắt đầu",
        ),
        Text(
            "Name the column that says when: [inputs.{stage}.columns] ended_at = {ends}; or leave such rows "
            "out: [inputs.{stage}.status] not_paying = [{value!r}].",
            "Khai cột cho biết ngày kết thúc: [inputs.{stage}.columns] ended_at = {ends}; hoặc bỏ các "
            "dòng này: [inputs.{stage}.status] not_paying = [{value!r}].",
        ),
    ),
    warning(
        "paying-after-end",
        Text(
            "the status {value!r} says that it is paid for, and its end has passed: it counts as lost on that day",
            "trạng thái {value!r} cho biết đang trả phí nhưng ngày kết thúc đã qua: tính là mất vào ngày đó",
        ),
        Text(
            "Where the end is that of the latest billing period: [inputs.{stage}.columns] ended_at = false.",
            "Nếu đó là ngày hết chu kỳ gần nhất: [inputs.{stage}.columns] ended_at = false.",
        ),
    ),
    warning(
        "status-not-known",
        Text(
            "the status {value!r} is not known; the row {counts_as}",
            "không hiểu trạng thái {value!r}; dòng này {counts_as}",
        ),
        Text(
            "Say what it means: [inputs.{stage}.status] paying, not_paying or ended = [{value!r}].",
            "Khai ý nghĩa: [inputs.{stage}.status] paying, not_paying hoặc ended = [{value!r}].",
        ),
    ),
    warning(
        "trial-not-paid",
        Text(
            "is a trial that was not paid for; the row does not count",
            "là lượt dùng thử, chưa trả phí; dòng này không được tính",
        ),
        Text(
            "To count trials: [paid_users] free_counts = true.", "Để tính cả dùng thử: [paid_users] free_counts = true."
        ),
        counts=False,
    ),
    warning(
        "plan-may-not-pay",
        Text(
            "the column {header!r} has plans of which no amount and no word says that they are paid for: {plans}; in "
            "all {rows} [row counts|rows count] as paying",
            "cột {header!r} có các gói mà không số tiền hay từ nào cho biết là có trả phí: {plans}; {rows} dòng vẫn "
            "được tính là trả phí",
        ),
        Text(
            "To leave them out: [inputs.{stage}.drop] {header!r} = {values}; if they are paid for: [inputs.{stage}] "
            "ignore = [{header!r}].",
            "Để bỏ ra: [inputs.{stage}.drop] {header!r} = {values}; nếu có trả phí: [inputs.{stage}] ignore = "
            "[{header!r}].",
        ),
    ),
    warning(
        "trial-days-not-read",
        Text(
            "{value!r} is neither yes or no nor a number of days, so the row counts as paid from its start on",
            "{value!r} không phải có/không hay số ngày nên dòng được tính trả phí từ ngày bắt đầu",
        ),
        Text(
            "Write it like yes, no or 14; or have the column not read: [inputs.{stage}.columns] {column} = false.",
            "Viết như có, không hoặc 14; hoặc không đọc cột này: [inputs.{stage}.columns] {column} = false.",
        ),
    ),
    warning(
        "free-row",
        Text(
            "costs nothing; the row does not count",
            "có số tiền bằng 0; dòng này không được tính",
        ),
        Text(
            "To count what is free: [paid_users] free_counts = true.",
            "Để tính cả dòng miễn phí: [paid_users] free_counts = true.",
        ),
        counts=False,
    ),
    warning(
        "never-paid",
        Text(
            "has spent nothing so far; the row does not count",
            "chưa chi khoản nào; dòng này không được tính",
        ),
        Text(
            "To count everybody: [paid_users] free_counts = true.",
            "Để tính tất cả: [paid_users] free_counts = true.",
        ),
        counts=False,
    ),
    warning(
        "one-time-row",
        Text(
            "is bought once, beside rows that recur; it makes nobody a paid user",
            "là khoản mua một lần bên cạnh các dòng định kỳ; không tính là khách trả phí",
        ),
        Text(
            "Where it lasts, give it an end or an interval.",
            "Nếu có thời hạn, hãy điền ngày kết thúc hoặc chu kỳ.",
        ),
        counts=False,
    ),
    warning(
        "refund",
        Text(
            "is a refund or a credit note: it is cash, and makes nobody a paid user",
            "là khoản hoàn tiền: chỉ là dòng tiền, không tính là khách trả phí",
        ),
        Text(
            "Check that it names the customer and the invoice it reverses.",
            "Kiểm tra khoản này có ghi đúng khách và hóa đơn được hoàn.",
        ),
        counts=False,
    ),
    warning(
        "refunded",
        Text(
            "was paid back in whole; the row does not count",
            "đã được hoàn toàn bộ; dòng này không được tính",
        ),
        Text("Check the refund.", "Kiểm tra khoản hoàn tiền."),
        counts=False,
    ),
    warning(
        "payments-list",
        Text(
            "no row has an end, and each may be a payment: {signs}. As it is read, all {people} "
            "[customer pays|customers pay] on; as payments, {still} would after {day}",
            "không dòng nào có ngày kết thúc, và mỗi dòng có thể là một lần thanh toán: {signs}. Đang đọc là cả "
            "{people} khách trả phí mãi; nếu là thanh toán, sau ngày {day} còn {still} khách",
        ),
        Text(
            'If they are: [paid_users] shape = "payments"; each then lasts its interval (a month, or that of '
            '[inputs.{stage}] interval), with grace_days of grace. If not: shape = "subscriptions".',
            'Nếu đúng: [paid_users] shape = "payments"; khi đó mỗi dòng kéo dài một chu kỳ (một tháng, hoặc theo '
            '[inputs.{stage}] interval), cộng thêm grace_days. Nếu không: shape = "subscriptions".',
        ),
    ),
    warning(
        "nothing-kept",
        Text("keep and drop leave out all of its {count} [row|rows]", "keep và drop loại hết {count} dòng của tệp"),
        Text(
            "Check the globs of [inputs.{stage}.keep] and .drop.",
            "Kiểm tra các mẫu trong [inputs.{stage}.keep] và .drop.",
        ),
    ),
    warning(
        "future-date",
        Text("{value} lies after {limit}", "{value} sau ngày {limit}"),
        Text(
            "Nothing after as_of is counted; check the date, or set --as-of.",
            "Không tính gì sau ngày as_of; kiểm tra lại ngày, hoặc đặt --as-of.",
        ),
    ),
    warning(
        "starts-ahead",
        Text(
            "{count} [row begins|rows begin] after {as_of}, the last day of the other files, up to {last}: not counted "
            "by then",
            "{count} dòng bắt đầu sau {as_of}, ngày cuối của các tệp khác, muộn nhất {last}: chưa được tính",
        ),
        Text(
            "To count them: --as-of {last}; or export the other files up to it.",
            "Để tính các dòng này: --as-of {last}; hoặc xuất các tệp khác đến ngày đó.",
        ),
    ),
    warning(
        "lone-date",
        Text(
            "{value} lies years after every other date of the files: as_of is not moved to it, so it does not count",
            "{value} cách mọi ngày khác trong các tệp nhiều năm: as_of không dời đến đó nên dòng này không được tính",
        ),
        Text("Correct the date; if it is right: --as-of {value}.", "Sửa ngày; nếu ngày đúng: --as-of {value}."),
    ),
    warning(
        "lone-start",
        Text(
            "{value} lies years before every other date of the file: from then on the row counts",
            "{value} trước mọi ngày khác trong tệp nhiều năm: dòng được tính từ ngày đó",
        ),
        Text("Correct the date, if it is a slip.", "Sửa ngày nếu gõ nhầm."),
    ),
    warning(
        "month-gap",
        Text("no rows in {months}", "không có dòng nào trong {months}"),
        Text("Zeros are shown; check that the export is whole.", "Hiển thị số 0; kiểm tra xem tệp có đủ không."),
    ),
    warning(
        "begins-late",
        Text("begins {first}, later than {other} ({other_first})", "bắt đầu {first}, muộn hơn {other} ({other_first})"),
        Text(
            "The months before are missing; export it from the same day on, or say which months it covers: "
            "[inputs.{stage}] covers.",
            "Các tháng trước đó thiếu số; xuất lại từ cùng một ngày, hoặc khai các tháng mà tệp có: "
            "[inputs.{stage}] covers.",
        ),
    ),
    warning(
        "ends-early",
        Text("ends {last}, before as_of {as_of}", "kết thúc {last}, trước as_of {as_of}"),
        Text(
            "Months after it are missing, of demos and paid users they show zeros; export it again, or set "
            "--as-of {last}, or say which months it covers: [inputs.{stage}] covers.",
            "Các tháng sau đó thiếu số (demo và khách trả phí hiển thị số 0); xuất lại, hoặc đặt --as-of {last}, "
            "hoặc khai các tháng mà tệp có: [inputs.{stage}] covers.",
        ),
    ),
    remark(
        "zeros-after",
        Text(
            "reaches only to {last}, and other exports to {as_of}: no row in {months}, which counts as 0",
            "chỉ đến {last}, còn các tệp khác đến {as_of}: không có dòng nào trong {months}, tính là 0",
        ),
        Text(
            'If the export is whole, say so: [inputs.{stage}] covers = ["{first_month}", "{last_month}"]; else export '
            "it again.",
            'Nếu tệp đủ, hãy khai: [inputs.{stage}] covers = ["{first_month}", "{last_month}"]; nếu không, hãy xuất '
            "lại.",
        ),
    ),
    warning(
        "unmatched-source",
        Text(
            "source {value!r} ({count} [row|rows]) matches no channel pattern; it counts as organic",
            "nguồn {value!r} ({count} dòng) không khớp mẫu kênh nào; được tính vào kênh tự nhiên",
        ),
        Text('Give it a channel: [channels] paid = ["…"].', 'Gán kênh cho nguồn: [channels] paid = ["…"].'),
    ),
    warning(
        "same-visits-twice",
        Text(
            "holds the visits of {other} once more, cut by other dimensions: all days have the same totals; it "
            "does not count",
            "chứa lại số lượt của {other}, chia theo chiều khác: tổng từng ngày bằng nhau; tệp này không được tính",
        ),
        Text(
            "Leave only one of the two in the folder.",
            "Chỉ để lại một trong hai tệp trong thư mục.",
        ),
        counts=False,
    ),
    warning(
        "overlapping-files",
        Text(
            "{count} of its (day, source) sums also [stands|stand] in {other}",
            "{count} tổng theo (ngày, nguồn) của tệp cũng có trong {other}",
        ),
        Text(
            "Check that the two exports do not cover the same days.",
            "Kiểm tra xem hai tệp có trùng ngày không.",
        ),
    ),
    warning(
        "unused-column",
        Text("the monthly column {column!r} was not used: {reason}", "cột tháng {column!r} không được dùng: {reason}"),
        Text(
            "Remove the column, or the export that stands for it.",
            "Bỏ cột này, hoặc bỏ tệp xuất riêng đang thay cho nó.",
        ),
    ),
)
