"""Cuts the power after each file call of a training run.

The calls of a run are recorded with what they wrote, and played again on a model of a disk. What a disk holds after
a power cut is what was synced, and any part of what was not. Five states are built after each call:

- `synced`: only what a sync has promised, contents by the last sync of the file and names by that of the folder;
- `names`: all names, but contents only as synced, so that a rename has overtaken the data;
- `all`: everything, as after a kill;
- `random`, twice: of each folder a random part of its unsynced names, of each file a random part of its unsynced
  writes.

Every state has to be sound, to hold what a save or a line of metrics that had returned has promised, and to go on to
the same end as an undisturbed run.
"""

import functools
import os
import random
from pathlib import Path

import scenarios
from folders import require_same, require_sound, snapshot
from harness import Case, require

RECORDED = "create,write,fsync,rename,mkdir,unlink,symlink,truncate"


class File:
    """Bytes, those that were synced, and the writes since then."""

    def __init__(self):
        self.now, self.synced, self.writes = b"", b"", []

    @staticmethod
    def written(content, at, chunk):
        return content[:at].ljust(at, b"\0") + chunk + content[at + len(chunk):]

    def write(self, at, chunk):
        self.now = self.written(self.now, at, chunk)
        self.writes.append(lambda content: self.written(content, at, chunk))

    def cut(self, length):
        self.now = self.now[:length].ljust(length, b"\0")
        self.writes.append(lambda content: content[:length].ljust(length, b"\0"))

    def sync(self):
        self.synced, self.writes = self.now, []

    def content(self, kind, draws):
        if kind == "all":
            return self.now
        content = self.synced
        if kind == "random":
            for change in self.writes[:draws.randint(0, len(self.writes))]:
                content = change(content)
        return content


class Folder:
    """Names, those that were synced, and the changes since then."""

    def __init__(self):
        self.now, self.synced, self.changes = {}, {}, []

    def change(self, name, entry):
        self._apply(self.now, name, entry)
        self.changes.append((name, entry))

    @staticmethod
    def _apply(names, name, entry):
        if entry is None:
            names.pop(name, None)
        else:
            names[name] = entry

    def sync(self):
        self.synced, self.changes = dict(self.now), []

    def names(self, kind, draws):
        if kind in ("names", "all"):
            return self.now
        names = dict(self.synced)
        if kind == "random":
            for name, entry in self.changes[:draws.randint(0, len(self.changes))]:
                self._apply(names, name, entry)
        return names


class Disk:
    """A folder of which calls are played again, and what they have promised so far."""

    def __init__(self, top):
        self.top, self.root = top, Folder()
        self.saved_step, self._pending_step, self.lines = 0, 0, 0

    def _find(self, path):
        entry = self.root
        for part in Path(os.path.relpath(self.top / path, self.top)).parts:
            entry = entry.now.get(part) if isinstance(entry, Folder) else None
        return entry

    def _split(self, path):
        return self._find(os.path.dirname(path)), os.path.basename(path)

    def play(self, call, path, other, x, y, note, data):
        folder, name = self._split(path)
        if call == "mkdir" and x == 0:
            folder.change(name, Folder())
        elif call == "create" and note == "CREATED":
            folder.change(name, File())
        elif call == "create" and note == "EMPTIED":
            self._find(path).cut(0)
        elif call == "write":
            self._find(path).write(x, data[int(other):int(other) + y])
        elif call == "truncate":
            self._find(path).cut(x)
        elif call == "fsync":
            self._sync(path)
        elif call == "rename" and x == 0:
            entry = folder.now[name]
            target, new = self._split(other)
            target.change(new, entry)
            folder.change(name, None)
            if new == "latest.safetensors":
                self._pending_step = step_of(entry)
        elif call == "symlink" and x == 0:
            folder.change(name, other)
        elif call == "unlink" and x == 0:
            folder.change(name, None)

    def _sync(self, path):
        entry = self._find(path)
        entry.sync()
        if path.endswith("/checkpoints"):
            self.saved_step = max(self.saved_step, self._pending_step)
        # A line is promised when the call that appends it returns: of a new file after the name is synced as well.
        folder, name = self._split(path)
        if name == "metrics.jsonl" and name in folder.synced:
            self.lines = entry.synced.count(b"\n")
        elif isinstance(entry, Folder) and "metrics.jsonl" in entry.synced:
            self.lines = entry.synced["metrics.jsonl"].synced.count(b"\n")

    def build(self, kind, draws, path, entry=None):
        """Makes the state of the disk at a path."""
        entry = self.root if entry is None else entry
        if isinstance(entry, Folder):
            path.mkdir(parents=True, exist_ok=True)
            for name, child in entry.names(kind, draws).items():
                self.build(kind, draws, path / name, child)
        elif isinstance(entry, str):
            path.symlink_to(entry)
        else:
            path.write_bytes(entry.content(kind, draws))


def step_of(link):
    """The step in the name of a checkpoint's file."""
    return int(link.removeprefix("step-").removesuffix(".safetensors"))


# Two folders of the path are new, so that their names have to be made durable as well.
RUN = "new/deep/run"


@functools.cache
def recording(bench):
    """The calls of a run in order, what they wrote, and the snapshot of the run at its end."""
    place = bench.place / "powercut-recording"
    top = place / "disk"
    top.mkdir(parents=True)
    command = ["train", "--data", bench.data / "images.npy", *scenarios.TRAIN, "--epochs", 2, "--out", RUN]
    log = place / "log"
    bench.must(command, top, environment={
        "LD_PRELOAD": str(bench.shim), "FAULT_PATHS": str(top), "FAULT_CALLS": RECORDED, "FAULT_LOG": str(log),
        "FAULT_TRACE": "1"})
    lines = [line.split("\t") for line in log.read_text().splitlines()]
    calls = [(call, path, other, int(x), int(y), note) for _, call, path, other, x, y, note in lines]
    return top, calls, (place / "log.data").read_bytes(), snapshot(top / RUN)


def cases(bench):
    """A case for each call and kind of state; in a quick run after every ninth call."""
    _, calls, *_ = recording(bench)
    step = bench.count(1, 9)
    kinds = [("synced", 0), ("names", 0), ("all", 0), ("random", 1), ("random", 2)]
    numbers = range(1 + bench.seed % step, len(calls) + 1, step)
    goes_on = {}
    return [cut(bench, number, kind, draw, goes_on) for number in numbers for kind, draw in kinds]


def cut(bench, number, kind, draw, goes_on):
    name = f"powercut/{kind}{draw or ''}/{number}"

    def work(folder):
        top, calls, data, reference = recording(bench)
        disk = Disk(top)
        for call in calls[:number]:
            disk.play(*call, data)
        disk.build(kind, random.Random(f"{bench.seed}/{name}"), folder / "disk")
        run = folder / "disk" / RUN
        require_sound(folder / "disk")
        latest = run / "checkpoints/latest.safetensors"
        step = step_of(os.readlink(latest)) if latest.is_symlink() else 0
        require(step >= disk.saved_step, f"the save of step {disk.saved_step} had returned, and step {step} is there")
        metrics = run / "metrics.jsonl"
        lines = metrics.read_bytes().count(b"\n") if metrics.exists() else 0
        require(lines >= disk.lines, f"{disk.lines} lines of metrics were synced, and {lines} are there")
        go_on(bench, folder / "disk", reference, goes_on)

    return Case(name, work, faults=1)


def go_on(bench, disk, reference, known):
    """Resumes the run, or begins it where there is none, unless the same state has been gone on from."""
    run = disk / RUN
    key = tuple(sorted(snapshot(run).items())) if run.exists() else None
    if key in known:
        return
    known[key] = True
    if (run / "config.json").exists():
        command = ["train", "--resume", RUN, "--threads", 1, "-q"]
    else:
        command = ["train", "--data", bench.data / "images.npy", *scenarios.TRAIN, "--epochs", 2, "--out", RUN]
    outcome = bench.run(command, disk)
    is_over = outcome.status == 65 and "epochs are done" in outcome.errors
    require(outcome.status == 0 or is_over, f"the next sitting: {outcome}")
    require_same(snapshot(run), reference, "after the next sitting")
