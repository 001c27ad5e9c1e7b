"""What is odd about whose rows they are: people who join nobody, or not by the usual columns."""

from funnelcli.problems.kinds.declare import remark, warning
from funnelcli.text import Text

_JOINED = Text(
    "{stage} joined to {other} by {columns}: {joined} of {people}{others}",
    "{stage} được ghép với {other} theo {columns}: {joined} trong {people}{others}",
)

OF_PEOPLE = (
    warning(
        "people-by-cells",
        Text(
            "no header is known for people, and {column!r} is the only column of e-mails: it names them",
            "không có tiêu đề nào cho biết người, và {column!r} là cột duy nhất chứa e-mail: dùng cột này",
        ),
        Text(
            "Say so in funnel.toml: [inputs.{stage}.columns] {ours} = {column!r}; or name the right column there.",
            "Khai báo trong funnel.toml: [inputs.{stage}.columns] {ours} = {column!r}; hoặc khai cột đúng.",
        ),
    ),
    warning(
        "status-by-cells",
        Text(
            "{header!r} is read as the status: its words are known, and most of those under {usual!r} are not",
            "{header!r} được đọc là trạng thái: các từ ở đó đều đã biết, còn phần lớn ở {usual!r} thì không",
        ),
        Text(
            "Say so in funnel.toml: [inputs.{stage}.columns] {column} = {header!r}; or name the other column there.",
            "Khai báo trong funnel.toml: [inputs.{stage}.columns] {column} = {header!r}; hoặc khai cột kia.",
        ),
    ),
    warning(
        "zone-not-known",
        Text(
            "the header says {zone}, which is no one time zone: the times are read as those of {local}",
            "tiêu đề ghi {zone}, không rõ là múi giờ nào: giờ được đọc theo {local}",
        ),
        Text(
            "Write the offset into the header, like (GMT+7), or the zone into [business] timezone.",
            "Ghi độ lệch giờ vào tiêu đề, như (GMT+7), hoặc đặt múi giờ ở [business] timezone.",
        ),
    ),
    warning(
        "orphan-user",
        Text("{user} has no signup", "{user} không có dòng đăng ký"),
        Text(
            "It counts; check that the signups export reaches back far enough.",
            "Dòng này vẫn được tính; kiểm tra xem tệp signups có đủ lịch sử không.",
        ),
    ),
    warning(
        "ids-do-not-join",
        Text(
            "{joined} of {people} [person|people] in {stage} [joined!is|are] among those of {other}: no id, or "
            "hardly one, "
            "is in common. "
            "Ids are like {mine!r} here and {theirs!r} there; compared {compared}",
            "{joined} trong {people} người ở {stage} có trong {other}: không có hoặc hầu như không có mã chung. "
            "Mã ở đây như {mine!r}, ở kia như {theirs!r}; đã so {compared}",
        ),
        Text(
            "Are the ids of one kind? They count, but nothing links them to {other}, so to no channel. "
            'Name the headers that join: [identity] {stage} = "…", {other} = "…".',
            "Hai bên có dùng cùng loại mã không? Vẫn được tính, nhưng không liên kết được với {other} nên không rõ "
            'kênh. Khai báo tiêu đề khớp nhau: [identity] {stage} = "…", {other} = "…".',
        ),
    ),
    remark(
        "joined-by",
        _JOINED,
        Text(
            'If other columns name the people: [identity] {stage} = "…", {other} = "…".',
            'Nếu cột khác mới là mã của người: [identity] {stage} = "…", {other} = "…".',
        ),
    ),
    warning(
        "joined-in-part",
        _JOINED,
        Text(
            "The others count, but nothing links them to {other}, so to no channel. If other columns name the people: "
            '[identity] {stage} = "…", {other} = "…".',
            "Những người còn lại vẫn được tính nhưng không liên kết được với {other} nên không rõ kênh. Nếu cột khác "
            'mới là mã của người: [identity] {stage} = "…", {other} = "…".',
        ),
    ),
    warning(
        "ids-made-alike",
        Text(
            "{count} [id|ids] of {stage} [count!stands|stand] in {other} in other letters, like {mine!r} for "
            "{theirs!r}; "
            "they are taken for the same people",
            "{count} mã của {stage} được viết khác trong {other}, như {mine!r} thay cho {theirs!r}; "
            "được coi là cùng một người",
        ),
        Text(
            "Export both with the ids as text, so that none is changed.",
            "Xuất cả hai với mã ở dạng văn bản để không mã nào bị đổi.",
        ),
    ),
    warning(
        "ids-in-a-list",
        Text(
            "{count} [cell|cells] of {stage} [count!names|name] several people, like {mine!r}; such a row belongs to "
            "the "
            "first who is in "
            "{other}, here {theirs!r}",
            "{count} ô của {stage} nêu nhiều người, như {mine!r}; dòng đó thuộc về người đầu tiên có trong {other}, "
            "ở đây là {theirs!r}",
        ),
        Text("A row counts once, whoever it names.", "Mỗi dòng chỉ tính một lần, dù nêu những ai."),
    ),
    warning(
        "ids-in-thousands",
        Text(
            "{count} [id is|ids are] written with a mark between thousands, like {value!r}, and all others are "
            "numbers too: "
            "read as {plain!r}",
            "{count} mã được viết có dấu phân cách hàng nghìn, như {value!r}, và các mã khác cũng đều là số: đọc là "
            "{plain!r}",
        ),
        Text("Export the ids as text, so that none is changed.", "Xuất mã ở dạng văn bản để không mã nào bị đổi."),
    ),
    warning(
        "id-of-nobody",
        Text(
            "{value!r} is a word for whoever it may be, and {rows} [row has|rows have] it: "
            "[it counts|they count] as one person",
            "{value!r} không phải mã của một người cụ thể, có ở {rows} dòng: được tính như một người",
        ),
        Text(
            "To leave them out: [inputs.{stage}.drop] {header!r} = [{value!r}].",
            "Để bỏ các dòng này: [inputs.{stage}.drop] {header!r} = [{value!r}].",
        ),
    ),
    warning(
        "ids-shared",
        Text(
            "{count} [value|values] under {mine!r} or, in {other}, {theirs!r}, like {value!r}, "
            "[count!is that|are those] "
            "of several people: "
            "they join nobody",
            "{count} giá trị ở cột {mine!r} hoặc, trong {other}, {theirs!r}, như {value!r}, là của nhiều người nên "
            "không ghép được với ai",
        ),
        Text(
            'Where each is one person, say so: [identity] {stage} = "{mine}", {other} = "{theirs}".',
            'Nếu mỗi giá trị chỉ là một người, hãy khai báo: [identity] {stage} = "{mine}", {other} = "{theirs}".',
        ),
    ),
)
