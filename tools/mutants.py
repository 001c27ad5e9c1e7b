"""Mutation testing by hand: one small change of the code at a time, and whether a unit test notices it.

``python tools/mutants.py planning/track.py`` changes each comparison, sum, constant and condition of a module in turn,
runs the tests that are about it, and lists the changes that no test noticed.  Every change is run in a process forked
from one that has the libraries loaded already, so that most take well under a second.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import multiprocessing
import os
import random
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "funnelcli"
UNIT = "tests/unit"
# The unit tests that are about the modules of a room.
TESTS = {
    "planning": (
        "test_backsolve.py",
        "test_allocate.py",
        "test_track.py",
        "test_plan.py",
        "test_plan_teams.py",
        "test_plan_edges.py",
        "test_capacity.py",
    ),
    "counting": (
        "test_select.py",
        "test_counts.py",
        "test_parts.py",
        "test_stated.py",
        "test_opening.py",
        "test_revenue.py",
        "test_dimensions.py",
        "test_counting.py",
    ),
    "metrics": (
        "test_identities.py",
        "test_formulas.py",
        "../contracts/test_metrics.py",
        "test_counting.py",
        "test_dimensions.py",
        "test_opening.py",
        "test_revenue.py",
    ),
}
ALSO = {"planning": ("test_declared_plans.py",)}  # slower, so only for what the others leave alive
SECONDS = 20

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}  # fmt: skip
_FUNCTIONS = {"max": "min", "min": "max", "ceil": "floor", "floor": "ceil", "any": "all", "all": "any"}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A module with one change, and where and what it is."""

    path: Path
    line: int
    change: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.path.relative_to(SOURCE)}:{self.line}: {self.change}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change of a module, one at a time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    places = [number for number, node in enumerate(ast.walk(tree)) if not isinstance(node, ast.Module)]
    of_types = _within_annotations(tree)
    for place in places:
        original = _node(tree, place)
        if id(original) in of_types:
            continue
        for changed in _changes(original):
            mutant = copy.deepcopy(tree)
            _replace(_node(mutant, place), changed)
            ast.fix_missing_locations(mutant)
            what = f"{ast.unparse(original)[:60]} -> {ast.unparse(changed)[:60]}"
            yield Mutant(path=path, line=getattr(original, "lineno", 0), change=what, tree=mutant)


def _node(tree: ast.AST, place: int) -> ast.AST:
    return next(node for number, node in enumerate(ast.walk(tree)) if number == place)


def _within_annotations(tree: ast.AST) -> set[int]:
    """What only says a type, or is text or a message for people: no test should notice its change."""
    ids: set[int] = set()
    for node in ast.walk(tree):
        passive: list[ast.AST | None] = []
        if isinstance(node, ast.arg | ast.AnnAssign):
            passive.append(node.annotation)
        if isinstance(node, ast.FunctionDef):
            passive += [node.returns, *node.decorator_list]
        if isinstance(node, ast.ClassDef):
            passive += node.decorator_list
        if isinstance(node, ast.JoinedStr | ast.Assert):
            passive.append(node)
        for part in passive:
            ids |= {id(inner) for inner in ast.walk(part)} if part is not None else set()
    return ids


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            yield ast.Compare(node.left, [_COMPARISONS[type(operator)]()], node.comparators)
        case ast.BinOp(op=operator) if type(operator) in _OPERATIONS and not _of_types(node):
            yield ast.BinOp(node.left, _OPERATIONS[type(operator)](), node.right)
        case ast.BoolOp(op=operator):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield node.operand
        case ast.Constant(value=bool(truth)):
            yield ast.Constant(not truth)
        case ast.Constant(value=int(number)):
            yield ast.Constant(number + 1)
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.Call(func=ast.Name(id=name)) if name in _FUNCTIONS:
            yield ast.Call(ast.Name(_FUNCTIONS[name], ast.Load()), node.args, node.keywords)
        case ast.Continue():
            yield ast.Break()
        case ast.keyword(arg="total", value=ast.Constant(value=str(total))):
            yield ast.keyword("total", ast.Constant("sum" if total != "sum" else "last"))
        case _:
            return


def _of_types(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.BitOr)


def _replace(node: ast.AST, changed: ast.AST) -> None:
    """Make a node into another, in place."""
    node.__class__ = changed.__class__
    for name in list(vars(node)):
        if name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            continue
        delattr(node, name)
    vars(node).update({name: value for name, value in vars(changed).items() if name not in vars(node)})


class _Loader(importlib.abc.InspectLoader):
    """Gives a module the changed code."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def get_source(self, fullname: str) -> str:
        return ast.unparse(self.mutant.tree)

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.mutant.tree, str(self.mutant.path), "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        module = mutant.path.parent if mutant.path.stem == "__init__" else mutant.path.with_suffix("")
        self.name, self.mutant = ".".join(module.relative_to(SOURCE.parent).parts), mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        place = self.mutant.path
        spec = importlib.util.spec_from_loader(
            fullname, _Loader(self.mutant), origin=str(place), is_package=place.stem == "__init__"
        )
        if spec is not None and spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(str(place.parent))
        return spec


def is_noticed(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Whether a test fails, or does not end, with the change."""
    child = os.fork()
    if child == 0:
        _run(mutant, tests)
    _, status = os.waitpid(child, 0)
    return status != 0


def _run(mutant: Mutant, tests: Sequence[str]) -> None:
    """Run the tests in this process, which ends with their exit status."""
    status = 1
    try:
        # Of its own time, not the clock's: on a busy machine tests that pass would seem not to end.
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.meta_path.insert(0, _Finder(mutant))
        import pytest

        status = int(
            pytest.main(
                [
                    "-x",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "-p",
                    "no:xdist",
                    "-p",
                    "no:hypothesispytest",
                    "--assert=plain",
                    *tests,
                ]
            )
        )
    finally:
        os._exit(status)


def _preload() -> None:
    """Load what the tests need besides the code that is changed."""
    sys.path[:0] = [str(SOURCE.parent), str(ROOT / "tests")]
    os.chdir(ROOT)
    libraries = ("pytest", "unittest.mock", "_pytest.python", "pydantic", "pandas", "typer", "duckdb")
    below = ("funnelcli.config", "funnelcli.facts.load")  # rooms below those that are changed
    for name in (*libraries, *below):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def survives(mutant: Mutant) -> bool:
    """Whether neither the module's own tests notice it, nor those of its room, nor the slower ones."""
    room = mutant.path.relative_to(SOURCE).parts[0]
    own = f"test_{mutant.path.stem}.py"
    steps = [[own], [name for name in TESTS[room] if name != own], ALSO.get(room, ())]
    present = [[f"{UNIT}/{name}" for name in step if (ROOT / UNIT / name).exists()] for step in steps]
    return not any(is_noticed(mutant, tests) for tests in present if tests)


def main() -> int:
    """Change, test, and list what was not noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=["planning", "counting", "metrics"], help="below src/funnelcli")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sample", type=int, help="only so many of the changes, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the draw: the same seed always draws the same changes")
    arguments = parser.parse_args()
    _preload()
    paths = [path for name in arguments.modules for path in _paths(name)]
    mutants = [mutant for path in paths for mutant in mutants_of(path)]
    if arguments.sample is not None and arguments.sample < len(mutants):
        mutants = random.Random(arguments.seed).sample(mutants, arguments.sample)

    # Tests that fail without any change would notice everything.
    for path in {path.parent: path for path in paths}.values():
        unchanged = Mutant(path=path, line=0, change="nothing", tree=ast.parse(path.read_text(encoding="utf-8")))
        if not survives(unchanged):
            parser.error(f"the tests of {path.parent.name} fail as they are")
    survivors: list[Mutant] = []
    with multiprocessing.get_context("fork").Pool(arguments.jobs) as pool:
        for number, (mutant, alive) in enumerate(zip(mutants, pool.imap(survives, mutants), strict=True), start=1):
            if alive:
                survivors.append(mutant)
                print(mutant, flush=True)
            if number % 50 == 0:
                print(f"  {number} of {len(mutants)}, {len(survivors)} alive", file=sys.stderr, flush=True)
    noticed = len(mutants) - len(survivors)
    print(f"{noticed} of {len(mutants)} changes were noticed ({noticed / max(len(mutants), 1):.1%}).")
    return 0


def _paths(name: str) -> list[Path]:
    path = SOURCE / name
    return [path] if path.is_file() else sorted(path.glob("*.py"))


if __name__ == "__main__":
    sys.exit(main())
