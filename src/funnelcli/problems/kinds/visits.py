"""What a row is: an event and no visit, the sum of other rows, or of no real person."""

from funnelcli.problems.kinds.declare import warning
from funnelcli.text import Text

ROWS_OF = (
    warning(
        "unread-column-excludes",
        Text(
            "the column {column!r} is not read, and it says that rows may be of no real person ({value!r} in {rows} of "
            "the first {of} [row|rows]); they count",
            "không đọc cột {column!r}, mà cột này cho biết có dòng không phải của người thật ({value!r} ở {rows} trong "
            "{of} dòng đầu); vẫn được tính",
        ),
        Text(
            "To leave them out: [inputs.{stage}.drop] {column!r} = {values}; if they count: [inputs.{stage}] ignore = "
            "[{column!r}].",
            "Để bỏ ra: [inputs.{stage}.drop] {column!r} = {values}; nếu vẫn tính: [inputs.{stage}] ignore = "
            "[{column!r}].",
        ),
    ),
    warning(
        "rows-twice",
        Text(
            "nearly all of its {count} [row|rows] [stands|stand] in it twice, in whatever order: all count",
            "hầu hết {count} dòng xuất hiện hai lần trong tệp, bất kể thứ tự: tất cả đều được tính",
        ),
        Text(
            "If the table was put into the file twice, leave it there once.",
            "Nếu bảng bị dán hai lần vào tệp, chỉ để lại một lần.",
        ),
    ),
    warning(
        "rows-in-two-files",
        Text(
            "{count} of its rows [stands|stand] in {other} too, cell by cell: [count!it counts|they count] in both",
            "{count} dòng của tệp cũng có trong {other}, giống từng ô: được tính ở cả hai tệp",
        ),
        Text(
            "Take them out of one of the two files, or export again without overlap.",
            "Bỏ các dòng đó khỏi một trong hai tệp, hoặc xuất lại sao cho không trùng thời gian.",
        ),
    ),
    warning(
        "rows-may-be-events",
        Text(
            "each row counts as a visit, and may be an event of one: of {column!r}, {why}",
            "mỗi dòng được tính là một lượt, nhưng có thể chỉ là một sự kiện: ở cột {column!r}, {why}",
        ),
        Text(
            'If each row is a visit: [inputs.{stage}] each_row = "visit". If not, count what one column names: '
            '[inputs.{stage}] each_row = "session" and [inputs.{stage}.columns] session_id = "{header}".',
            'Nếu mỗi dòng là một lượt: [inputs.{stage}] each_row = "visit". Nếu không, đếm theo một cột: '
            '[inputs.{stage}] each_row = "session" và [inputs.{stage}.columns] session_id = "{header}".',
        ),
    ),
    warning(
        "rollup-rows",
        Text(
            "{count} [row|rows] with {value!r} in {column!r} [count!is|are] on every day the sum of the others: they "
            "do "
            "not count",
            "{count} dòng có {value!r} ở cột {column!r} bằng tổng các dòng còn lại của mọi ngày: không được tính",
        ),
        Text(
            "Right: [inputs.{stage}.drop] {column!r} = [{value!r}]. If they count too: [inputs.{stage}] ignore = "
            "[{column!r}].",
            "Nếu đúng: [inputs.{stage}.drop] {column!r} = [{value!r}]. Nếu vẫn tính: [inputs.{stage}] ignore = "
            "[{column!r}].",
        ),
        counts=False,
    ),
    warning(
        "visits-cut-again",
        Text(
            "the column {column!r} is not read, and its words ({values}) hold visits of the same days: they may be "
            "the same visits once more, or those of another period; all are added up",
            "không đọc cột {column!r}, mà các từ trong cột ({values}) chứa lượt của cùng những ngày: có thể là cùng "
            "lượt truy cập hoặc của kỳ khác; tất cả đều được cộng",
        ),
        Text(
            "To count one of them: [inputs.{stage}.keep] {column!r} = [{keep!r}]; if they are visits of their own: "
            "[inputs.{stage}] ignore = [{column!r}].",
            "Để chỉ tính một loại: [inputs.{stage}.keep] {column!r} = [{keep!r}]; nếu là các lượt khác nhau: "
            "[inputs.{stage}] ignore = [{column!r}].",
        ),
    ),
    warning(
        "visits-in-several-rows",
        Text(
            "the column {column!r} is not read, and by its cells ({values}) a visit may be in several rows: {why}; all "
            "are added up",
            "không đọc cột {column!r}, mà theo các ô ({values}) một lượt có thể ở nhiều dòng: {why}; tất cả đều được "
            "cộng",
        ),
        Text(
            "{step}; if they are visits of their own: [inputs.{stage}] ignore = [{column!r}].",
            "{step}; nếu là các lượt khác nhau: [inputs.{stage}] ignore = [{column!r}].",
        ),
    ),
    warning(
        "rows-are-weeks",
        Text(
            "the days under {header!r} are a week apart, like {day} and {other}: if a row is a week, all of its visits "
            "count in the month of that day",
            "các ngày ở cột {header!r} cách nhau một tuần, như {day} và {other}: nếu mỗi dòng là một tuần thì cả tuần "
            "được tính vào tháng của ngày đó",
        ),
        Text(
            "Export the visits by day, so that each counts in its month.",
            "Xuất số lượt theo ngày để mỗi lượt được tính đúng tháng.",
        ),
    ),
    warning(
        "visits-counted-alike",
        Text(
            "has the days of {other}, with nearly the same totals: it may be another tool's count of the same visits; "
            "both are added up",
            "có cùng các ngày với {other} và tổng gần bằng nhau: có thể là số đếm của công cụ khác cho cùng lượt truy "
            "cập; cả hai đều được cộng",
        ),
        Text(
            "If they count the same visits, leave only one of the two in the folder.",
            "Nếu đếm cùng lượt truy cập, chỉ để lại một trong hai tệp trong thư mục.",
        ),
    ),
    warning(
        "rows-are-events",
        Text(
            "{column!r} has several rows of one visit: {rows} [row is|rows are] {sessions} [visit|visits], each "
            "counted once, on its "
            "first row{without}",
            "{column!r} có nhiều dòng cho cùng một lượt: {rows} dòng là {sessions} lượt, mỗi lượt tính một lần theo "
            "dòng đầu tiên{without}",
        ),
        Text(
            'Right: [inputs.{stage}] each_row = "session". If each row is a visit: each_row = "visit".',
            'Nếu đúng: [inputs.{stage}] each_row = "session". Nếu mỗi dòng là một lượt: each_row = "visit".',
        ),
    ),
)
