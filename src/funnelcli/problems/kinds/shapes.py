"""What files may be though they are not read so, or are read so by what their rows show: lists, copies, repeats."""

from funnelcli.problems.kinds.declare import error, or_leave_out, remark, warning
from funnelcli.text import Text

OF_SHAPES = (
    error(
        "list-of-people",
        Text(
            "{count} of {rows} [row|rows] [count!has|have] the person and the date of a row of {other}, and say "
            "nothing else of "
            "{title}: "
            "it is that list once more",
            "{count}/{rows} dòng có đúng người và ngày của một dòng trong {other} và không cho biết gì khác về "
            "{title}: đây là danh sách đó một lần nữa",
        ),
        Text(
            'Name the column that says when: [inputs.{stage}.columns] {column} = "your header" (or {header!r}, if that '
            "is right); or take the file out of the folder.",
            'Khai cột cho biết ngày: [inputs.{stage}.columns] {column} = "tiêu đề trong tệp" (hoặc {header!r}, nếu '
            "đúng là cột đó); hoặc bỏ tệp khỏi thư mục.",
        ),
        whole_file=True,
    ),
    remark(
        "read-turned",
        Text(
            "is read turned round: its columns {first!r} to {last!r} ({count}) say when, and its rows hold {figures}; "
            "not read of it: {others}",
            "được đọc xoay lại: {count} cột từ {first!r} đến {last!r} cho biết thời điểm, các dòng chứa {figures}; "
            "không đọc: {others}",
        ),
        Text(
            "If it holds anything else, take it out of the folder.",
            "Nếu tệp chứa thứ khác, hãy bỏ tệp khỏi thư mục.",
        ),
    ),
    error(
        "figure-twice",
        Text("{figure!r} stands in row {other} too", "{figure!r} đã có ở dòng {other}"),
        Text("Leave one of the two rows in the file.", "Chỉ để lại một trong hai dòng trong tệp."),
        whole_file=True,
    ),
    warning(
        "figures-not-read",
        Text(
            "{count} [column is|columns are] no figure that a monthly table states, and not read: {headers}",
            "có {count} cột không phải chỉ số của bảng tháng nên không được đọc: {headers}",
        ),
        Text(
            "Name each as the figure that it is: [inputs.monthly.columns] new_signups = {header!r}; figures are: "
            "{names}.",
            "Khai cột đúng với chỉ số: [inputs.monthly.columns] new_signups = {header!r}; các chỉ số là: {names}.",
        ),
    ),
    warning(
        "footer",
        Text(
            "{text!r} stands below the table, without a date and unlike the cells above it: it is no row",
            "{text!r} nằm dưới bảng, không có ngày và không giống các ô phía trên: không phải dòng dữ liệu",
        ),
        Text(
            "If it is a row, fill in its cells; else take the line out of the file.",
            "Nếu là dòng dữ liệu, hãy điền đủ các ô; nếu không, bỏ dòng này khỏi tệp.",
        ),
        counts=False,
    ),
    warning(
        "row-may-be-total",
        Text(
            "{value!r} in {column!r} is the sum of all the amounts above it: the row of {user!r} may be a total, and "
            "it counts as a person",
            "{value!r} ở cột {column!r} bằng tổng mọi số tiền phía trên: dòng của {user!r} có thể là dòng tổng, và vẫn "
            "được tính như một người",
        ),
        Text(
            "If it is a total: [inputs.{stage}.drop] {header!r} = [{user!r}].",
            "Nếu là dòng tổng: [inputs.{stage}.drop] {header!r} = [{user!r}].",
        ),
    ),
    warning(
        "subtotal-rows",
        Text(
            "rows {lines} hold the sums of the rows {side}, in {column!r}: they may be subtotals, and are read as rows",
            "các dòng {lines} bằng tổng các dòng {side}, ở cột {column!r}: có thể là dòng tổng phụ, và vẫn được đọc "
            "như dòng dữ liệu",
        ),
        Text(
            "If they are: take them out of the file, or [inputs.{stage}.drop] {header!r} = {names}.",
            "Nếu đúng: bỏ các dòng đó khỏi tệp, hoặc [inputs.{stage}.drop] {header!r} = {names}.",
        ),
    ),
    warning(
        "exports-below",
        Text(
            "tables of {stage} in folders below, like {example}: {count}; they were not read, and there are no others",
            "có {count} bảng {stage} trong thư mục con, như {example}; không được đọc, và không có bảng nào khác",
        ),
        Text(
            'To read them: [inputs.{stage}] files = ["{pattern}"].',
            'Để đọc các tệp này: [inputs.{stage}] files = ["{pattern}"].',
        ),
    ),
    warning(
        "exported-twice",
        Text(
            "{count} [row|rows], like that of {user}, [count!is a row|are rows] of {other} under another id or none, "
            "by "
            "the same person and "
            "time; each counts once",
            "{count} dòng, như của {user}, là các dòng của {other} với mã khác hoặc không có mã, cùng người và cùng "
            "thời điểm; mỗi dòng chỉ tính một lần",
        ),
        Text(
            "Leave one of the two exports in the folder; export again without overlap.",
            "Chỉ để một trong hai tệp trong thư mục; xuất lại sao cho không trùng thời gian.",
        ),
        counts=False,
    ),
    warning(
        "planned-alike",
        Text(
            "{count} [row|rows], like that of {user}, [count!has|have] the person and the day of a row of {other}, "
            "under "
            "another id: "
            "they may be the same rows once more; all count",
            "{count} dòng, như của {user}, có đúng người và ngày của một dòng trong {other} nhưng mã khác: có thể là "
            "cùng những dòng đó; tất cả đều được tính",
        ),
        Text(
            "If they are the same, take them out of one of the two files, or export again without overlap.",
            "Nếu là một, bỏ các dòng đó khỏi một trong hai tệp, hoặc xuất lại sao cho không trùng thời gian.",
        ),
    ),
    warning(
        "times-alike",
        Text(
            "its {count} [row has|rows have] the times of those of {other}, and other ids: they may be the same rows "
            "once more; "
            "all count",
            "{count} dòng có đúng thời điểm như các dòng của {other} nhưng mã khác: có thể là cùng những dòng đó; tất "
            "cả đều được tính",
        ),
        Text(
            "If they are the same, leave only one of the two files in the folder.",
            "Nếu là một, chỉ để một trong hai tệp trong thư mục.",
        ),
    ),
    warning(
        "read-as-snapshots",
        Text(
            "read as lists of who pays at the time, {made}: gone from a newer list, and so lost: {gone} "
            "[customer|customers]{like}; rows that change with one: {changed}",
            "được đọc như danh sách khách trả phí theo thời điểm, {made}: {gone} khách{like} không còn trong danh "
            "sách mới hơn nên tính là mất; {changed} dòng thay đổi theo danh sách mới hơn",
        ),
        Text(
            'If they are parts of one list, so that every row counts: [paid_users] same_customers = "parts".',
            'Nếu đó là các phần của một danh sách, dòng nào cũng được tính: [paid_users] same_customers = "parts".',
        ),
    ),
    warning(
        "read-as-lists",
        Text(
            "no start is given: read as lists of who pays at the time, of {made} {by}: new in a later one: {new} "
            "[customer|customers]; gone from the next one, and so lost: {gone}{like}",
            "không có ngày bắt đầu: được đọc như danh sách khách trả phí theo thời điểm, {made} {by}: {new} khách mới "
            "trong danh sách sau; {gone} khách không còn trong danh sách kế tiếp nên tính là mất{like}",
        ),
        Text(
            'If a column says when each row began: [inputs.{stage}.columns] {start} = "your header"; if another one '
            'says of when it is: {column} = "your header".',
            'Nếu có cột cho biết ngày bắt đầu của từng dòng: [inputs.{stage}.columns] {start} = "tiêu đề trong tệp"; '
            'nếu cột khác cho biết thời điểm của dòng: {column} = "tiêu đề trong tệp".',
        ),
    ),
    warning(
        "read-as-events",
        Text(
            "read as a log of events by {header!r}: of {rows} [row|rows] {lasting} [lasts|last], each to the next "
            "event of its "
            "customer, and {ended} [ends|end] something{amounts}{midway}",
            "được đọc như nhật ký sự kiện theo {header!r}: trong {rows} dòng, {lasting} dòng kéo dài đến sự kiện kế "
            "tiếp của khách, {ended} lần kết thúc{amounts}{midway}",
        ),
        Text(
            'If each row is a subscription of its own: [paid_users] shape = "subscriptions".',
            'Nếu mỗi dòng là một thuê bao riêng: [paid_users] shape = "subscriptions".',
        ),
    ),
    warning(
        "event-not-known",
        Text(
            "nobody knows what the event {value!r} does: it begins, changes and ends nothing",
            "không rõ sự kiện {value!r} làm gì: không bắt đầu, thay đổi hay kết thúc gì",
        ),
        Text(
            "If it ends what is paid: [inputs.{stage}.status] ended = [{value!r}]; if it is paid from then on: "
            "paying = [{value!r}].",
            "Nếu nó kết thúc việc trả phí: [inputs.{stage}.status] ended = [{value!r}]; nếu từ đó khách trả phí: "
            "paying = [{value!r}].",
        ),
        counts=False,
    ),
    error(
        "event-amounts",
        Text(
            "{value!r}: by this row the amounts of the events are neither what is paid after each nor by how much that "
            "changes",
            "{value!r}: theo dòng này, số tiền của các sự kiện không phải số trả sau mỗi sự kiện, cũng không phải mức "
            "thay đổi",
        ),
        Text(
            'Say which: [paid_users] event_amounts = "after" (paid from then on) or "change"; or leave money out: '
            "[inputs.{stage}.columns] {column} = false.",
            'Chỉ rõ: [paid_users] event_amounts = "after" (số trả từ đó) hoặc "change"; hoặc bỏ tiền: '
            "[inputs.{stage}.columns] {column} = false.",
        ),
        whole_file=True,
    ),
    error(
        "no-events",
        Text(
            "no column holds events, like created and cancelled. Headers seen: {seen}",
            "không có cột nào chứa sự kiện như created, cancelled. Các tiêu đề trong tệp: {seen}",
        ),
        Text(
            'Name it: [inputs.{stage}.columns] {column} = "your header"; or leave out [paid_users] shape.',
            'Khai cột đó: [inputs.{stage}.columns] {column} = "tiêu đề trong tệp"; hoặc bỏ [paid_users] shape.',
        ),
        whole_file=True,
    ),
    error(
        "log-beside-rows",
        Text(
            "its rows are events, and those of {other} are not: the same subscription would count in both",
            "các dòng là sự kiện, còn các dòng của {other} thì không: một thuê bao có thể bị tính ở cả hai",
        ),
        Text("Leave one of the two in the folder.", "Chỉ để một trong hai tệp trong thư mục."),
        whole_file=True,
    ),
    error(
        "list-days-undecided",
        Text(
            "{header!r} holds the first of each month, like {example!r}, and nothing says whether such a row tells who "
            "pays in that month or who paid in the one that is over",
            "{header!r} chứa ngày đầu tháng, như {example!r}, và không rõ dòng đó cho biết ai trả phí trong tháng đó "
            "hay trong tháng vừa kết thúc",
        ),
        Text(
            'Say which: [paid_users] first_of_month = "month" or "before".',
            'Chỉ rõ: [paid_users] first_of_month = "month" hoặc "before".',
        ),
        whole_file=True,
    ),
    error(
        "lists-or-payments",
        Text(
            "the same customers stand under several days of {header!r}: each row may be a payment of that day, or each "
            "day a list of who pays at the time",
            "cùng những khách đó xuất hiện ở nhiều ngày của {header!r}: mỗi dòng có thể là một lần thanh toán, hoặc "
            "mỗi ngày là một danh sách khách đang trả phí",
        ),
        Text(
            'Of payments: [paid_users] shape = "payments"; of lists: [inputs.{stage}.columns] {listed} = {header!r}.',
            'Nếu là thanh toán: [paid_users] shape = "payments"; nếu là danh sách: [inputs.{stage}.columns] {listed} = '
            "{header!r}.",
        ),
        whole_file=True,
    ),
    error(
        "list-day-not-read",
        Text(
            "{value!r} is neither a month with its year nor a day",
            "{value!r} không phải tháng kèm năm, cũng không phải ngày",
        ),
        or_leave_out("Write it like 2026-07, 07/2026 or 2026-07-31", "Viết như 2026-07, 07/2026 hoặc 2026-07-31"),
    ),
    warning(
        "listed-in-several",
        Text(
            "{count} [customer|customers], like {user}, [count!stands|stand] with the same start in several of these "
            "files, which give no ends: "
            "read as parts of one list, so nobody leaves",
            "{count} khách, như {user}, có cùng ngày bắt đầu trong nhiều tệp này, và không tệp nào có ngày kết thúc: "
            "được đọc như các phần của một danh sách nên không ai rời đi",
        ),
        Text(
            'If each file lists who pays at its time: [paid_users] same_customers = "snapshots"; if they are parts of '
            'one list: same_customers = "parts".',
            'Nếu mỗi tệp là danh sách khách trả phí tại thời điểm đó: [paid_users] same_customers = "snapshots"; nếu '
            'là các phần của một danh sách: same_customers = "parts".',
        ),
    ),
    warning(
        "rate-repeated",
        Text(
            "{count} [row|rows] with {rate} [count!is|are] like another one in all but {column!r}: {counts_as}",
            "{count} dòng có {rate} giống hệt dòng khác, chỉ khác ở {column!r}: {counts_as}",
        ),
        Text(
            "If each is a subscription of its own: [inputs.{stage}.columns] {key} = {column!r}; if they are bills of "
            "one: {once}[inputs.{stage}] ignore = [{column!r}].",
            "Nếu mỗi dòng là một thuê bao riêng: [inputs.{stage}.columns] {key} = {column!r}; nếu là các hóa đơn của "
            "một thuê bao: {once}[inputs.{stage}] ignore = [{column!r}].",
        ),
    ),
    warning(
        "open-beside-open",
        Text(
            "{user} pays by an open row since {since}, and this one is open beside it, with another plan or amount: "
            "both count",
            "{user} đã có dòng chưa kết thúc từ {since}, dòng này cũng chưa kết thúc, với gói hoặc số tiền khác: cả "
            "hai đều được tính",
        ),
        Text(
            'If it takes the place of the earlier one: [paid_users] open_rows = "replace"; if both are paid for: '
            'open_rows = "add".',
            'Nếu dòng này thay cho dòng trước: [paid_users] open_rows = "replace"; nếu trả phí cả hai: '
            'open_rows = "add".',
        ),
    ),
    warning(
        "gone-from-snapshot",
        Text(
            "{count} [customer|customers], like {user}, [count!is|are] not in the newer {other}, and nothing says when "
            "they left",
            "{count} khách, như {user}, không còn trong tệp mới hơn {other}, và không rõ rời đi khi nào",
        ),
        Text(
            "They count as paying, since other rows say when they end. If they have left: [paid_users] "
            'same_customers = "snapshots"; if the files are parts of one list: same_customers = "parts".',
            "Vẫn tính là đang trả phí vì các dòng khác có ngày kết thúc. Nếu họ đã rời đi: [paid_users] "
            'same_customers = "snapshots"; nếu các tệp là các phần của một danh sách: same_customers = "parts".',
        ),
    ),
)
