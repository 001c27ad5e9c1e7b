"""Every kind of error and warning about the data, declared once; the reports and docs/errors.md are made from it."""

from dataclasses import dataclass
from enum import StrEnum

from funnelcli.text import Text


class Severity(StrEnum):
    """ERROR stops the report; WARNING is odd but legal."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def word(self) -> Text:
        """What it is called for people."""
        return Text("error", "lỗi") if self is Severity.ERROR else Text("warning", "cảnh báo")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of problem, declared once.

    ``message`` and ``hint`` are templates over the facts given to :func:`problem`; ``whole_file`` marks faults
    that leaving rows out cannot cure.
    """

    code: str
    severity: Severity
    message: Text
    hint: Text
    whole_file: bool = False


def _error(code: str, message: Text, hint: Text, *, whole_file: bool = False) -> Kind:
    return Kind(code=code, severity=Severity.ERROR, message=message, hint=hint, whole_file=whole_file)


def _warning(code: str, message: Text, hint: Text) -> Kind:
    return Kind(code=code, severity=Severity.WARNING, message=message, hint=hint)


def _row(english: str, vietnamese: str) -> Text:
    """A hint for a fault of one row, which can also be left out."""
    return Text(
        f"{english}, or leave the row out with --skip-bad-rows.",
        f"{vietnamese}, hoặc bỏ qua dòng này bằng --skip-bad-rows.",
    )


_FIX_CELL = _row("Fix the cell", "Sửa ô này")
_BOTH_DATES = Text("It counts; check both dates.", "Dòng này vẫn được tính; kiểm tra lại hai ngày.")

_ALL = (
    # the file as a whole
    _error(
        "unreadable-file",
        Text("cannot be read: {reason}", "không đọc được: {reason}"),
        Text("Check the path and the permissions, then run again.", "Kiểm tra đường dẫn và quyền đọc, rồi chạy lại."),
        whole_file=True,
    ),
    _error(
        "empty-file",
        Text("is empty", "tệp trống"),
        Text("Export it again, or take it out of the folder.", "Xuất lại tệp, hoặc bỏ tệp khỏi thư mục."),
        whole_file=True,
    ),
    _error(
        "html-file",
        Text(
            "is a web page (HTML), not a table: often a login page saved by a download script",
            "là trang web (HTML), không phải bảng: thường là trang đăng nhập do script tải về lưu nhầm",
        ),
        Text("Export the table again as CSV or XLSX.", "Xuất lại bảng dạng CSV hoặc XLSX."),
        whole_file=True,
    ),
    _error(
        "binary-file",
        Text(
            "is not text and no known table format ({what})",
            "không phải văn bản, cũng không phải định dạng bảng đã biết ({what})",
        ),
        Text("Export it as CSV, XLSX or Parquet.", "Xuất tệp dạng CSV, XLSX hoặc Parquet."),
        whole_file=True,
    ),
    _error(
        "broken-file",
        Text("is damaged: {reason}", "tệp bị hỏng: {reason}"),
        Text("Export or download it again.", "Xuất hoặc tải lại tệp."),
        whole_file=True,
    ),
    _error(
        "bad-encoding",
        Text(
            "is not {encoding} text: byte {byte} of the file cannot be read",
            "không phải văn bản {encoding}: không đọc được byte {byte} của tệp",
        ),
        Text(
            "Save it as UTF-8, or set encoding in [inputs.{stage}].",
            "Lưu lại dạng UTF-8, hoặc đặt encoding trong [inputs.{stage}].",
        ),
        whole_file=True,
    ),
    _error(
        "same-file-twice",
        Text(
            "is the same file as {other}, byte for byte: its rows would count twice",
            "trùng hoàn toàn với tệp {other}: các dòng sẽ bị tính hai lần",
        ),
        Text("Remove one of the two.", "Bỏ một trong hai tệp."),
        whole_file=True,
    ),
    _error(
        "no-sheet",
        Text(
            "has no sheet named {sheet!r}; its sheets are: {seen}",
            "không có sheet tên {sheet!r}; các sheet có trong tệp: {seen}",
        ),
        Text("Correct sheet in [inputs.{stage}].", "Sửa khóa sheet trong [inputs.{stage}]."),
        whole_file=True,
    ),
    _error(
        "missing-column",
        Text(
            "has no column for {column} ({meaning}). Headers seen: {seen}.{closest}",
            "không có cột cho {column} ({meaning}). Các tiêu đề trong tệp: {seen}.{closest}",
        ),
        Text(
            'Name it in funnel.toml: [inputs.{stage}.columns] {column} = "your header".',
            'Khai báo trong funnel.toml: [inputs.{stage}.columns] {column} = "tiêu đề trong tệp".',
        ),
        whole_file=True,
    ),
    _error(
        "mapped-column-missing",
        Text(
            "has no column {header!r}, which funnel.toml maps to {column}. Headers seen: {seen}.{closest}",
            "không có cột {header!r} mà funnel.toml gán cho {column}. Các tiêu đề trong tệp: {seen}.{closest}",
        ),
        Text("Correct [inputs.{stage}.columns].", "Sửa [inputs.{stage}.columns]."),
        whole_file=True,
    ),
    _error(
        "filter-column-missing",
        Text(
            "has no column {header!r}, which keep or drop names. Headers seen: {seen}.{closest}",
            "không có cột {header!r} nêu trong keep hoặc drop. Các tiêu đề trong tệp: {seen}.{closest}",
        ),
        Text("Correct [inputs.{stage}.keep] or .drop.", "Sửa [inputs.{stage}.keep] hoặc .drop."),
        whole_file=True,
    ),
    _error(
        "several-sheets",
        Text("has several sheets that fit: {sheets}", "có nhiều sheet phù hợp: {sheets}"),
        Text(
            'Say which: [inputs.{stage}] sheet = "…"; a glob like "*" reads them all.',
            'Chỉ rõ sheet: [inputs.{stage}] sheet = "…"; mẫu như "*" sẽ đọc tất cả.',
        ),
        whole_file=True,
    ),
    _error(
        "repeated-header",
        Text(
            "has {count} columns named {header!r}, wanted for {column}",
            "có {count} cột cùng tên {header!r}, cần cho {column}",
        ),
        Text(
            "Rename one of them, or map another header in [inputs.{stage}.columns].",
            "Đổi tên một cột, hoặc gán tiêu đề khác trong [inputs.{stage}.columns].",
        ),
        whole_file=True,
    ),
    _error(
        "date-order-undecided",
        Text(
            "every date could be day/month or month/day ({example!r}): nothing in the column decides",
            "ngày nào cũng có thể là ngày/tháng hoặc tháng/ngày ({example!r}): cả cột không có gì để phân biệt",
        ),
        Text(
            'Say which: [inputs.{stage}] date_order = "dmy" (or "mdy").',
            'Chỉ rõ thứ tự: [inputs.{stage}] date_order = "dmy" (hoặc "mdy").',
        ),
        whole_file=True,
    ),
    _error(
        "date-order-mixed",
        Text(
            "{example!r} can only be {order} but {other!r} ({other_place}) can only be {other_order}",
            "{example!r} chỉ có thể là {order} nhưng {other!r} ({other_place}) chỉ có thể là {other_order}",
        ),
        Text(
            "Make the dates of this input alike (all its files), or write them as YYYY-MM-DD.",
            "Viết ngày thống nhất trong mọi tệp của nguồn này, hoặc dùng dạng YYYY-MM-DD.",
        ),
        whole_file=True,
    ),
    _error(
        "decimal-undecided",
        Text(
            "{example!r} could be thousands or a fraction of zeros: nothing in the column decides",
            "{example!r} có thể là hàng nghìn hoặc phần thập phân toàn số 0: cả cột không có gì để phân biệt",
        ),
        Text(
            'Say which: [inputs.{stage}] decimal = "," (or ".").',
            'Chỉ rõ dấu thập phân: [inputs.{stage}] decimal = "," (hoặc ".").',
        ),
        whole_file=True,
    ),
    _error(
        "decimal-mixed",
        Text(
            "{example!r} uses {mark!r} as the decimal mark but {other!r} ({other_place}) uses {other_mark!r}",
            "{example!r} dùng {mark!r} làm dấu thập phân nhưng {other!r} ({other_place}) dùng {other_mark!r}",
        ),
        Text("Make the numbers of this column alike.", "Viết số thống nhất trong cả cột."),
        whole_file=True,
    ),
    _error(
        "unclosed-quote",
        Text(
            "a quotation mark opened here is never closed: the rest of the file is one cell",
            "dấu ngoặc kép mở ở đây không được đóng: phần còn lại của tệp thành một ô",
        ),
        Text("Close or remove the quotation mark.", "Đóng hoặc xóa dấu ngoặc kép."),
        whole_file=True,
    ),
    _error(
        "second-table",
        Text("a second table begins here: {example!r}", "bảng thứ hai bắt đầu ở đây: {example!r}"),
        Text("Put each table in a file of its own.", "Tách mỗi bảng ra một tệp riêng."),
        whole_file=True,
    ),
    # one row
    _error(
        "too-many-cells",
        Text(
            "has {count} cells where the header has {width}: a {delimiter} inside a cell needs quotation marks",
            "có {count} ô trong khi tiêu đề có {width}: ô chứa {delimiter} phải đặt trong dấu ngoặc kép",
        ),
        _row("Quote the cell", "Đặt ô trong dấu ngoặc kép"),
    ),
    _error("empty-cell", Text("{column} is empty", "{column} để trống"), _row("Fill the cell in", "Điền ô này")),
    _error(
        "not-a-date",
        Text(
            "{value!r} is not a date. Dates here look like {looks}",
            "{value!r} không phải ngày. Ngày ở cột này viết như {looks}",
        ),
        _FIX_CELL,
    ),
    _error(
        "implausible-date",
        Text("{value!r} lies outside the years 1990 to 2099", "{value!r} nằm ngoài các năm 1990–2099"),
        _FIX_CELL,
    ),
    _error(
        "shortened-id",
        Text(
            "{value!r} is a long number that a spreadsheet has cut short: different ids look alike",
            "{value!r} là số dài bị bảng tính rút gọn: các mã khác nhau trông giống nhau",
        ),
        _row("Export it again with the column as text", "Xuất lại với cột này ở dạng văn bản"),
    ),
    _error(
        "not-a-count",
        Text("{value!r} is not a whole number from 0 up", "{value!r} không phải số nguyên từ 0 trở lên"),
        _FIX_CELL,
    ),
    _error("not-a-number", Text("{value!r} is not a number{range}", "{value!r} không phải số{range}"), _FIX_CELL),
    _error(
        "not-yes-or-no",
        Text("{value!r} is neither yes nor no", "{value!r} không phải có hay không"),
        _row("Write true or false", "Ghi true hoặc false"),
    ),
    _error(
        "end-before-start",
        Text("ends {ended} before it starts {started}", "kết thúc {ended} trước khi bắt đầu {started}"),
        _row("Fix the dates", "Sửa hai ngày"),
    ),
    _error(
        "more-existing-than-visits",
        Text(
            "existing_visits is {existing} but visits is {visits}",
            "existing_visits là {existing} nhưng visits là {visits}",
        ),
        _FIX_CELL,
    ),
    _error(
        "not-a-month",
        Text("{value!r} is not a month", "{value!r} không phải tháng"),
        _row("Write it as 2026-10 or 10/2026", "Viết như 2026-10 hoặc 10/2026"),
    ),
    _error(
        "not-a-channel",
        Text("{value!r} is not a channel ({channels})", "{value!r} không phải kênh ({channels})"),
        _row("Use one of the channel names", "Dùng một trong các tên kênh"),
    ),
    _error(
        "month-twice",
        Text(
            "{month} stands here and in {other_place} for the same channel",
            "{month} có ở đây và ở {other_place} cho cùng một kênh",
        ),
        _row("Keep one of the rows", "Giữ một trong các dòng"),
    ),
    _error(
        "mixed-currency",
        Text("{value!r} is an amount in {said}, but {basis}", "{value!r} là số tiền bằng {said}, nhưng {basis}"),
        Text(
            "Convert the amounts; or keep one currency, where a column says it: "
            "[inputs.{stage}.keep] {header!r} = [{keep!r}]; or set [business] currency; "
            "or leave the row out with --skip-bad-rows.",
            "Quy đổi số tiền; hoặc chỉ giữ một loại tiền, nếu có cột ghi loại tiền: "
            "[inputs.{stage}.keep] {header!r} = [{keep!r}]; hoặc đặt [business] currency; "
            "hoặc bỏ qua dòng này bằng --skip-bad-rows.",
        ),
    ),
    _error(
        "balance-does-not-close",
        Text(
            "{metric} of {month} is {given}, but the months before make it {computed}",
            "{metric} của {month} là {given}, nhưng tính từ các tháng trước thì là {computed}",
        ),
        Text("Correct the balance or the months before it.", "Sửa số dư hoặc các tháng trước đó."),
        whole_file=True,
    ),
    _error(
        "parts-exceed-whole",
        Text(
            "the channels of {month} sum to {parts}, more than the whole, {whole}",
            "tổng các kênh của {month} là {parts}, lớn hơn tổng chung {whole}",
        ),
        Text("Correct the row.", "Sửa dòng này."),
        whole_file=True,
    ),
    # odd but legal
    _warning(
        "no-rows",
        Text("has a header and no rows: it counts as zeros", "chỉ có tiêu đề, không có dòng nào: được tính là 0"),
        Text("Is this the right export?", "Có đúng tệp cần xuất không?"),
    ),
    _warning(
        "excel-named-otherwise",
        Text(
            "is an Excel workbook under another name; it was read as one",
            "là tệp Excel mang đuôi khác; đã đọc như tệp Excel",
        ),
        Text("Rename it to .xlsx.", "Đổi đuôi tệp thành .xlsx."),
    ),
    _warning(
        "short-row",
        Text(
            "has {count} cells where the header has {width}; the missing ones count as empty",
            "có {count} ô trong khi tiêu đề có {width}; các ô thiếu được coi là trống",
        ),
        Text("Check that the row was not cut off.", "Kiểm tra xem dòng có bị cắt không."),
    ),
    _warning(
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
    _warning(
        "orphan-user",
        Text("{user} has no signup", "{user} không có dòng đăng ký"),
        Text(
            "It counts; check that the signups export reaches back far enough.",
            "Dòng này vẫn được tính; kiểm tra xem tệp signups có đủ lịch sử không.",
        ),
    ),
    _warning(
        "paid-before-signup",
        Text(
            "{user} paid on {started}, before signing up on {signed_up}",
            "{user} trả phí ngày {started}, trước khi đăng ký ngày {signed_up}",
        ),
        _BOTH_DATES,
    ),
    _warning(
        "held-before-booked",
        Text(
            "the demo was held on {held}, before it was booked on {booked}",
            "demo diễn ra ngày {held}, trước khi được đặt ngày {booked}",
        ),
        _BOTH_DATES,
    ),
    _warning(
        "held-without-date",
        Text(
            "the demo was held but says not when; it counts on the day it was booked",
            "demo đã diễn ra nhưng không ghi ngày; được tính vào ngày đặt",
        ),
        Text("Add held_at.", "Thêm held_at."),
    ),
    _warning(
        "unknown-status",
        Text(
            "the demo status {value!r} is not known; it counts as held when it has held_at",
            "không hiểu trạng thái demo {value!r}; được coi là đã diễn ra nếu có held_at",
        ),
        Text("Check the status.", "Kiểm tra lại trạng thái."),
    ),
    _warning(
        "not-paying",
        Text(
            "the status {value!r} says that nobody pays; the row counts",
            "trạng thái {value!r} cho biết khách không trả phí; dòng này vẫn được tính",
        ),
        Text(
            "Leave such rows out: [inputs.paid_users.drop] {header!r} = [{value!r}].",
            "Để bỏ các dòng này: [inputs.paid_users.drop] {header!r} = [{value!r}].",
        ),
    ),
    _warning(
        "not-an-amount",
        Text(
            "{value!r} is not an amount from 0 up, so the MRR of the row is not known",
            "{value!r} không phải số tiền từ 0 trở lên nên không biết MRR của dòng này",
        ),
        Text(
            "Fix the cell: MRR is missing at the end of every period in which the row is in force.",
            "Sửa ô này: cuối mọi kỳ mà dòng này còn hiệu lực đều thiếu MRR.",
        ),
    ),
    _warning(
        "no-amount",
        Text("has {what}, so the MRR of the row is not known", "{what} nên không biết MRR của dòng này"),
        Text(
            "Fill in mrr, or an amount with an end or an interval: MRR is missing while the row is in force.",
            "Điền mrr, hoặc số tiền kèm ngày kết thúc hay chu kỳ: khi dòng còn hiệu lực thì thiếu MRR.",
        ),
    ),
    _warning(
        "amount-undecided",
        Text(
            "{value!r} could be thousands or a fraction: nothing in the amounts decides, so MRR is missing",
            "{value!r} có thể là hàng nghìn hoặc số thập phân: các số tiền không giúp phân biệt nên thiếu MRR",
        ),
        Text(
            'Say which: [inputs.{stage}] decimal = "," (or ".").',
            'Chỉ rõ dấu thập phân: [inputs.{stage}] decimal = "," (hoặc ".").',
        ),
    ),
    _warning(
        "nothing-kept",
        Text("keep and drop leave out all of its {count} rows", "keep và drop loại hết {count} dòng của tệp"),
        Text(
            "Check the globs of [inputs.{stage}.keep] and .drop.",
            "Kiểm tra các mẫu trong [inputs.{stage}.keep] và .drop.",
        ),
    ),
    _warning(
        "future-date",
        Text("{value} lies after {limit}", "{value} sau ngày {limit}"),
        Text(
            "Nothing after as_of is counted; check the date, or set --as-of.",
            "Không tính gì sau ngày as_of; kiểm tra lại ngày, hoặc đặt --as-of.",
        ),
    ),
    _warning(
        "month-gap",
        Text("no rows in {months}", "không có dòng nào trong {months}"),
        Text("Zeros are shown; check that the export is whole.", "Hiển thị số 0; kiểm tra xem tệp có đủ không."),
    ),
    _warning(
        "begins-late",
        Text("begins {first}, later than {other} ({other_first})", "bắt đầu {first}, muộn hơn {other} ({other_first})"),
        Text(
            "The months before show zeros; export it from the same day on.",
            "Các tháng trước đó hiển thị số 0; xuất lại từ cùng một ngày.",
        ),
    ),
    _warning(
        "ends-early",
        Text("ends {last}, before as_of {as_of}", "kết thúc {last}, trước as_of {as_of}"),
        Text(
            "The days after show zeros; export it again, or set --as-of {last}.",
            "Các ngày sau đó hiển thị số 0; xuất lại, hoặc đặt --as-of {last}.",
        ),
    ),
    _warning(
        "unmatched-source",
        Text(
            "source {value!r} ({count} rows) matches no channel pattern; it counts as organic",
            "nguồn {value!r} ({count} dòng) không khớp mẫu kênh nào; được tính vào kênh tự nhiên",
        ),
        Text('Give it a channel: [channels] paid = ["…"].', 'Gán kênh cho nguồn: [channels] paid = ["…"].'),
    ),
    _warning(
        "overlapping-files",
        Text(
            "{count} of its (day, source) sums also stand in {other}",
            "{count} tổng theo (ngày, nguồn) của tệp cũng có trong {other}",
        ),
        Text(
            "Check that the two exports do not cover the same days.",
            "Kiểm tra xem hai tệp có trùng ngày không.",
        ),
    ),
    _warning(
        "unused-column",
        Text("the monthly column {column!r} was not used: {reason}", "cột tháng {column!r} không được dùng: {reason}"),
        Text(
            "Remove the column, or the export that stands for it.",
            "Bỏ cột này, hoặc bỏ tệp xuất riêng đang thay cho nó.",
        ),
    ),
)

KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}
