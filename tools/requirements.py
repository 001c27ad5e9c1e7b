"""The requirements that pyproject.toml states, one a line: of the package, or with an argument of that extra."""

import sys
import tomllib
from pathlib import Path


def requirements(extra: str | None) -> list[str]:
    """The requirement lines of the package itself, or of one of its extras."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines: list[str] = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return lines


if __name__ == "__main__":
    print("\n".join(requirements(sys.argv[1] if len(sys.argv) > 1 else None)))
