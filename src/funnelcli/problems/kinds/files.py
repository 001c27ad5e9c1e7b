"""What is wrong with a file as a whole: it cannot be read, or not be understood."""

from funnelcli.problems.kinds.declare import error
from funnelcli.text import Text

OF_FILES = (
    error(
        "unreadable-file",
        Text("cannot be read: {reason}", "không đọc được: {reason}"),
        Text("Check the path and the permissions, then run again.", "Kiểm tra đường dẫn và quyền đọc, rồi chạy lại."),
        whole_file=True,
    ),
    error(
        "unseen-by-workers",
        Text("is not there for {worker}", "không có ở {worker}"),
        Text(
            "Put it where all workers see it under the same path, or count here: --workers N, or no --scheduler.",
            "Đặt tệp ở nơi mọi tiến trình (worker) đều thấy cùng đường dẫn, hoặc tính tại đây: --workers N, "
            "hoặc không dùng --scheduler.",
        ),
        whole_file=True,
    ),
    error(
        "changed-by-workers",
        Text("is of another size or time for {worker} than here", "ở {worker} có kích thước hoặc thời điểm khác ở đây"),
        Text("Wait until it is written everywhere, then run again.", "Chờ tệp được ghi xong ở mọi nơi, rồi chạy lại."),
        whole_file=True,
    ),
    error(
        "not-counted-by-workers",
        Text("was counted by no worker: {reason}", "không tiến trình (worker) nào tính được: {reason}"),
        Text(
            "See whether the workers have enough memory and may read it, or count it here, without --engine dask.",
            "Xem các tiến trình (worker) có đủ bộ nhớ và quyền đọc không, hoặc tính tại đây, không dùng --engine dask.",
        ),
        whole_file=True,
    ),
    error(
        "empty-file",
        Text("is empty", "tệp trống"),
        Text("Export it again, or take it out of the folder.", "Xuất lại tệp, hoặc bỏ tệp khỏi thư mục."),
        whole_file=True,
    ),
    error(
        "html-file",
        Text(
            "is a web page (HTML), not a table: often a login page saved by a download script",
            "là trang web (HTML), không phải bảng: thường là trang đăng nhập do script tải về lưu nhầm",
        ),
        Text("Export the table again as CSV or XLSX.", "Xuất lại bảng dạng CSV hoặc XLSX."),
        whole_file=True,
    ),
    error(
        "binary-file",
        Text(
            "is not text and no known table format ({what})",
            "không phải văn bản, cũng không phải định dạng bảng đã biết ({what})",
        ),
        Text("Export it as CSV, XLSX or Parquet.", "Xuất tệp dạng CSV, XLSX hoặc Parquet."),
        whole_file=True,
    ),
    error(
        "broken-file",
        Text("is damaged: {reason}", "tệp bị hỏng: {reason}"),
        Text("Export or download it again.", "Xuất hoặc tải lại tệp."),
        whole_file=True,
    ),
    error(
        "too-large",
        Text("holds more than {most}, and is not read further{why}", "chứa hơn {most} nên không đọc tiếp{why}"),
        Text(
            "Look at what is in it: unpack it, or save the part that is wanted as CSV.",
            "Xem tệp chứa gì: giải nén, hoặc lưu phần cần dùng thành CSV.",
        ),
        whole_file=True,
    ),
    error(
        "changed-file",
        Text("changed while it was read", "tệp bị thay đổi trong khi đang đọc"),
        Text("Wait until it is written, then run again.", "Chờ ghi xong rồi chạy lại."),
        whole_file=True,
    ),
    error(
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
    error(
        "same-file-twice",
        Text(
            "is the same file as {other}, byte for byte: its rows would count twice",
            "trùng hoàn toàn với tệp {other}: các dòng sẽ bị tính hai lần",
        ),
        Text("Remove one of the two.", "Bỏ một trong hai tệp."),
        whole_file=True,
    ),
    error(
        "no-sheet",
        Text(
            "has no sheet named {sheet!r}; its sheets are: {seen}",
            "không có sheet tên {sheet!r}; các sheet có trong tệp: {seen}",
        ),
        Text("Correct sheet in [inputs.{stage}].", "Sửa khóa sheet trong [inputs.{stage}]."),
        whole_file=True,
    ),
    error(
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
    error(
        "mapped-column-missing",
        Text(
            "has no column {header!r}, which funnel.toml maps to {column}. Headers seen: {seen}.{closest}",
            "không có cột {header!r} mà funnel.toml gán cho {column}. Các tiêu đề trong tệp: {seen}.{closest}",
        ),
        Text("Correct [inputs.{stage}.columns], or [identity].", "Sửa [inputs.{stage}.columns], hoặc [identity]."),
        whole_file=True,
    ),
    error(
        "filter-column-missing",
        Text(
            "has no column {header!r}, which keep or drop names. Headers seen: {seen}.{closest}",
            "không có cột {header!r} nêu trong keep hoặc drop. Các tiêu đề trong tệp: {seen}.{closest}",
        ),
        Text("Correct [inputs.{stage}.keep] or .drop.", "Sửa [inputs.{stage}.keep] hoặc .drop."),
        whole_file=True,
    ),
    error(
        "several-sheets",
        Text("has several sheets that fit: {sheets}", "có nhiều sheet phù hợp: {sheets}"),
        Text(
            'Say which: [inputs.{stage}] sheet = "…"; a glob like "*" reads them all.',
            'Chỉ rõ sheet: [inputs.{stage}] sheet = "…"; mẫu như "*" sẽ đọc tất cả.',
        ),
        whole_file=True,
    ),
    error(
        "repeated-header",
        Text(
            "has {count} [column|columns] named {header!r}, wanted for {column}",
            "có {count} cột cùng tên {header!r}, cần cho {column}",
        ),
        Text(
            "Rename one of them, or map another header in [inputs.{stage}.columns].",
            "Đổi tên một cột, hoặc gán tiêu đề khác trong [inputs.{stage}.columns].",
        ),
        whole_file=True,
    ),
    error(
        "tables-side-by-side",
        Text(
            "two tables stand side by side: another one begins in column {letters}, with {header!r}",
            "hai bảng nằm cạnh nhau: bảng khác bắt đầu ở cột {letters}, với {header!r}",
        ),
        Text(
            "Put each table in a file, or a sheet, of its own; or one below the other, under one header.",
            "Đặt mỗi bảng vào một tệp hoặc sheet riêng; hoặc nối bảng này bên dưới bảng kia, chung một dòng tiêu đề.",
        ),
        whole_file=True,
    ),
    error(
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
    error(
        "years-first-undecided",
        Text(
            "dates like {example!r} may begin with the year: their last number changes more than the first",
            "ngày như {example!r} có thể bắt đầu bằng năm: số cuối thay đổi nhiều hơn số đầu",
        ),
        Text(
            'Say which: [inputs.{stage}] date_order = "ymd"; or "dmy", if the year stands last.',
            'Chỉ rõ thứ tự: [inputs.{stage}] date_order = "ymd"; hoặc "dmy" nếu năm đứng cuối.',
        ),
        whole_file=True,
    ),
    error(
        "months-for-days",
        Text(
            "the cells under {header!r} are months, like {example!r}, and no days",
            "các ô ở cột {header!r} là tháng, như {example!r}, không phải ngày",
        ),
        Text(
            "Export by day; or give the figures of whole months in a table of months (monthly.csv).",
            "Xuất theo ngày; hoặc đưa số liệu từng tháng vào bảng tháng (monthly.csv).",
        ),
        whole_file=True,
    ),
    error(
        "months-across",
        Text(
            "{count} of its columns [is a month|are months], {first!r} to {last!r}, and no column says when a row is",
            "có {count} cột là tháng, từ {first!r} đến {last!r}, và không cột nào cho biết thời điểm của dòng",
        ),
        Text("To have them read, {step}{year}.", "Để đọc được, {step}{year}."),
        whole_file=True,
    ),
    error(
        "days-across",
        Text(
            "{count} of its columns [is a day|are days], {first!r} to {last!r}, and no column says when a row is",
            "có {count} cột là ngày, từ {first!r} đến {last!r}, và không cột nào cho biết thời điểm của dòng",
        ),
        Text(
            "To have them read, leave beside the days only columns of words that say whose the numbers are{year}; or "
            "write a row for each day, with a column for the date.",
            "Để đọc được, bên cạnh các cột ngày chỉ để cột chữ cho biết số đó của gì{year}; hoặc ghi mỗi ngày thành "
            "một dòng, với một cột ngày.",
        ),
        whole_file=True,
    ),
    error(
        "months-without-year",
        Text(
            "the cells under {column!r} say no year, like {example!r}, and no other column says when a row is",
            "các ô ở cột {column!r} không ghi năm, như {example!r}, và không cột nào khác cho biết thời điểm của dòng",
        ),
        Text("To have them read, {step}.", "Để đọc được, {step}."),
        whole_file=True,
    ),
    error(
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
    error(
        "half-converted-dates",
        Text(
            "a spreadsheet has swapped day and month where it could: no true date, like {example!r}, has a day above "
            "12, and every date left as text, like {other!r} ({other_place}), has one",
            "bảng tính đã đảo ngày và tháng ở những ô đảo được: mọi ô ngày thật, như {example!r}, đều có ngày từ 12 "
            "trở xuống, còn mọi ô vẫn là chữ, như {other!r} ({other_place}), đều có ngày trên 12",
        ),
        Text(
            "Export again, with the dates as text or as YYYY-MM-DD, and do not save that file in a spreadsheet; if the "
            "true dates are right, write all of them as YYYY-MM-DD.",
            "Xuất lại với ngày ở dạng văn bản hoặc YYYY-MM-DD và đừng lưu tệp đó bằng bảng tính; nếu các ô ngày thật "
            "là đúng, hãy viết mọi ngày dạng YYYY-MM-DD.",
        ),
        whole_file=True,
    ),
    error(
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
    error(
        "decimal-mixed",
        Text(
            "{example!r} uses {mark!r} as the decimal mark but {other!r} ({other_place}) uses {other_mark!r}",
            "{example!r} dùng {mark!r} làm dấu thập phân nhưng {other!r} ({other_place}) dùng {other_mark!r}",
        ),
        Text("Make the numbers of this column alike.", "Viết số thống nhất trong cả cột."),
        whole_file=True,
    ),
    error(
        "unclosed-quote",
        Text(
            "a quotation mark opened here is not closed in its row: the rows that follow are one cell",
            "dấu ngoặc kép mở ở đây không được đóng trong dòng: các dòng sau đó thành một ô",
        ),
        Text("Close or remove the quotation mark.", "Đóng hoặc xóa dấu ngoặc kép."),
        whole_file=True,
    ),
    error(
        "table-twice",
        Text(
            "the header stands here once more, and below it the same rows as above: they would count twice",
            "tiêu đề lặp lại ở đây, bên dưới là đúng các dòng ở trên: sẽ bị tính hai lần",
        ),
        Text("Leave the table in the file once.", "Chỉ để bảng một lần trong tệp."),
        whole_file=True,
    ),
    error(
        "second-table",
        Text("a second table begins here: {example!r}", "bảng thứ hai bắt đầu ở đây: {example!r}"),
        Text("Put each table in a file of its own.", "Tách mỗi bảng ra một tệp riêng."),
        whole_file=True,
    ),
)
