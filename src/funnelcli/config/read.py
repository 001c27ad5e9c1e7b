"""How funnel.toml is read: the file, its TOML, its tables."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from funnelcli.config.tables import Config
from funnelcli.config.words import SEE_CONFIG, in_words
from funnelcli.problems import ConfigError, reason_of
from funnelcli.problems.system import CANNOT_READ, CHECK_PATH, NOT_UTF8, SAVE_UTF8
from funnelcli.text import Text, foreign, joined

FILE_NAME = "funnel.toml"
SCHEMA_NAME = "funnel.schema.json"


def parse_config(text: str, *, name: str = FILE_NAME) -> Config:
    """The settings in TOML ``text``.

    Raises ConfigError that names every key that is wrong, what is wrong with it, and the closest known key.

    >>> parse_config('[churn]\\nmethod = "opening"').churn.method
    'opening'
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            Text("{name}: this is not valid TOML: {error}.", "{name}: TOML không hợp lệ: {error}.").filled(
                name=name, error=foreign(error)
            ),
            hint=Text(
                "Strings need quotation marks, lists square brackets; see docs/config.md.",
                "Chuỗi cần ngoặc kép, danh sách cần ngoặc vuông; xem docs/config.md.",
            ),
        ) from None
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        lines = [joined(": ", [name, in_words(fault)]) for fault in error.errors()]
        raise ConfigError(joined("\n", lines), hint=SEE_CONFIG) from None


def read_config(path: Path, *, name: str | None = None) -> Config:
    """The settings in the file ``path``; ConfigError where it cannot be read or is wrong."""
    shown = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(CANNOT_READ.filled(name=shown, reason=reason_of(error)), hint=CHECK_PATH) from None
    except UnicodeDecodeError as error:
        raise ConfigError(NOT_UTF8.filled(name=shown, byte=error.start), hint=SAVE_UTF8) from None
    return parse_config(text, name=shown)
