"""The example folders, written out of the package."""

from __future__ import annotations

import tomllib
from pathlib import Path

from support import run_cli

ROOT = Path(__file__).parents[2]
FOLDERS = ("erp_vn", "leads_vn", "own_metrics", "plain", "plan_sellers", "saas_vn")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


EXAMPLES = {f"{name}/{key}": data for name in FOLDERS for key, data in contents(ROOT / "examples" / name).items()}


def test_they_are_those_of_the_readme(tmp_path: Path) -> None:
    done = run_cli("example", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    wrote = "".join(f"wrote examples/{name}\n" for name in FOLDERS)
    assert done.stderr == f"{wrote}Next: funnelcli report examples/saas_vn\n"
    assert contents(tmp_path / "examples") == EXAMPLES
    report = run_cli("report", "examples/saas_vn", "--last", "2", cwd=tmp_path)
    assert report.stdout == run_cli("report", ROOT / "examples" / "saas_vn", "--last", "2").stdout


def test_what_was_changed_is_kept_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    assert run_cli("example", target, "-q").stderr == ""
    changed = target / "saas_vn" / "funnel.toml"
    changed.write_text("# mine\n", encoding="utf-8")
    (target / "plain" / "demos.csv").unlink()
    done = run_cli("example", target)
    assert (done.returncode, done.stderr) == (
        2, f"funnelcli: {changed} is there already.\n  Use --force to replace it, or name another folder.\n"
    )  # fmt: skip
    assert not (target / "plain" / "demos.csv").exists()
    assert changed.read_text(encoding="utf-8") == "# mine\n"
    assert run_cli("example", target, "--force").returncode == 0
    assert contents(target) == EXAMPLES


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "examples").write_text("", encoding="utf-8")
    done = run_cli("example", cwd=tmp_path)
    assert done.returncode == 2
    assert "examples/erp_vn" in done.stderr
    assert "cannot be written" in done.stderr


def test_the_wheel_holds_them() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {f"examples/{name}": f"funnelcli/examples/{name}" for name in FOLDERS}
