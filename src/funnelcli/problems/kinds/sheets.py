"""What is odd about a sheet of a workbook beside its values: what is hidden, merged, or not reckoned."""

from funnelcli.problems.kinds.declare import error, warning
from funnelcli.text import Text

OF_SHEETS = (
    error(
        "formula-without-value",
        Text(
            "{count} [cell|cells] under {header!r} [count!holds|hold] a formula without its value, like {cell}: the "
            "program that wrote the "
            "workbook has not calculated it",
            "{count} ô ở cột {header!r} chứa công thức chưa có giá trị, như {cell}: chương trình tạo tệp Excel chưa "
            "tính công thức",
        ),
        Text(
            "Open the workbook in Excel or LibreOffice and save it, so that it is calculated; or export values.",
            "Mở tệp bằng Excel hoặc LibreOffice rồi lưu lại để công thức được tính; hoặc xuất giá trị.",
        ),
        whole_file=True,
    ),
    warning(
        "hidden-rows",
        Text(
            "{count} [row is|rows are] {how}; [count!it counts|they count]",
            "{count} dòng {how}; các dòng này vẫn được tính",
        ),
        Text(
            "If they are not to count, delete them; or say so in a column: [inputs.{stage}.drop].",
            "Nếu không tính các dòng này, hãy xóa; hoặc ghi vào một cột: [inputs.{stage}.drop].",
        ),
    ),
    warning(
        "hidden-columns",
        Text("hidden columns are read: {headers}", "cột ẩn vẫn được đọc: {headers}"),
        Text(
            "If one is not to be read: [inputs.{stage}.columns] our name = false.",
            "Nếu không đọc cột nào: [inputs.{stage}.columns] tên cột của chúng tôi = false.",
        ),
    ),
    warning(
        "table-beside",
        Text(
            "another table stands beside this one, after an empty column, with other rows: {headers}, from column "
            "{letters} on; it is not read",
            "có một bảng khác nằm cạnh bảng này, sau một cột trống, với các dòng khác: {headers}, từ cột {letters}; "
            "không được đọc",
        ),
        Text(
            "If it is part of this table, take out the empty column; else give it a sheet or a file of its own.",
            "Nếu là một phần của bảng này, hãy bỏ cột trống; nếu không, đặt bảng đó ở sheet hoặc tệp riêng.",
        ),
        counts=False,
    ),
    warning(
        "read-beyond-gap",
        Text(
            "{headers}: read beyond an empty column, as of the people on the same rows; another table may stand there",
            "{headers}: được đọc ở bên kia một cột trống, coi như của cùng dòng; có thể đó là một bảng khác",
        ),
        Text(
            "If it is another table: [inputs.{stage}.columns] {settings}; else take out the empty column.",
            "Nếu là bảng khác: [inputs.{stage}.columns] {settings}; nếu không, hãy bỏ cột trống.",
        ),
    ),
    warning(
        "merged-cells",
        Text(
            "{count} [cell is|cells are] merged over several rows, under {headers}: {counts}",
            "{count} ô được gộp qua nhiều dòng, ở cột {headers}: {counts}",
        ),
        Text(
            "If it is that of the first row only, split the cells.",
            "Nếu giá trị chỉ thuộc dòng đầu, hãy bỏ gộp các ô.",
        ),
    ),
)
