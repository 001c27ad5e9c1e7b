"""What names a metric: its key, or the words that stand for it on a page, in any language."""

from __future__ import annotations

import pytest

from funnelcli.answers.catalogue import every, find
from funnelcli.metrics.model import Metric
from funnelcli.problems import UsageError
from funnelcli.text import languages
from funnelcli.values.periods import Grain


def test_every_label_that_is_of_one_metric_finds_it() -> None:
    """Each is looked up as it stands on a page, and shouted."""
    labels: dict[str, set[str]] = {}
    for metric in every():
        if isinstance(metric, Metric):
            for grain in Grain:
                for lang in languages():
                    labels.setdefault(metric.label_for(grain).of(lang), set()).add(metric.key)
    single = {label: keys.pop() for label, keys in labels.items() if len(keys) == 1}
    assert len(single) > 50
    assert {label: find(label).key for label in single} == single
    assert {label: find(f"- {label.upper()} ").key for label in single} == single


@pytest.mark.parametrize(
    ("words", "guess"),
    [
        ("mrr", "Did you mean closing_mrr_amount or opening_mrr_amount or new_mrr_amount?"),
        ("arpa_a", "Did you mean arpa_amount"),
        ("nothing of the kind", None),
    ],
)
def test_what_names_none_is_refused_with_the_keys_that_have_it(words: str, guess: str | None) -> None:
    with pytest.raises(UsageError) as refused:
        find(words)
    assert refused.value.message.startswith(f"{words!r} is no metric.")
    assert guess is None or guess in refused.value.message
