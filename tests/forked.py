"""Runs of ``python -m funnelcli``, each a process of its own, forked from one that has imported everything already.

Most of the time of a run is the import of pandas, DuckDB and the package, and the reading of an example.  A template
process does both once, and runs the usual commands; each run is a fork of it, with its own arguments, folder,
environment and standard streams, left as ``python -m funnelcli`` is left.  What depends on the start of an interpreter
(imports, hash seeds, PYTHON…) needs a run of its own, which reads the examples itself too.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence


class Template:
    """The process that runs are forked from; it ends when this one does."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
        self._socket = ours
        self._lines = ours.makefile("r")

    def close(self) -> None:
        """End the template, and wait until it has ended."""
        self._lines.close()
        self._socket.close()
        self._process.wait()

    def run(
        self,
        arguments: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        stdin: bytes,
        timeout: float,
        code: str | None = None,
    ) -> tuple[int, bytes, bytes]:
        """The exit status, standard output and standard error of one run; TimeoutExpired where it does not end.

        With ``code`` it is a run of ``python -c`` instead.
        """
        pipes = [os.pipe() for _ in range(3)]
        (theirs_in, ours_in), (ours_out, theirs_out), (ours_err, theirs_err) = pipes
        theirs = (theirs_in, theirs_out, theirs_err)
        pid = self.begin(arguments, cwd=cwd, env=env, streams=theirs, code=code)
        for descriptor in theirs:
            os.close(descriptor)
        read: dict[int, bytes] = {}
        threads = [
            threading.Thread(target=_write, args=(ours_in, stdin), daemon=True),
            *(threading.Thread(target=_read, args=(end, read), daemon=True) for end in (ours_out, ours_err)),
        ]
        for thread in threads:
            thread.start()
        ends = time.monotonic() + timeout
        for thread in threads:
            thread.join(max(0.0, ends - time.monotonic()))
        if any(thread.is_alive() for thread in threads):
            os.kill(pid, 9)
            self.end()
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        return self.end(), read[ours_out], read[ours_err]

    def begin(
        self,
        arguments: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        streams: tuple[int, int, int],
        code: str | None = None,
    ) -> int:
        """Begin a run with standard input, output and error of one's own, and say which process it is."""
        request = json.dumps({"arguments": list(arguments), "cwd": cwd, "env": dict(env), "code": code}).encode()
        self._socket.sendall(len(request).to_bytes(4, "big"))
        socket.send_fds(self._socket, [b"\0"], streams)
        self._socket.sendall(request)
        return int(self._lines.readline())

    def end(self) -> int:
        """The exit status of the run that was begun last, once it has ended."""
        return int(self._lines.readline())


def _write(end: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(end, "wb") as stream:
        stream.write(data)


def _read(end: int, into: dict[int, bytes]) -> None:
    with open(end, "rb") as stream:
        into[end] = stream.read()


# --- in the template ---------------------------------------------------------------------------------------------


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            os._exit(0)  # whoever asked is gone
        data += more
    return data


def _import_everything() -> None:
    import funnelcli

    for module in pkgutil.walk_packages(funnelcli.__path__, "funnelcli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("pandas", "duckdb", "python_calamine", "rich.table", "charset_normalizer"):
        importlib.import_module(name)


_AS_LONG_AS_IT_LIVES = contextlib.ExitStack()


def _read_examples() -> None:
    """Read the examples, whose files no test changes, for all runs to come; any other file each run reads itself."""
    from funnelcli import open_folder
    from read_once import EXAMPLES, read_once

    _AS_LONG_AS_IT_LIVES.enter_context(read_once())
    for folder in sorted(EXAMPLES.iterdir()):
        if folder.is_dir():
            open_folder(folder).facts()


# A run of each command, and one of each format: %s is the folder of the examples.
_USUAL = """
report %s/saas_vn --lang vi
report %s/saas_vn --by channel
report %s/saas_vn --pack -f html
report %s/saas_vn -f eml --mail-to an@example.com
report %s/plain -f csv
report %s/plain -f json
report %s/plain -f md
report %s/plain -f xlsx
check %s/saas_vn
check %s/plain -f json
explain new_signups %s/plain --rows
explain churned_paid_users %s/saas_vn
metrics
targets %s/plain --new-paid-users 10 --from 2026-11 --to 2027-01
targets %s/saas_vn --new-paid-users 10 --from 2026-11 --to 2027-01
cohorts %s/plain
cohorts %s/saas_vn --by channel
movements %s/saas_vn
renewals %s/saas_vn
commission %s/saas_vn
flywheel %s/saas_vn
leads %s/leads_vn
sla %s/leads_vn
icp review %s/leads_vn --no-keep
report --help
"""


def _look_everything_up() -> None:
    """Run the usual commands once: what is looked up when it is first asked for is there in all forks then."""
    from funnelcli.cli.app import main
    from read_once import EXAMPLES

    given, streams = sys.argv, (sys.stdout, sys.stderr)
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        for line in _USUAL.strip().splitlines():
            sys.argv, sys.stdout, sys.stderr = (
                ["funnelcli", *line.replace("%s", str(EXAMPLES)).split()],
                nowhere,
                nowhere,
            )
            status: object = 0
            try:
                main()
            except SystemExit as left:
                status = left.code
            assert not status, line
    sys.argv, (sys.stdout, sys.stderr) = given, streams
    for number, handler in signals.items():
        signal.signal(number, handler)


def _become(request: Mapping[str, object], descriptors: Sequence[int]) -> None:
    """In the fork: take over the streams, folder and environment, and run as ``python -m funnelcli``."""
    for place, descriptor in enumerate(descriptors):
        os.dup2(descriptor, place)
        os.close(descriptor)
    arguments, cwd, env, code = request["arguments"], request["cwd"], request["env"], request["code"]
    assert isinstance(arguments, list)
    assert isinstance(env, dict)
    os.chdir(str(cwd))
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background ignores it
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # open for the whole run
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)  # noqa: SIM115
    if isinstance(code, str):
        sys.argv = ["-c", *arguments]
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = ["funnelcli", *arguments]
        runpy.run_module("funnelcli", run_name="__main__", alter_sys=True)


def _serve(connection: socket.socket) -> None:
    _import_everything()
    _read_examples()
    _look_everything_up()
    gc.collect()
    gc.freeze()  # what is there by now is not looked through, nor its pages copied, in every fork
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    assert threads == 1, "a process with threads cannot be forked safely"
    while True:
        size = int.from_bytes(_exactly(connection, 4), "big")
        _, descriptors, _, _ = socket.recv_fds(connection, 1, 3)
        request = json.loads(_exactly(connection, size))
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                connection.close()
                _become(request, descriptors)
                status = 0
            except SystemExit as left:
                status = left.code if isinstance(left.code, int) else int(left.code is not None)
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                with contextlib.suppress(OSError, ValueError):
                    sys.stdout.flush()
                os._exit(status)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(f"{pid}\n".encode())
        _, wait_status = os.waitpid(pid, 0)
        connection.sendall(f"{os.waitstatus_to_exitcode(wait_status)}\n".encode())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
