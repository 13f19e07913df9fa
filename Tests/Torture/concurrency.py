"""Several processes on one run folder or one file at once: one writes, the others are refused or read what is whole."""

import random
import time

from folders import require_same, require_sound, snapshot
from harness import Case, Failed, Outcome, require


def cases(bench):
    rounds = bench.count(6, 2)
    images = bench.data / "many.npy"
    train = [
        "train", "--data", images, "--epochs", 6, "--validation", 300, "--latents", 3, "--hidden", 32, "--batch-size",
        40, "--average-decay", 0.9, "--seed", 7, "--threads", 1, "-q", "--out", "run"]
    alone = bench.place / "concurrency-alone"
    alone.mkdir()
    began = time.monotonic()
    bench.must(train, alone)
    seconds = time.monotonic() - began
    reference = snapshot(alone)

    def wait_for_run(place, process):
        while not (place / "run/config.json").exists():
            if process.poll() is not None:
                raise Failed(f"the trainer: {end(process)}")
            time.sleep(0.005)

    def two_beginnings(place, draws):
        first = bench.start(train, place)
        time.sleep(draws.uniform(0, 0.1))
        second = bench.start(train, place)
        ends = sorted((end(first), end(second)), key=lambda outcome: outcome.status)
        require(ends[0].status == 0, f"neither of two trained: {ends[0]}")
        require(ends[1].status in (73, 75), f"the second was not refused: {ends[1]}")
        ends[1].require_decent()

    def resumed_meanwhile(place, draws):
        first = bench.start(train, place)
        wait_for_run(place, first)
        time.sleep(draws.uniform(0, seconds / 3))
        second = bench.run(["train", "--resume", "run", "--threads", 1, "-q"], place)
        second.require_decent()
        is_over = "epochs are done" in second.errors
        require(second.status == 75 or second.status == 0 or is_over, f"the second: {second}")
        outcome = end(first)
        require(outcome.status == 0, f"the first: {outcome}")

    def read_meanwhile(place, draws):
        first = bench.start(train, place)
        wait_for_run(place, first)
        readers = [
            ["inspect", "run"], ["sample", "run", "-n", 2, "-o", "../samples.png", "--threads", 1],
            ["encode", "run", "-n", 4, "-q", "-o", "../codes.npy", "--threads", 1]]
        while first.poll() is None:
            outcome = bench.run(draws.choice(readers), place)
            require(outcome.status == 0, f"a reader: {outcome}")
        outcome = end(first)
        require(outcome.status == 0, f"the trainer: {outcome}")

    def evaluated_twice(place, draws):
        bench.must(train, place)
        command = ["evaluate", "run", "-n", 8, "-k", 2, "-q", "--threads", 1]
        bench.must(command, place)
        after = snapshot(place)
        processes = [bench.start(command, place) for _ in range(2)]
        for process in processes:
            outcome = end(process)
            require(outcome.status == 0, f"evaluate: {outcome}")
        require_same(snapshot(place), after, "after two evaluations at once")

    def fitted_twice(place, draws):
        command = ["fit", "kmeans", bench.data / "rows.csv", "-q", "--threads", 1, "-o", "model.json", "--components"]
        outcomes = []
        for components in (2, 3):
            bench.must([*command, components], place)
            outcomes.append(snapshot(place))
        processes = [bench.start([*command, components], place) for components in (2, 3)]
        for process in processes:
            outcome = end(process)
            require(outcome.status == 0, f"fit: {outcome}")
        for name, value in snapshot(place).items():
            require(value in [outcome.get(name) for outcome in outcomes], f"{name} is of neither of two fits")

    def case(name, work, number, leaves_run):
        title = f"concurrency/{name}/{number}"

        def play(folder):
            place = folder / "work"
            place.mkdir()
            work(place, random.Random(f"{bench.seed}/{title}"))
            require_sound(place)
            if leaves_run:
                require_same(snapshot(place), reference, "the run at the end")

        return Case(title, play)

    kinds = [
        ("two-beginnings", two_beginnings, True), ("resumed-meanwhile", resumed_meanwhile, True),
        ("read-meanwhile", read_meanwhile, True), ("evaluated-twice", evaluated_twice, False),
        ("fitted-twice", fitted_twice, False)]
    return [case(name, work, number, leaves) for number in range(rounds) for name, work, leaves in kinds]


def end(process):
    """How a process ends."""
    began = time.monotonic()
    status = process.wait(120)
    return Outcome(status, "", process.log.read_text("utf-8", "replace"), time.monotonic() - began, 0, False)
