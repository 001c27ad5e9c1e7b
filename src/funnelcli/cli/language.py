"""The language of a run: what remarks and errors are written in, also those from before anything is known."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from funnelcli.problems import UsageError
from funnelcli.text import ENGLISH, Lang, Message, known_languages, languages

_spoken: ContextVar[Lang] = ContextVar("spoken", default="en")
_NO_LANGUAGE = Message("{name} {value!r} is no language.")


def spoken() -> Lang:
    """The language of the run, as far as it is known by now."""
    return _spoken.get()


def begin(arguments: Sequence[str], environ: Mapping[str, str]) -> None:
    """The language of a run that has not read anything: by its arguments, FUNNELCLI_LANG, then the locale."""
    _spoken.set(_chosen(_option(arguments), None, environ))


def settle(given: str | None, config: Lang | None, environ: Mapping[str, str]) -> Lang:
    """The language of the run: the option, the config, FUNNELCLI_LANG, then the locale.

    UsageError where an option or FUNNELCLI_LANG names none that there is.
    """
    for name, value in (("--lang", given), ("FUNNELCLI_LANG", environ.get("FUNNELCLI_LANG"))):
        if value and value not in languages():
            raise UsageError(_NO_LANGUAGE.filled(name=name, value=value), hint=known_languages())
    chosen = _chosen(given, config, environ)
    _spoken.set(chosen)
    return chosen


def _chosen(given: str | None, config: Lang | None, environ: Mapping[str, str]) -> Lang:
    for lang in (given, config, environ.get("FUNNELCLI_LANG")):
        if lang in languages():
            return lang
    locale = (environ.get("LC_ALL") or environ.get("LANG") or "").partition(".")[0].partition("@")[0]
    near = {lang.casefold(): lang for lang in languages()}
    return near.get(locale.casefold()) or near.get(locale.partition("_")[0].casefold()) or ENGLISH


def _option(arguments: Sequence[str]) -> str | None:
    """What the arguments give as --lang, the last of several; nothing after a lone -- is an option.

    >>> _option(["report", "--lang", "en", "--lang=vi", "--", "--lang=en"])
    'vi'
    """
    given: str | None = None
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang":
            given = next(iter(arguments[place + 1 : place + 2]), None)
        elif argument.startswith("--lang="):
            given = argument.removeprefix("--lang=")
    return given
