"""What several questions say: of wrong options, and what is read back from a page."""

from funnelcli.text import Text

BY_UNKNOWN = Text("--by {by!r} is not known.", "Không có --by {by!r}.")
MONTH_ALONE = Text("--month stands alone.", "--month phải đứng một mình.")
NOT_A_MONTH = Text("{place}: {text!r} is not a month.", "{place}: {text!r} không phải tháng.")

# The page of `track`, from which its targets are read back.
TARGETS_AND_ACTUALS = Text(
    "Targets of {name}, actual figures up to {day}{sum}{model}.",
    "Chỉ tiêu trong {name}, số thực tế đến {day}{sum}{model}.",
)
SUMMED = Text(", summed from the first month on", ", cộng dồn từ tháng đầu")
OF_DEALS = Text(", revenue of one-off deals", ", doanh thu một lần")
REPLANNED = Text("{what} replanned (first quota)", "{what}: phân bổ lại (chỉ tiêu ban đầu)")

# Of targets that are sums, which cannot be targets of months: a column of their rows, and in words.
CUMULATIVE = "cumulative"
SUMS = Text(
    "{name}: its targets are sums from the first month on, as track --cumulative writes them.",
    "{name}: chỉ tiêu trong tệp là số cộng dồn từ tháng đầu, do track --cumulative ghi.",
)
GIVE_PLAIN = Text(
    "Give the file of the targets themselves, or write it again without --cumulative.",
    "Nêu chính tệp chỉ tiêu, hoặc ghi lại không có --cumulative.",
)
