"""What files may be though they are not read so, or are read so by what their rows show: lists, copies, repeats."""

from funnelcli.problems.kinds.declare import error, warning
from funnelcli.text import Text

OF_SHAPES = (
    error(
        "list-of-people",
        Text(
            "{count} of {rows} rows have the person and the date of a row of {other}, and say nothing else of {title}: "
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
            "{count} rows, like that of {user}, are rows of {other} under another id or none: where both files reach, "
            "all people and times are the same, and each counts once",
            "{count} dòng, như của {user}, là các dòng của {other} với mã khác hoặc không có mã: trong thời gian cả "
            "hai tệp đều có, mọi người và thời điểm đều giống nhau, nên mỗi dòng chỉ tính một lần",
        ),
        Text(
            "Leave one of the two exports in the folder; export again without overlap.",
            "Chỉ để một trong hai tệp trong thư mục; xuất lại sao cho không trùng thời gian.",
        ),
        counts=False,
    ),
    warning(
        "times-alike",
        Text(
            "its {count} rows have the times of those of {other}, and other ids: they may be the same rows once more; "
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
            "customers{like}; rows that change with one: {changed}",
            "được đọc như danh sách khách trả phí theo thời điểm, {made}: {gone} khách{like} không còn trong danh "
            "sách mới hơn nên tính là mất; {changed} dòng thay đổi theo danh sách mới hơn",
        ),
        Text(
            'If they are parts of one list, so that every row counts: [paid_users] same_customers = "parts".',
            'Nếu đó là các phần của một danh sách, dòng nào cũng được tính: [paid_users] same_customers = "parts".',
        ),
    ),
    warning(
        "listed-in-several",
        Text(
            "{count} customers, like {user}, stand with the same start in several of these files, which give no ends: "
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
            "{count} rows with {rate} are like another one in all but {column!r}: {counts_as}",
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
            "{count} customers, like {user}, are not in the newer {other}, and nothing says when they left",
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
