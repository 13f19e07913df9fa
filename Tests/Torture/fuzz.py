"""Fuzzes the readers of untrusted files with libFuzzer, as `make fuzz` does, for a shorter time."""

import subprocess
from pathlib import Path

from harness import Case, require

ROOT = Path(__file__).parent.parent.parent


def cases(bench):
    return [Case("fuzz/readers", lambda folder: readers(bench))]


def readers(bench):
    seconds = bench.count(20, 3)
    done = subprocess.run(
        [ROOT / "scripts/fuzz", str(seconds)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        errors="replace")
    lines = (done.stdout + done.stderr).strip().splitlines()
    require(done.returncode == 0, f"scripts/fuzz {seconds}: {' / '.join(lines[-3:])}")
