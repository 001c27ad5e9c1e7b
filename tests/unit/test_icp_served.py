"""What it costs to serve accounts, what they ask for, and the mistake of a size that costs more than it brings."""

import json
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.icp_mistakes import Mistake
from support import write_folder

TOML = '[icp]\nhard = { employees = ["1-"] }\nsoft = [{ employees = ["1-49"] }]\n'
# Small ones pay 300 and ask much, large ones pay 200 and ask little.
FILES = {
    "accounts.csv": "account_id,employees\n" + "".join(f"s{n},20\nl{n},90\n" for n in range(2)),
    "signups.csv": "user_id,signed_up_at,account_id\n"
    + "".join(f"{firm}{n}u,2025-12-01,{firm}{n}\n" for n in range(2) for firm in "sl"),
    "paid_users.csv": "user_id,started_at,ended_at,plan,mrr\n"
    + "".join(f"s{n}u,2025-12-05,,Pro,300\nl{n}u,2025-12-05,,Pro,200\n" for n in range(2)),
    # 8 tickets in March: 6 of small ones, 1 of a large one, and 1 of a guest.
    "tickets.csv": "user_id,opened_at,kind\n"
    + "s0u,2026-03-02,Setup\ns0u,2026-03-03,setup\ns0u,2026-03-04,setup\ns1u,2026-03-05,Bug\ns1u,2026-03-06,Bug\n"
    + "s1u,2026-03-07,\nl0u,2026-03-08,Bug\nguest,2026-03-09,Bug\n",
}
COSTS = "month,amount,team\n2026-02,400,customer success\n2026-03,400,customer_success\n2026-03,9000,marketing\n"


def sizes(place: Path, files: dict[str, str], as_of: str = "2026-03-31") -> Mistake:
    (place / "x").mkdir()
    review = fc.open_folder(write_folder(place / "x", files, TOML)).icp_review(
        start="2026-01", end="2026-03", as_of=as_of
    )
    (known,) = [each for each in review.mistakes if each.kind == "size"]
    return known


def test_costs_of_service_are_shared_out_by_tickets(tmp_path: Path) -> None:
    """800 in two months for 8 tickets: 100 a ticket.  Small: 6 tickets, 600 / 2 accounts / 2 months = 150 each a month;
    large: 1 ticket, 100 / 2 / 2 = 25.  What is left: 300 - 150 = 150 against 200 - 25 = 175."""
    known = sizes(tmp_path, {**FILES, "costs.csv": COSTS})
    assert (known.verdict, known.band) == ("made", "1-49")
    assert (known.arpa, known.cost, known.net) == ((300.0, 200.0), (150.0, 25.0), (150.0, 175.0))
    assert (known.tickets, known.churn, known.shared, known.few) == ((3.0, 0.5), (0.0, 0.0), "tickets", True)


@pytest.mark.parametrize(
    ("costs", "tickets", "shared", "uncosted"),
    [
        # Without tickets of anybody: 800 / 2 months / 4 accounts = 100 each, which moves nothing.
        (COSTS, False, "alike", None),
        (None, True, None, "no-costs-export"),
        ("month,amount,team\n2026-03,9000,marketing\n", True, None, "no-service-costs"),
    ],
)
def test_where_costs_are_not_known_by_account_it_is_said(
    tmp_path: Path, costs: str | None, *, tickets: bool, shared: str | None, uncosted: str | None
) -> None:
    """300 a month against 200 is no mistake, whatever they cost alike."""
    files = {name: text for name, text in FILES.items() if tickets or name != "tickets.csv"}
    known = sizes(tmp_path, {**files, **({} if costs is None else {"costs.csv": costs})})
    assert (known.verdict, known.shared) == ("not-made", shared)
    assert (known.uncosted.code if known.uncosted else None) == uncosted


def test_costs_of_months_outside_the_range_count_nowhere(tmp_path: Path) -> None:
    """December and April lie outside January to March, of which costs now tell of all three.

    1,600 for 8 tickets are 200 each: small ones cost 6 x 200 / 2 / 3 = 200 a month, large ones 200 / 2 / 3.
    """
    more = COSTS.replace("400", "800") + "2025-12,5000,expert\n2026-04,7000,dev\n"
    assert sizes(tmp_path, {**FILES, "costs.csv": more}, "2026-04-30").cost == pytest.approx((200, 100 / 3))


def test_the_page_adds_it_up(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, {**FILES, "costs.csv": COSTS}, TOML))
    review = folder.icp_review(start="2026-01", end="2026-03", as_of="2026-03-31")
    page = " ".join(review.render("md").split())
    how = "less the costs of service, shared out by tickets: 300 − 150 against 200 − 25"
    assert f"150 a month against 175 {how}" in page
    (size,) = [each for each in json.loads(review.render("json"))["mistakes"] if each["mistake"] == "size"]
    assert (size["cost_to_serve"], size["arpa_less_cost"], size["costs_shared"]) == ([150, 25], [150, 175], "tickets")


def test_kinds_of_requests_sum_to_the_tickets_of_each_tier(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, FILES, TOML))
    review = folder.icp_review(start="2026-01", end="2026-03", as_of="2026-03-31").review
    kinds = {each.kind: each.tickets for each in review.requests}
    # Spelled as most are; what names no kind stands last, and of a guest the tier is not known.
    none = dict.fromkeys("ABCD", 0)
    assert list(kinds) == ["Bug", "setup", "unknown"]
    assert kinds["setup"] == {**none, "A": 3, "unknown": 0}
    assert kinds["Bug"] == {**none, "A": 2, "C": 1, "unknown": 1}
    assert kinds["unknown"] == {**none, "A": 1, "unknown": 0}
    for tier in (*"ABCD", "unknown"):
        value = review.share("opened_tickets", tier)
        assert value is not None
        assert value.value == sum(each.tickets[tier] for each in review.requests)


def test_costs_of_service_and_of_acquisition_are_all_costs(tmp_path: Path) -> None:
    folder = fc.open_folder(write_folder(tmp_path, {**FILES, "costs.csv": COSTS}, TOML))
    keys = ("service_cost_amount", "acquisition_cost_amount", "actual_cost_amount")
    assert [folder.explain(key, month="2026-03").value.value for key in keys] == [400, 9000, 9400]
    assert [row.counts for row in folder.explain("service_cost_amount", month="2026-03").rows] == [40_000]


def test_only_what_is_known_is_told_apart_by_attribute(tmp_path: Path) -> None:
    """Accounts are of no attribute of the profile: their figures stand whole.  Of the guest nothing is known: 4 / 5."""
    report = fc.open_folder(write_folder(tmp_path, FILES, TOML)).report(month="2026-03", section="icp", by="attribute")
    frame = report.to_frame()["2026-03"]
    assert frame["accounts"].to_dict() == {"": 5}
    assert frame["attribute_known_rate"].dropna().to_dict() == {"": 0.8, "employees": 0.8}


def test_human_touches_are_the_effort(tmp_path: Path) -> None:
    """A call of ours, one of theirs that was answered, a mail with an owner and a chat; no mail without an owner, no
    call of theirs that was not answered, no mail to many, no note."""
    deeds = (
        "user_id,at,kind,owner,direction,outcome\n"
        "s0u,2026-03-02,call,Lan,out,no answer\ns0u,2026-03-03,call,Lan,in,answered\ns0u,2026-03-04,email,Lan,out,\n"
        "l0u,2026-03-05,zalo,,out,\nl0u,2026-03-06,email,,out,\nl0u,2026-03-07,call,Lan,in,missed\n"
        "l0u,2026-03-08,newsletter,Lan,out,\nl0u,2026-03-09,note,Lan,,\n"
    )
    folder = fc.open_folder(write_folder(tmp_path, {**FILES, "activities.csv": deeds}, TOML))
    lines = [row.line for row in folder.explain("effort_touches", month="2026-03").rows]
    assert sorted(line for line in lines if line) == [2, 3, 4, 5]
    shares = (
        folder.report(month="2026-03", section="icp", by="tier").to_frame().loc["touch_effort_share_rate"]["2026-03"]
    )
    assert {tier: share for tier, share in shares.items() if share} == {"": 1.0, "A": 0.75, "C": 0.25}
