"""What is odd about amounts: what they are for, in which unit they are, and what is none."""

from funnelcli.problems.kinds.declare import remark, warning
from funnelcli.text import Text

OF_MONEY = (
    warning(
        "quantity-undecided",
        Text(
            "has the quantity {value} and an amount, and nothing says whether the amount is for each or for the whole",
            "có số lượng {value} và số tiền, nhưng không rõ số tiền là đơn giá hay tổng",
        ),
        Text(
            'Say which: [inputs.{stage}] amount_is = "each" (or "whole").',
            'Khai rõ: [inputs.{stage}] amount_is = "each" (đơn giá) hoặc "whole" (tổng).',
        ),
    ),
    warning(
        "amount-unit-undecided",
        Text(
            "the header {header!r} says that its amounts are in {said}; until a setting says so too, they are not read "
            "and MRR is missing",
            "tiêu đề {header!r} cho biết số tiền tính theo {said}; khi chưa có cài đặt thì không đọc và thiếu MRR",
        ),
        Text(
            'If they are: [inputs.{stage}] amount_unit = "{unit}"; if they are whole amounts: amount_unit = "major".',
            'Nếu đúng: [inputs.{stage}] amount_unit = "{unit}"; nếu là số tiền đầy đủ: amount_unit = "major".',
        ),
    ),
    warning(
        "term-in-header",
        Text(
            "the header {header!r} says that the amounts are for a {words}, and their intervals say another "
            "({value!r}), over which they are spread",
            "tiêu đề {header!r} cho biết số tiền tính theo {words}, nhưng chu kỳ ghi khác ({value!r}); số tiền được "
            "chia theo chu kỳ",
        ),
        Text(
            "If the header is right: [inputs.{stage}.columns] {interval} = false and [inputs.{stage}] interval = "
            '"{term}".',
            'Nếu tiêu đề đúng: [inputs.{stage}.columns] {interval} = false và [inputs.{stage}] interval = "{term}".',
        ),
    ),
    warning(
        "not-a-quantity",
        Text(
            "{value!r} is no whole number that the amount could be for, so the MRR of the row is not known",
            "{value!r} không phải số nguyên cho biết số tiền trả cho bao nhiêu nên không biết MRR của dòng này",
        ),
        Text(
            "Fix the cell; if the column says nothing of the amounts: [inputs.{stage}.columns] {column} = false.",
            "Sửa ô này; nếu cột không nói về số tiền: [inputs.{stage}.columns] {column} = false.",
        ),
    ),
    warning(
        "quantity-empty",
        Text(
            "{rows} [row says|rows say] nothing in {header!r}, where others say more than 1: "
            "[rows!it counts|they count] as 1",
            "{rows} dòng để trống cột {header!r} trong khi dòng khác lớn hơn 1: được tính là 1",
        ),
        Text(
            "Fill the cells in; if they are 1: [inputs.{stage}] ignore = [{header!r}].",
            "Điền các ô này; nếu đúng là 1: [inputs.{stage}] ignore = [{header!r}].",
        ),
    ),
    warning(
        "one-price-for-any-term",
        Text(
            "the amount {value!r} is the same for terms of {shortest} and {longest} months: it may be the price of a "
            "billing period, and not of the whole term",
            "số tiền {value!r} giống nhau cho kỳ hạn {shortest} và {longest} tháng: có thể là giá một chu kỳ chứ không "
            "phải cả kỳ hạn",
        ),
        Text(
            'If it is: [inputs.{stage}] interval = "month" (or "year").',
            'Nếu đúng: [inputs.{stage}] interval = "month" (hoặc "year").',
        ),
    ),
    warning(
        "interval-not-understood",
        Text(
            "{rows} [row has an interval that is|rows have intervals that are] not understood ({values}): what amounts "
            "are for is not known, so MRR is missing",
            "{rows} dòng có chu kỳ không hiểu được ({values}): không rõ số tiền trả cho bao lâu nên thiếu MRR",
        ),
        Text(
            "{step}; to spread the amounts from start to end: [inputs.{stage}.columns] interval = false.",
            "{step}; để chia đều số tiền từ ngày bắt đầu đến ngày kết thúc: [inputs.{stage}.columns] interval = false.",
        ),
    ),
    remark(
        "two-intervals",
        Text(
            "{value!r} names two intervals: the amounts of {rows} [row|rows] are taken to be for {months} "
            "[month|months], as {why}",
            "{value!r} nêu hai chu kỳ: số tiền của {rows} dòng được hiểu là cho {months} tháng, vì {why}",
        ),
        Text(
            'If they are for the other: [inputs.{stage}.intervals] {value!r} = "month" (or "year", …).',
            'Nếu theo chu kỳ kia: [inputs.{stage}.intervals] {value!r} = "month" (hoặc "year", …).',
        ),
    ),
    warning(
        "paid-once",
        Text(
            "the amount {value!r} is paid for once: the row counts as a paid user, with an MRR of 0",
            "số tiền {value!r} chỉ trả một lần: dòng vẫn tính là PU, với MRR bằng 0",
        ),
        Text(
            'Where it lasts, give it an end; to leave such rows out: [inputs.{stage}.drop] "your header" = ["its '
            'word"].',
            'Nếu có thời hạn, hãy điền ngày kết thúc; để bỏ các dòng này: [inputs.{stage}.drop] "tiêu đề" = ["từ"].',
        ),
        counts=False,
    ),
    warning(
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
    warning(
        "no-amount",
        Text("has {what}, so the MRR of the row is not known", "{what} nên không biết MRR của dòng này"),
        Text(
            "Fill in mrr, or an amount with an end or an interval: MRR is missing while the row is in force.",
            "Điền mrr, hoặc số tiền kèm ngày kết thúc hay chu kỳ: khi dòng còn hiệu lực thì thiếu MRR.",
        ),
    ),
    warning(
        "plan-without-amounts",
        Text(
            "none of the {rows} [row|rows] of the plan {plan!r} has an amount, and those of other plans do: they "
            "count as "
            "paying, and their MRR is not known",
            "cả {rows} dòng của gói {plan!r} đều không có số tiền, còn gói khác thì có: vẫn tính là đang trả phí, và "
            "không biết MRR của các dòng này",
        ),
        Text(
            "If the plan is free: [inputs.{stage}.drop] {header!r} = [{plan!r}]; if it is paid for, fill in mrr or "
            "amount (0 for what costs nothing: it does not count, unless [paid_users] free_counts = true).",
            "Nếu là gói miễn phí: [inputs.{stage}.drop] {header!r} = [{plan!r}]; nếu có trả phí, hãy điền mrr hoặc số "
            "tiền (0 nếu miễn phí: khi đó không được tính, trừ khi [paid_users] free_counts = true).",
        ),
    ),
    warning(
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
)
