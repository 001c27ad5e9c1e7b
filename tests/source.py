"""The code itself, parsed once for all tests that look through it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import funnelcli

SOURCE = Path(funnelcli.__file__).parent


@cache
def files() -> tuple[Path, ...]:
    """Every file of the package."""
    return tuple(sorted(SOURCE.rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    """The code of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of the code of a file."""
    return tuple(ast.walk(tree_of(path)))
