"""What PATH stands for: a folder of exports with its settings."""

from pathlib import Path

from msgspec import Struct

from funnelcli.config import FILE_NAME, Config, read_config
from funnelcli.inputs import exports
from funnelcli.problems import UsageError
from funnelcli.problems.system import CHECK_PATH
from funnelcli.text import Message
from funnelcli.text.regex import regex

_LIKE_URL = regex(r"[A-Za-z][A-Za-z0-9+.-]+:/[^/]")  # a path has but one of the two strokes


class Folder(Struct, frozen=True, kw_only=True):
    """What PATH stands for: the folder, its settings, and the name of the settings' file (None: none there)."""

    root: Path
    config: Config
    config_name: str | None


def open_folder(path: Path) -> Folder:
    """The folder of exports ``path`` (or the folder of the funnel.toml ``path``) with its settings.

    Raises UsageError where there is no such place, ConfigError where the settings are wrong.
    """
    if path.is_dir():
        config_path = path / FILE_NAME
        if config_path.is_symlink() or config_path.exists():
            return Folder(root=path, config=_settings(config_path), config_name=config_path.name)
        return Folder(root=path, config=Config(), config_name=None)
    if path.exists():
        if path.suffix.casefold() != ".toml":
            raise UsageError(
                Message("{path} is neither a folder nor a funnel.toml.").filled(path=path),
                hint=Message("Give the folder, or name files with {options}.").filled(options=options_of_files()),
            )
        return Folder(root=path.parent, config=_settings(path), config_name=path.name)
    raise _not_there(path)


def _not_there(path: Path) -> UsageError:
    """The error of a folder that is not there; a URL is none, though files may be named by one."""
    if not _LIKE_URL.match(path.as_posix()):
        return UsageError(Message("{path}: there is no such folder or file.").filled(path=path), hint=CHECK_PATH)
    from funnelcli.reading.remote import shown

    return UsageError(
        Message("{path}: PATH is a folder of this machine.").filled(
            path=shown(path.as_posix().replace(":/", "://", 1))
        ),
        hint=Message("Name files by URL with {options}, or in funnel.toml: [inputs.visitors] files = [...].").filled(
            options=options_of_files()
        ),
    )


def options_of_files() -> str:
    """The options that name the files of the inputs."""
    return ", ".join(declared.flag for declared in exports())


def _settings(path: Path) -> Config:
    from funnelcli.reading.settings import check_names

    config = read_config(path)
    check_names(config, name=path.name)
    return config
