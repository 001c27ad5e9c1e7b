"""Which rows that last are paid for by the names of their plans, and which plans nothing says are paid for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np

from funnelcli.config import InputSettings
from funnelcli.facts.events import Coded
from funnelcli.facts.rows import coded
from funnelcli.facts.standing_rows import StandingRows
from funnelcli.facts.unpriced import plans_without_amounts
from funnelcli.inputs.plans import PlanWords
from funnelcli.inputs.spec import Standing, Statuses, Stays, Trial
from funnelcli.problems import problem
from funnelcli.values.channels import matches
from funnelcli.values.statuses import status_key

MOST_NAMED = 5
MOST_PLANS = 200  # of more, the names are of single customers


def by_plan(rows: StandingRows, declared: Trial, stays: Stays) -> None:
    """Leave out rows of a plan that is a trial by its name, and of one that is free by its name and costs nothing."""
    table = rows.table
    cells = table.texts[declared.plan]
    is_trial = cells.that(lambda text: bool(re.search(declared.trial_plan, status_key(text))))
    is_free = cells.that(lambda text: _is_free(text, declared))
    for code, chosen in (("trial-not-paid", is_trial), ("free-row", is_free & ~_costs(rows, stays))):
        rows.warn(code, chosen & rows.kept, declared.plan)
        rows.leave_out(chosen)


def _is_free(text: str, declared: Trial) -> bool:
    """Whether a plan is free by its name, all its words together: Pro (free) is, Free shipping may be anything."""
    key = status_key(text)
    if not re.search(declared.free_plan, key):
        return False
    rest = re.sub(declared.free_plan, " ", key)
    return not re.sub(f"{declared.words.usual}|{declared.words.unpaid}|{_FREE_FOR}", " ", rest).strip()


_FREE_FOR = r"\b(forever|always|students?|partners?|nonprofits?|education|open|source|vinh vien|mai mai|sinh vien)\b"


def _costs(rows: StandingRows, stays: Stays) -> np.ndarray:
    """The rows that have an amount other than 0, or a sum that was ever paid."""
    costs = np.zeros(len(rows.table), dtype=bool)
    for column in (*stays.amounts, stays.spent):
        costs |= rows.table.texts[column].that(lambda text: bool(re.search("[1-9]", text)))
    return costs


def name_doubtful_plans(rows: StandingRows, declared: Trial, stays: Stays, settings: InputSettings) -> None:
    """Warn of plans that may be paid for by nobody, where no amount proves that they are.

    Doubtful is what a name says, and a word that nobody knows beside plans whose words are all known.
    """
    table, statuses = rows.table, rows.table.input.statuses
    cells = table.texts[declared.plan]
    if len(cells.texts) > MOST_PLANS:
        return
    unproven = rows.kept & ~_costs(rows, stays) & ~_named_unpriced(rows, declared, stays)
    numbers = np.bincount(cells.places[unproven], minlength=len(cells.texts)).tolist()
    plans = {text: number for text, number in zip(cells.texts, numbers, strict=True) if text and number}
    doubtful = doubtful_plans(plans, declared.words, statuses)
    headers = {h: None for opened in table.files if (h := opened.columns.header_of(declared.plan)) is not None}
    header = next((header for header in headers if not matches(header, settings.ignore)), None)
    if not doubtful or header is None:
        return
    shown = list(doubtful)[:MOST_NAMED]
    more = f", … (+{len(doubtful) - len(shown)})" if len(doubtful) > len(shown) else ""
    rows.problems.add(
        problem(
            "plan-may-not-pay", file=", ".join(opened.name for opened in table.files), column=declared.plan,
            header=header, plans=", ".join(f"{plan!r} ({plans[plan]})" for plan in shown) + more,
            rows=sum(plans[plan] for plan in doubtful), values=shown, stage=table.input.name,
        )
    )  # fmt: skip


def _named_unpriced(rows: StandingRows, declared: Trial, stays: Stays) -> np.ndarray:
    """The rows of plans of which none has an amount: these are named as such when they are priced."""
    texts, kept = rows.table.texts, rows.kept
    plans = coded(texts[declared.plan])
    is_priced = np.any([texts[column].that(bool) for column in stays.amounts], axis=0)
    named = np.zeros(len(kept), dtype=bool)
    named[kept] = plans_without_amounts(Coded(plans.codes[kept], plans.texts), is_priced[kept])
    return named


def doubtful_plans(plans: Mapping[str, int], words: PlanWords, statuses: Statuses | None) -> list[str]:
    """The plans that may be paid for by nobody, as their names say, or do not say as others do; the most rows first.

    >>> doubtful_plans({"Pro": 2, "Gratis": 1, "Pro - cancelled": 1}, PlanWords(), None)
    ['Gratis', 'Pro - cancelled']
    >>> [doubtful_plans(plans, PlanWords(), None) for plans in ({"Acme Pro": 2, "Acme Basic": 1}, {"Alpha": 1})]
    [[], []]
    """
    keys = {plan: status_key(plan) for plan in plans}
    own = Counter(word for key in keys.values() for word in set(key.split()))
    left = {
        plan: [word for word in re.sub(words.usual, " ", key).split() if own[word] < 2] for plan, key in keys.items()
    }
    is_sure = any(key and not left[plan] for plan, key in keys.items())
    doubtful = [
        plan
        for plan, key in keys.items()
        if _says_unpaid(plan, key, words, statuses) or (is_sure and left[plan] and _is_word(plan))
    ]
    return sorted(doubtful, key=lambda plan: (-plans[plan], plan))


def _says_unpaid(plan: str, key: str, words: PlanWords, statuses: Statuses | None) -> bool:
    if re.search(words.unpaid, key) or re.search(words.nothing, plan.casefold()):
        return True
    rest = " ".join(re.sub(words.usual, " ", key).split())
    return statuses is not None and statuses.standing(rest) in (Standing.ENDED, Standing.NOT_PAYING)


def _is_word(plan: str) -> bool:
    """Whether a plan is named by words, and not by a code."""
    return any(letter.isalpha() for letter in plan) and not re.search(r"[a-z]+_\w*\d\w*$|\d", plan.casefold())
