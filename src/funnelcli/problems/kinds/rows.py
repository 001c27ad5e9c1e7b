"""What is wrong with rows: a cell that is not what its column holds, or rows that contradict each other."""

from funnelcli.problems.kinds.declare import error, or_leave_out
from funnelcli.text import Text

_FIX_CELL = or_leave_out("Fix the cell", "Sửa ô này")
_MEANS_EMPTY = Text(
    "If it means empty, say so in funnel.toml: [inputs.{stage}] empty = [{word}]; else fix the cell.",
    "Nếu nó nghĩa là để trống, hãy khai báo trong funnel.toml: [inputs.{stage}] empty = [{word}]; nếu không, sửa "
    "ô này.",
)

OF_ROWS = (
    error(
        "too-many-cells",
        Text(
            "has {count} [cell|cells] where the header has {width}: a {delimiter} inside a cell needs quotation marks",
            "có {count} ô trong khi tiêu đề có {width}: ô chứa {delimiter} phải đặt trong dấu ngoặc kép",
        ),
        or_leave_out("Quote the cell", "Đặt ô trong dấu ngoặc kép"),
    ),
    error("empty-cell", Text("{column} is empty", "{column} để trống"), or_leave_out("Fill the cell in", "Điền ô này")),
    error(
        "not-a-date",
        Text(
            "{value!r} is not a date. Dates here look like {looks}",
            "{value!r} không phải ngày. Ngày ở cột này viết như {looks}",
        ),
        _FIX_CELL,
    ),
    error(
        "implausible-date",
        Text("{value!r} lies outside the years 1990 to 2099", "{value!r} nằm ngoài các năm 1990–2099"),
        _FIX_CELL,
    ),
    error(
        "shortened-id",
        Text(
            "{value!r} is a long number that a spreadsheet has cut short: different ids look alike",
            "{value!r} là số dài bị bảng tính rút gọn: các mã khác nhau trông giống nhau",
        ),
        or_leave_out("Export it again with the column as text", "Xuất lại với cột này ở dạng văn bản"),
    ),
    error(
        "spreadsheet-error",
        Text(
            "{value!r} is an error of a spreadsheet: what stood here is lost",
            "{value!r} là lỗi của bảng tính: giá trị ở đây đã mất",
        ),
        or_leave_out(
            "Mend the formula and export again; if it means empty, say so: [inputs.{stage}] empty = [{word}]",
            "Sửa công thức rồi xuất lại; nếu nó nghĩa là để trống, hãy khai báo: [inputs.{stage}] empty = [{word}]",
        ),
    ),
    error(
        "no-end-value",
        Text(
            "{value!r} is no date here: it may say that there is no end, and then the customer still pays",
            "{value!r} không phải ngày: có thể nghĩa là không có ngày kết thúc, khi đó khách vẫn đang trả phí",
        ),
        _MEANS_EMPTY,
        whole_file=True,
    ),
    error(
        "no-date-value",
        Text(
            "{value!r} is no date here: it may say that there is none",
            "{value!r} không phải ngày: có thể nghĩa là chưa có ngày",
        ),
        or_leave_out(
            "If it means empty, say so in funnel.toml: [inputs.{stage}] empty = [{word}]; else fix the cell",
            "Nếu nó nghĩa là để trống, hãy khai báo trong funnel.toml: [inputs.{stage}] empty = [{word}]; nếu không, "
            "sửa ô này",
        ),
    ),
    error(
        "not-a-count",
        Text("{value!r} is not a whole number from 0 up", "{value!r} không phải số nguyên từ 0 trở lên"),
        _FIX_CELL,
    ),
    error("not-a-number", Text("{value!r} is not a number{range}", "{value!r} không phải số{range}"), _FIX_CELL),
    error(
        "not-yes-or-no",
        Text("{value!r} is neither yes nor no", "{value!r} không phải có hay không"),
        or_leave_out("Write true or false", "Ghi true hoặc false"),
    ),
    error(
        "end-before-start",
        Text("ends {ended} before it starts {started}", "kết thúc {ended} trước khi bắt đầu {started}"),
        or_leave_out("Fix the dates", "Sửa hai ngày"),
    ),
    error(
        "more-existing-than-visits",
        Text(
            "existing_visits is {existing} but visits is {visits}",
            "existing_visits là {existing} nhưng visits là {visits}",
        ),
        _FIX_CELL,
    ),
    error(
        "not-a-month",
        Text("{value!r} is not a month", "{value!r} không phải tháng"),
        or_leave_out("Write it as 2026-10 or 10/2026", "Viết như 2026-10 hoặc 10/2026"),
    ),
    error(
        "month-without-year",
        Text("{value!r} says no year", "{value!r} không ghi năm"),
        or_leave_out("Write the year too, like 2026-09", "Ghi cả năm, như 2026-09"),
    ),
    error(
        "not-a-channel",
        Text("{value!r} is not a channel ({channels})", "{value!r} không phải kênh ({channels})"),
        or_leave_out("Use one of the channel names", "Dùng một trong các tên kênh"),
    ),
    error(
        "month-twice",
        Text(
            "{month} stands here and in {other_place} for the same channel",
            "{month} có ở đây và ở {other_place} cho cùng một kênh",
        ),
        or_leave_out("Keep one of the rows", "Giữ một trong các dòng"),
    ),
    error(
        "mixed-currency",
        Text("{value!r} is an amount in {said}, but {basis}", "{value!r} là số tiền bằng {said}, nhưng {basis}"),
        Text(
            "Convert the amounts; or keep one currency, where a column says it: "
            "[inputs.{stage}.keep] {header!r} = [{keep!r}]; or map a column whose header names "
            "the one currency of all its rows; or set [business] currency; or leave the row out with --skip-bad-rows.",
            "Quy đổi số tiền; hoặc chỉ giữ một loại tiền, nếu có cột ghi loại tiền: "
            "[inputs.{stage}.keep] {header!r} = [{keep!r}]; hoặc khai cột có tiêu đề ghi một loại "
            "tiền cho mọi dòng; hoặc đặt [business] currency; hoặc bỏ qua dòng này bằng --skip-bad-rows.",
        ),
    ),
    error(
        "balance-does-not-close",
        Text(
            "{metric} of {month} is {given}, but the months before make it {computed}",
            "{metric} của {month} là {given}, nhưng tính từ các tháng trước thì là {computed}",
        ),
        Text("Correct the balance or the months before it.", "Sửa số dư hoặc các tháng trước đó."),
        whole_file=True,
    ),
    error(
        "parts-exceed-whole",
        Text(
            "the channels of {month} sum to {parts}, more than the whole, {whole}",
            "tổng các kênh của {month} là {parts}, lớn hơn tổng chung {whole}",
        ),
        Text("Correct the row.", "Sửa dòng này."),
        whole_file=True,
    ),
)
