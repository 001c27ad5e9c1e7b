"""Placeholders in names of files and in subjects: ``{period}`` and the like, filled in with what an answer is about."""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter

from funnelcli.text import OR, Message, Text, TextError, joined

PERIOD = "period"  # the key of the last period
AS_OF = "as_of"  # the day up to which is counted, as ISO date
_NO_PLACEHOLDERS = Message("Nothing can be filled in here.")


def check(pattern: str, known: Sequence[str]) -> None:
    """TextError, which names those that are ``known``, for braces in a pattern that are none of them.

    >>> check("out/{period}.md", ["period"])
    >>> check("out/{periode}.md", ["period"])
    Traceback (most recent call last):
    ...
    funnelcli.text.TextError: {periode} is not known. Known is {period}; a brace itself is written twice.
    """
    for name in _names(pattern, known):
        if name is not None and name not in known:
            raise TextError(joined(" ", [_not_known(f"{{{name}}}"), _known(known)]))


def filled(pattern: str, facts: Mapping[str, str]) -> str:
    """A pattern with its placeholders filled in; TextError for one that no fact stands for.

    >>> filled("out/{period}.md", {"period": "2026-10"}), filled("{{x}}", {})
    ('out/2026-10.md', '{x}')
    """
    check(pattern, list(facts))
    return pattern.format_map(facts)


def _names(pattern: str, known: Sequence[str]) -> Iterator[str | None]:
    """What stands between each pair of braces, with what Python would make of it."""
    try:
        for _, name, form, conversion in Formatter().parse(pattern):
            yield (
                name if name is None else f"{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}"
            )
    except ValueError:
        lone = Message("{pattern!r} has a brace without its other half.")
        raise TextError(joined(" ", [lone.filled(pattern=pattern), _known(known)])) from None


def _not_known(name: str) -> Text:
    return Message("{name} is not known.").filled(name=name)


def _known(known: Sequence[str]) -> Text:
    if not known:
        return _NO_PLACEHOLDERS
    return Message("Known is {names}; a brace itself is written twice.").filled(
        names=joined(OR, [f"{{{name}}}" for name in known])
    )
