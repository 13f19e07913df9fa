"""How a contestant answers: the same lines as Contest/Contestant.swift."""
import json
import sys
import time


def peak_memory():
    """The largest resident size of this process so far, in bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def take_part(check, repeat):
    """Answers with `check()`, then times `repeat(count)` for each count on standard input."""
    print(json.dumps({"check": check()}), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        repeat(int(line))
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "peak": peak_memory()}), flush=True)
