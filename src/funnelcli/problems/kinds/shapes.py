"""What files may be though they are not read so, or are read so by what their rows show: lists, copies, repeats."""

from funnelcli.problems.kinds.declare import warning
from funnelcli.text import Text

OF_SHAPES = (
    warning(
        "read-as-snapshots",
        Text(
            "read as lists of who pays at the time, {made}: gone from a newer list, and so lost: {gone} "
            "customers{like}; rows that change with one: {changed}",
            "được đọc như danh sách khách trả phí theo thời điểm, {made}: {gone} khách{like} không còn trong danh "
            "sách mới hơn nên tính là mất; {changed} dòng thay đổi theo danh sách mới hơn",
        ),
        Text(
            'If they are parts of one list, so that every row counts: [paid_users] lists = "parts".',
            'Nếu đó là các phần của một danh sách, dòng nào cũng được tính: [paid_users] lists = "parts".',
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
            "They count as paying, since other rows say when they end. If they have left: [paid_users] lists = "
            '"snapshots"; if the files are parts of one list: lists = "parts".',
            "Vẫn tính là đang trả phí vì các dòng khác có ngày kết thúc. Nếu họ đã rời đi: [paid_users] lists = "
            '"snapshots"; nếu các tệp là các phần của một danh sách: lists = "parts".',
        ),
    ),
)
