"""What the parts of `make torture` share: the program under test, cases, and the count of what came of them."""

import collections
import contextlib
import dataclasses
import itertools
import os
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

import numpy

from pictures import png

# The statuses that the program may end with (sysexits.h), beside those of signals that it was sent.
STATUSES = {0, 1, 64, 65, 66, 69, 71, 73, 74, 75, 78}


class Failed(Exception):
    """What a case found wrong, in one line."""


def require(condition, text):
    if not condition:
        raise Failed(text)


@dataclasses.dataclass
class Outcome:
    """How a process ended: a negative status is the signal that ended it."""

    status: int
    output: str
    errors: str
    seconds: float
    peak_bytes: int
    hung: bool

    @property
    def complaint(self):
        """The lines of standard error that are no notes."""
        lines = [line for line in self.errors.splitlines() if line.strip()]
        return [line for line in lines if not line.startswith(("note: ", "warning: "))]

    @property
    def is_over(self):
        """Whether a run was resumed that has ended, by its epochs or early."""
        return self.status == 65 and ("epochs are done" in self.errors or "stopped early" in self.errors)

    def require_decent(self):
        """It ended by itself, with success or with one line that says what is wrong."""
        require(not self.hung, "hung")
        require(self.status >= 0, f"ended by signal {-self.status}: {self.tail}")
        require("Fatal error" not in self.errors, f"trapped: {self.tail}")
        require(self.status in STATUSES, f"status {self.status}: {self.tail}")
        if self.status != 0:
            lines = self.complaint
            require(
                len(lines) == 1 and lines[0].startswith("vae: error: "),
                f"status {self.status} with another message than one line: {self.tail}")

    @property
    def tail(self):
        return repr(self.errors.strip()[-300:])

    def __str__(self):
        return f"status {self.status}{' (hung)' if self.hung else ''} after {self.seconds:.1f} s: {self.tail}"


@dataclasses.dataclass
class Case:
    """One thing that is tried, in a folder of its own; `work` raises `Failed`.

    `faults` and `kills` are how many of them it inflicts, unless `work` returns a pair of numbers that says so.
    """

    name: str
    work: Callable[[Path], tuple[int, int] | None]
    faults: int = 0
    kills: int = 0


@dataclasses.dataclass
class Tally:
    """What came of a part's cases."""

    cases: int = 0
    faults: int = 0
    kills: int = 0
    seconds: float = 0
    failures: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def add(self, other):
        self.cases += other.cases
        self.faults += other.faults
        self.kills += other.kills
        self.seconds += other.seconds
        self.failures += other.failures


class Bench:
    """Where and how the harness works.

    - `vae`, `shim`: the program under test and the library that disturbs it.
    - `seed`, `is_quick`, `jobs`: the settings of the command line.
    - `only`: the name of the one case to repeat, or nothing; `repeat`: the command that repeats one.
    - `place`: a temporary folder; `data`: the inputs in it, which no case changes.
    """

    def __init__(self, vae, shim, seed, is_quick, jobs, only):
        self.vae, self.shim, self.seed, self.is_quick, self.jobs, self.only = vae, shim, seed, is_quick, jobs, only
        self.repeat = f"scripts/torture --seed {seed}{' --quick' if is_quick else ''}"
        # In memory where that can be had: what a disk keeps is played on a model, and syncing takes most of the time.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.place = Path(tempfile.mkdtemp(prefix="vae-torture-", dir=os.environ.get("TMPDIR", memory)))
        self.data = self.place / "data"
        self.environment = dict(
            os.environ, OMP_NUM_THREADS="1", SWIFT_BACKTRACE="enable=no", NO_COLOR="1", LC_ALL="C.UTF-8",
            XDG_CACHE_HOME=str(self.place / "cache"))
        self.environment.pop("VAE_DATA_DIR", None)
        self._own = threading.local()
        self._numbers = itertools.count()
        self._make_data()

    def _make_data(self):
        self.data.mkdir()
        draws = numpy.random.default_rng(1)
        blobs = numpy.linspace(0, 1, 6)[:, None] * draws.random((96, 1, 1, 6)) * 255
        numpy.save(self.data / "images.npy", blobs.astype(numpy.uint8))
        numpy.save(self.data / "many.npy", numpy.repeat(blobs, 20, 0).astype(numpy.uint8))
        for number in range(24):
            folder = self.data / "pictures" / ("even" if number % 2 == 0 else "odd")
            folder.mkdir(parents=True, exist_ok=True)
            rows = b"".join(b"\0" + bytes(draws.integers(0, 255, 4, dtype=numpy.uint8)) for _ in range(4))
            (folder / f"{number}.png").write_bytes(png(4, 4, 0, rows))
        rows = [f"{a:.3f},{b:.3f},{a * b:.3f}" for a, b in draws.normal(size=(60, 2))]
        (self.data / "rows.csv").write_text("\n".join(["a,b,c", *rows]) + "\n")
        words = [f"{'yes' if i % 3 else 'no'},{'on' if i % 2 else 'off'}" for i in range(60)]
        (self.data / "words.csv").write_text("\n".join(["A,B", *words]) + "\n")

    def close(self):
        shutil.rmtree(self.place, ignore_errors=True)

    def count(self, whole, quick):
        """The number of something: `whole` in a full run, `quick` in a quick one."""
        return quick if self.is_quick else whole

    def start(self, words, folder):
        """Starts the program in a process of its own; the path of what it tells as an error is its `log`."""
        log = self.place / f"{next(self._numbers)}.stderr"
        with open(log, "wb") as errors:
            process = subprocess.Popen(
                [self.vae, *map(str, words)], cwd=folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        process.log = log
        return process

    def run(self, words, folder, environment={}, timeout=120, memory=0):
        """Runs the program to its end in a folder, or kills it after `timeout` seconds; `memory` limits its bytes."""
        if getattr(self._own, "is_alone", False):
            return self._run_alone(words, folder, environment, timeout, memory)
        if not hasattr(self._own, "server"):
            self._own.server = Server(self, threading.get_ident())
        return self._own.server.run([self.vae, *words], folder, environment, timeout, memory)

    def _run_alone(self, words, folder, environment, timeout, memory):
        """Runs the program in a process of its own, which takes longer than a child of the server."""
        began = time.monotonic()
        files = [self.place / f"{next(self._numbers)}.{kind}" for kind in ("stdout", "stderr")]
        limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))) if memory else None
        with open(files[0], "wb") as output, open(files[1], "wb") as errors:
            process = subprocess.Popen(
                [self.vae, *map(str, words)], cwd=folder, env={**self.environment, **environment},
                stdin=subprocess.DEVNULL, stdout=output, stderr=errors, preexec_fn=limit)
        hung = threading.Event()
        timer = threading.Timer(timeout, lambda: (hung.set(), process.kill()))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = [file.read_bytes()[:1 << 20].decode("utf-8", "replace") for file in files]
        return Outcome(
            process.returncode, *texts, time.monotonic() - began, usage.ru_maxrss << 10, hung.is_set())

    @contextlib.contextmanager
    def alone(self):
        """What this thread runs inside runs in processes of their own."""
        self._own.is_alone = True
        try:
            yield
        finally:
            self._own.is_alone = False

    def must(self, words, folder, environment={}):
        """Runs the program where it has to succeed."""
        outcome = self.run(words, folder, environment)
        require(outcome.status == 0, f"vae {' '.join(map(str, words))}: {outcome}")
        return outcome

    @staticmethod
    def _attempt(case, folder):
        """What a case tells of its work, and why it failed."""
        try:
            return case.work(folder), None
        except Failed as error:
            return None, str(error)
        except Exception as error:  # what the harness did not expect is a failure of the case, not of the others
            return None, f"{type(error).__name__}: {error}"

    def play(self, part, make_cases):
        """Plays a part's cases, `jobs` at a time; with `--case` only the one of that name."""
        began = time.monotonic()
        cases = [case for case in make_cases(self) if self.only in (None, case.name)]
        tally = Tally()
        lock = threading.Lock()
        numbers = iter(range(len(cases)))

        def one(case):
            with lock:
                folder = self.place / part / str(next(numbers))
            folder.mkdir(parents=True)
            told, failure = self._attempt(case, folder)
            if failure and "hung" in failure:
                # A child of the server may wait for threads that a fork leaves behind; alone, it may not.
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                with self.alone():
                    told, failure = self._attempt(case, folder)
            faults, kills = told or (case.faults, case.kills)
            with lock:
                if failure:
                    tally.failures.append((case.name, failure))
                    print(f"Failed: {case.name}: {failure}\n  repeat: {self.repeat} --case {case.name}", flush=True)
                tally.cases += 1
                tally.faults += faults
                tally.kills += kills
            shutil.rmtree(folder, ignore_errors=True)

        pool = ThreadPoolExecutor(self.jobs)
        try:
            list(pool.map(one, cases))
        finally:
            pool.shutdown(cancel_futures=True)
        tally.seconds = time.monotonic() - began
        return tally


class Server:
    """The program, loaded once for a thread; each run is a child that has gone on from there (see forkserver.c)."""

    def __init__(self, bench, number):
        self._bench = bench
        self._files = [bench.place / f"{number}.{kind}" for kind in ("stdout", "stderr")]
        asks, self._asks = os.pipe()
        self._answers, answers = os.pipe()
        command = f'FAULT_SERVER=1 LD_PRELOAD="$1" exec "$0" 198<&{asks} 199>&{answers} {asks}<&- {answers}>&-'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", command, bench.vae, bench.shim], env=bench.environment, pass_fds=[asks, answers],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(asks)
        os.close(answers)
        self._lines = os.fdopen(self._answers, "r")

    def run(self, words, folder, environment, timeout, memory):
        began = time.monotonic()
        settings = [f"{name}={value}" for name, value in environment.items() if name != "LD_PRELOAD"]
        texts = [folder, *self._files, memory, len(settings), *settings, *words]
        request = b"".join(os.fsencode(str(text)) + b"\0" for text in texts)
        os.write(self._asks, struct.pack("<I", len(request)) + request)
        child = int(self._lines.readline())
        hung = threading.Event()

        def stop():
            try:
                os.kill(child, signal.SIGKILL)
                hung.set()
            except ProcessLookupError:
                pass

        timer = threading.Timer(timeout, stop)
        timer.start()
        status, peak = map(int, self._lines.readline().split())
        timer.cancel()
        output, errors = (file.read_bytes()[:1 << 20].decode("utf-8", "replace") for file in self._files)
        return Outcome(
            os.waitstatus_to_exitcode(status), output, errors, time.monotonic() - began, peak << 10, hung.is_set())


class Once:
    """Does something once for each key, also when several threads ask at the same time, and remembers the outcome."""

    def __init__(self):
        self._lock = threading.Lock()
        self._locks = collections.defaultdict(threading.Lock)
        self._found = {}

    def __len__(self):
        return len(self._found)

    def __call__(self, key, make):
        with self._lock:
            own = self._locks[key]
        with own:
            if key not in self._found:
                try:
                    self._found[key] = (make(), None)
                except Failed as failure:
                    self._found[key] = (None, failure)
            value, failure = self._found[key]
        if failure:
            raise failure
        return value
