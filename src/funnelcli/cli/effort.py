"""The options of how large files are read, put into a command's signature where ``effort`` stands."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from funnelcli.cli.declared import with_options
from funnelcli.values.engines import EngineName

Given = Mapping[str, Any]

_THREADS = Annotated[
    int | None,
    typer.Option(
        "--threads", metavar="N", min=1, max=256, help="Threads for large files of visits.",
        show_default="the processors that may be used",
    ),
]  # fmt: skip
_NO_CACHE = Annotated[bool, typer.Option("--no-cache", help="Read all, and keep nothing for the next run.")]
_VERIFY = Annotated[bool, typer.Option("--verify", help="Believe what was kept only where the bytes are the same.")]
_ENGINE = Annotated[
    EngineName | None,
    typer.Option(
        "--engine", help="dask has large files of visits counted by the workers of a Dask cluster.",
        show_default="duckdb; with --scheduler or --workers dask",
    ),
]  # fmt: skip
_SCHEDULER = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="The scheduler of that cluster, like tcp://host:8786."),
]
_WORKERS = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", min=1, max=256, help="Without a scheduler: so many processes started for the run.",
        show_default="the processors that may be used",
    ),
]  # fmt: skip


def with_effort_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options of how large files are read; it is called with what was given as ``effort``."""
    parameters = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)
        for name, default, annotation in (
            ("threads", None, _THREADS),
            ("engine", None, _ENGINE),
            ("scheduler", None, _SCHEDULER),
            ("workers", None, _WORKERS),
            ("no_cache", False, _NO_CACHE),
            ("verify", False, _VERIFY),
        )
    ]
    return with_options("effort", parameters)(command)
