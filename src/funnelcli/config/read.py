"""How funnel.toml is read: the file, its TOML, its tables."""

import stat
from pathlib import Path

from msgspec.structs import replace

from funnelcli.config.tables import Config
from funnelcli.config.toml import MOST_BYTES, load_toml
from funnelcli.config.values import amounts_in_dong
from funnelcli.config.words import SEE_CONFIG, in_words
from funnelcli.problems import ConfigError, reason_of
from funnelcli.problems.system import CANNOT_READ, CHECK_PATH, NOT_UTF8, SAVE_UTF8, at_once, kind_of
from funnelcli.text import Message, TextError, grouped, joined
from funnelcli.values.currencies import DONG, IN_DONG

FILE_NAME = "funnel.toml"
SCHEMA_NAME = "funnel.schema.json"


def parse_config(text: str, *, name: str = FILE_NAME) -> Config:
    """The settings in TOML ``text``.

    Raises ConfigError that names every key that is wrong, what is wrong with it, and the closest known key.

    >>> parse_config('[churn]\\nmethod = "opening"').churn.method
    'opening'
    """
    try:
        data = load_toml(text)
    except TextError as error:
        raise ConfigError(
            Message("{name}: this is not valid TOML: {error}.").filled(name=name, error=error.text),
            hint=Message("Strings need quotation marks, lists square brackets; see docs/config.md."),
        ) from None
    from pydantic_core import ValidationError  # only where there is a file to be checked: it takes long to import

    try:
        config = replace(Config.read(data), _in_dong=amounts_in_dong(data))
    except ValidationError as error:
        lines = [joined(": ", [name, in_words(fault)]) for fault in error.errors()]
        raise ConfigError(joined("\n", lines), hint=SEE_CONFIG) from None
    if config.currency_given not in (None, DONG):
        _check_no_dong(config, name)
    return config


def _check_no_dong(config: Config, name: str) -> None:
    """ConfigError where an amount has a unit that says đồng, and the currency is another."""
    for place, text in config.amounts_in_dong.items():
        raise ConfigError(
            IN_DONG.filled(place=f"{name}: {place}", text=text, currency=config.business.currency),
            hint=Message("Write the number out, like 500_000_000, or set [business] currency."),
        )


def read_config(path: Path, *, name: str | None = None) -> Config:
    """The settings in the file ``path``; ConfigError where it cannot be read or is wrong."""
    shown = name or path.name
    try:
        data = _bytes_of(path, shown)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(CANNOT_READ.filled(name=shown, reason=reason_of(error)), hint=CHECK_PATH) from None
    except UnicodeDecodeError as error:
        raise ConfigError(NOT_UTF8.filled(name=shown, byte=error.start), hint=SAVE_UTF8) from None
    return parse_config(text.replace("\r\n", "\n").replace("\r", "\n"), name=shown)


def _bytes_of(path: Path, name: str) -> bytes:
    """The bytes of a file of settings; ConfigError where it is no file (a pipe would be waited for), or too large."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a folder is refused by the system itself
        raise ConfigError(
            Message("{name}: is {kind}, not a file.").filled(name=name, kind=kind_of(mode)),
            hint=Message("Write the settings into a file of this name."),
        )
    with open(path, "rb", opener=at_once) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ConfigError(
            Message("{name}: is larger than {most} [byte|bytes].").filled(name=name, most=grouped(MOST_BYTES)),
            hint=Message("Is it the right file?"),
        )
    return data
