"""What several questions say of wrong options."""

from funnelcli.text import Text

BY_UNKNOWN = Text("--by {by!r} is not known.", "Không có --by {by!r}.")
MONTH_ALONE = Text("--month stands alone.", "--month phải đứng một mình.")
NOT_A_MONTH = Text("{place}: {text!r} is not a month.", "{place}: {text!r} không phải tháng.")
