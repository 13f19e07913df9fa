"""Kills, starves and corrupts the program in every way that its promises name, and counts what came of it.

    scripts/torture [--seed 1] [--quick] [--only PART,...] [--case NAME] [--jobs 2]

Prints a line for each part (cases, faults, kills, failures, seconds) and their sum; a failure is told with the command
that repeats its case. Ends with status 1 where anything failed. docs/Reliability.md says what the parts stand for.
"""

import argparse
import resource
import signal
import sys
from pathlib import Path

import concurrency
import faults
import fuzz
import kills
import memory
import mutations
import powercut
from harness import Bench, Failed, Tally

PARTS = {
    "faults": faults, "kills": kills, "powercut": powercut, "concurrency": concurrency, "mutations": mutations,
    "memory": memory, "fuzz": fuzz}
ROOT = Path(__file__).parent.parent.parent


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/torture", description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="chooses moments, bytes and states (1)")
    parser.add_argument("--quick", action="store_true", help="a sample of all cases, in some minutes")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,...", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--case", metavar="NAME", help="repeats one case")
    parser.add_argument("--jobs", type=int, default=2, help="cases at a time (2)")
    parser.add_argument("--vae", type=Path, default=ROOT / ".build/release/vae", help="the program under test")
    parser.add_argument("--shim", type=Path, default=ROOT / ".build/torture/faultshim.so", help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    chosen = [parsed.case.split("/")[0]] if parsed.case else parsed.only.split(",")
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        parser.error(f"no part '{unknown[0]}'; there are {', '.join(PARTS)}")
    return parsed, [name for name in PARTS if name in chosen]


def line(name, cases, fault_count, kill_count, failures, seconds):
    return f"{name:12} {cases:>7} {fault_count:>7} {kill_count:>7} {failures:>9} {seconds:>8}"


def told(name, tally):
    return line(name, tally.cases, tally.faults, tally.kills, len(tally.failures), f"{tally.seconds:.0f}")


def main():
    parsed, chosen = arguments()
    # A program that ends by a signal leaves no file behind for it.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(parsed.vae.resolve(), parsed.shim.resolve(), parsed.seed, parsed.quick, parsed.jobs, parsed.case)
    total = Tally()
    print(line("part", "cases", "faults", "kills", "failures", "seconds"), flush=True)
    try:
        for name in chosen:
            try:
                tally = bench.play(name, PARTS[name].cases)
            except Failed as failure:
                tally = Tally(failures=[(name, str(failure))])
                print(f"Failed: {name} could not begin: {failure}")
            print(told(name, tally), flush=True)
            total.add(tally)
    finally:
        bench.close()
    print(told("total", total))
    if parsed.case and total.cases == 0:
        sys.exit(f"torture: there is no case {parsed.case}")
    sys.exit(1 if total.failures else 0)


if __name__ == "__main__":
    main()
