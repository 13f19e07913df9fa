"""The commands that are disturbed, and the verdict on what a disturbance leaves."""

import dataclasses
import functools
import shutil
from pathlib import Path

from folders import is_leftover, require_same, require_sound, snapshot
from harness import Once, require

# Kinds of calls, as the shim names them.
CHANGING = "create,write,fsync,rename,close,mkdir,unlink,symlink,chmod,seek,truncate,lock"
ASKING = "open,read,stat,list,entry,readlink,map"
# What a disk without room refuses: nothing is closed, removed or looked at in vain.
GROWING = "create,write,fsync,rename,mkdir,symlink"
INTERRUPTIBLE = "create,open,read,write,fsync"


@dataclasses.dataclass(frozen=True, eq=False)
class Scenario:
    """A command in a folder, with what stands there before and after it."""

    name: str
    command: list
    # Whether it writes a run that can be resumed, whose files change on the way.
    trains: bool
    before: Path
    after: dict
    old: dict
    resumptions: Once = dataclasses.field(default_factory=Once)

    def environment(self, bench, folder, kind="none", at=0, code=0, calls=CHANGING, **more):
        """The shim's settings for one disturbance of the command in a folder."""
        return {
            "LD_PRELOAD": str(bench.shim), "FAULT_PATHS": f"{folder}:{bench.data}", "FAULT_CALLS": calls,
            "FAULT_KIND": kind, "FAULT_AT": str(at), "FAULT_ERRNO": str(code), **more}

    def place(self, folder):
        """A folder of a case as it stands before the command."""
        work = folder / "work"
        shutil.copytree(self.before, work, symlinks=True)
        return work

    def calls(self, bench, kinds):
        """The kinds of the numbered calls of an undisturbed run, in order."""
        folder = bench.place / "scenarios" / f"{self.name}-calls"
        work = self.place(folder)
        log = folder / "log"
        bench.must(self.command, work, environment=self.environment(bench, work, calls=kinds, FAULT_LOG=str(log)))
        made = {}
        for line in log.read_text().splitlines():
            number, kind, *_ = line.split("\t")
            made[int(number)] = kind
        shutil.rmtree(folder)
        return [made.get(number, "?") for number in range(1, max(made) + 1)]

    def judge(self, bench, work, outcome, was_killed=False):
        """The verdict: success with all that belongs to it, or one line of error; nothing half written, and what stood
        there before is still there or replaced by all of the new; and the next sitting ends as if nothing had been."""
        if not was_killed:
            outcome.require_decent()
        require_sound(work)
        found = snapshot(work)
        for name in self.old:
            # The file of an old checkpoint goes when the names have moved to a new one.
            require(name in found or self.trains and "/step-" in name, f"{name} is gone")
            if not self.trains:
                require(found[name] in (self.old[name], self.after[name]), f"{name} is neither old nor new")
        if not was_killed and outcome.status == 0:
            lasting = {name: value for name, value in found.items() if not is_leftover(name)}
            require_same(lasting, self.after, "status 0, and yet")
            if lasting == found:
                return
        # Disturbances that leave the same go on in the same way: a run is a function of what is in its folder.
        key = tuple(sorted(found.items()))
        self.resumptions(key, lambda: self._go_on(bench, work))

    def _go_on(self, bench, work):
        """Goes on as a user would: resumes what is a run by now, or else gives the same command again."""
        command = self.command
        if self.trains and (work / "run/config.json").exists() and "--resume" not in command:
            command = ["train", "--resume", "run", "--threads", 1, "-q"]
        outcome = bench.run(command, work)
        is_over = self.trains and outcome.is_over
        require(outcome.status == 0 or is_over, f"the next sitting: {outcome}")
        require_same(snapshot(work), self.after, "after the next sitting")


TRAIN = [
    "--validation", 16, "--latents", 2, "--hidden", 8, "--batch-size", 40, "--average-decay", 0.9, "--seed", 7,
    "--threads", 1, "-q"]


@functools.cache
def make(bench):
    """All scenarios, each played once undisturbed."""
    # Undisturbed, each in a process of its own.
    with bench.alone():
        return _made(bench)


def _made(bench):
    images, rows, words = bench.data / "images.npy", bench.data / "rows.csv", bench.data / "words.csv"
    base = bench.place / "scenarios"
    base.mkdir()
    train = ["train", "--data", images, *TRAIN, "--out", "run"]
    empty, begun, trained, fitted = (base / name for name in ("empty", "begun", "trained", "fitted"))
    for folder in (empty, begun, trained, fitted):
        folder.mkdir()
    bench.must([*train, "--epochs", 1], begun)
    bench.must([*train, "--epochs", 1], trained)
    bench.must(["evaluate", "run", "-n", 8, "-k", 2, "-q", "--threads", 1, "--surgery"], trained)
    for name in ("codes.npy", "scores.csv"):
        (trained / name).write_bytes(b"old")
    bench.must(["sample", "run", "-n", 2, "--threads", 1], trained)
    for name in ("model.json", "net.bif"):
        (fitted / name).write_bytes(b"{}")
    plans = [
        ("train", [*train, "--epochs", 1], True, empty),
        ("resume", ["train", "--resume", "run", "--epochs", 2, "--threads", 1, "-q"], True, begun),
        (
            "folder",
            ["train", "--data", bench.data / "pictures", "--epochs", 1, "--validation", 6, "--network", "mlp",
             "--latents", 2, "--hidden", 4, "--batch-size", 9, "--seed", 7, "--threads", 1, "-q", "--out", "run"],
            True, empty),
        ("sample", ["sample", "run", "-n", 4, "--threads", 1], False, trained),
        ("encode", ["encode", "run", "-n", 8, "-q", "--threads", 1, "--out", "codes.npy"], False, trained),
        ("evaluate", ["evaluate", "run", "-n", 8, "-k", 2, "-q", "--threads", 1], False, trained),
        ("score", ["score", "run", images, "-n", 8, "-q", "--threads", 1, "--out", "scores.csv"], False, trained),
        ("fit", ["fit", "kmeans", rows, "--components", 2, "-q", "--threads", 1, "-o", "model.json"], False, fitted),
        ("network", ["fit", "network", words, "--structure", "A -> B", "-q", "-o", "net.bif"], False, fitted),
    ]
    scenarios = []
    for name, command, trains, before in plans:
        after = base / f"{name}-after"
        shutil.copytree(before, after, symlinks=True)
        bench.must(command, after)
        scenarios.append(Scenario(name, command, trains, before, snapshot(after), snapshot(before)))
    return scenarios
