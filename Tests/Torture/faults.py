"""Fails each file call of a command in turn, shortens and interrupts them, and fills the disk from each call on."""

import errno

import scenarios
from harness import Case


def ways(scenario):
    """The ways to disturb each call of a scenario: name, kind of the shim, error, kinds of calls."""
    yield "EIO-reading", "error", errno.EIO, scenarios.ASKING
    # Of folders of images the reading is new; the rest is as for an array.
    if scenario.name != "folder":
        yield "ENOSPC", "error", errno.ENOSPC, scenarios.CHANGING
        yield "EIO", "error", errno.EIO, scenarios.CHANGING
        yield "full-disk", "full", errno.ENOSPC, scenarios.GROWING
        yield "short", "short", 0, "read,write"


def cases(bench):
    """A case for each call of each scenario and way; in a quick run every seventh call."""
    found = []
    for scenario in scenarios.make(bench):
        numbers = {}
        for name, kind, code, calls in ways(scenario):
            if calls not in numbers:
                numbers[calls] = scenario.calls(bench, calls)
            step = bench.count(1, 7)
            for at in range(1 + bench.seed % step, len(numbers[calls]) + 1, step):
                found.append(case(bench, scenario, name, kind, code, calls, at))
        for every in (2, 3, 5):
            found.append(storm(bench, scenario, every))
    return found


def case(bench, scenario, name, kind, code, calls, at):
    def work(folder):
        place = scenario.place(folder)
        settings = scenario.environment(bench, place, kind, at, code, calls)
        scenario.judge(bench, place, bench.run(scenario.command, place, environment=settings))

    return Case(f"faults/{scenario.name}/{name}/{at}", work, faults=1)


def storm(bench, scenario, every):
    """Interrupts each second, third or fifth call that can be interrupted."""

    def work(folder):
        place = scenario.place(folder)
        log = folder / "log"
        settings = scenario.environment(
            bench, place, "storm", calls=scenarios.INTERRUPTIBLE, FAULT_EVERY=str(every), FAULT_LOG=str(log))
        outcome = bench.run(scenario.command, place, environment=settings)
        scenario.judge(bench, place, outcome)
        return log.read_text().count("INTERRUPTED"), 0

    return Case(f"faults/{scenario.name}/storm/{every}", work)
