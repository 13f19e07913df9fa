"""Kills a command at each of its calls that change something, half way through each write, and at random moments."""

import itertools
import random
import shutil
import signal

import scenarios
from folders import require_same, require_sound, snapshot
from harness import Case, Failed, require


def cases(bench):
    """Kills at calls (in a quick run every seventh), and rounds of random kills."""
    found = []
    for scenario in scenarios.make(bench):
        if scenario.name == "folder":
            continue
        calls = scenario.calls(bench, scenarios.CHANGING)
        step = bench.count(1, 7)
        for at in range(1 + bench.seed % step, len(calls) + 1, step):
            found.append(at_call(bench, scenario, "kill", at))
            if calls[at - 1] == "write":
                found.append(at_call(bench, scenario, "torn", at))
    return found + random_kills(bench)


def at_call(bench, scenario, kind, at):
    def work(folder):
        place = scenario.place(folder)
        outcome = bench.run(scenario.command, place, environment=scenario.environment(bench, place, kind, at))
        require(outcome.status == -signal.SIGKILL, f"was not killed at call {at}: {outcome}")
        scenario.judge(bench, place, outcome, was_killed=True)

    return Case(f"kills/{scenario.name}/{kind}/{at}", work, kills=1)


def recipes(bench):
    """Kinds of runs with all that a checkpoint may hold: averages, a patience, a second network, other optimizers."""
    images = bench.data / "many.npy"
    common = ["--data", images, "--validation", 300, "--seed", 7, "--threads", 1, "-q"]
    return {
        "averages": [
            *common, "--epochs", 5, "--latents", 3, "--hidden", 16, "--average-decay", 0.99, "--warm-up", 2,
            "--schedule", "cosine", "--batch-size", 50],
        "patience": [
            *common, "--epochs", 12, "--latents", 4, "--hidden", 32, "--learning-rate", "3e-2", "--patience", 3,
            "--optimizer", "adamax", "--batch-size", 50],
        "two-networks": [
            *common, "--epochs", 2, "--latents", 3, "--hidden", 16, "--objective", "factor", "--batch-size", 100],
        "kept": [
            *common, "--epochs", 4, "--latents", 3, "--hidden", 16, "--objective", "iwae", "--samples", 3,
            "--keep-every", 2, "--batch-size", 100],
    }


def random_kills(bench):
    """Rounds in which a run is killed at random moments and resumed until it ends."""
    rounds = bench.count(100, 8)
    references = {}
    for name, words in recipes(bench).items():
        folder = bench.place / f"kills-{name}"
        folder.mkdir()
        outcome = bench.must(["train", *words, "--out", "run"], folder)
        references[name] = (words, snapshot(folder), outcome.seconds)
    names = itertools.cycle(references)
    return [one_round(bench, next(names), references, number) for number in range(rounds)]


def one_round(bench, name, references, number, kills=2):
    words, reference, seconds = references[name]

    def work(folder):
        draws = random.Random(f"{bench.seed}/{number}")
        inflicted = 0
        place = folder / "work"
        place.mkdir()
        for _ in range(60):
            is_run = (place / "run/config.json").exists()
            command = ["train", *words, "--out", "run"]
            if is_run:
                command = ["train", "--resume", "run", "--threads", 1, "-q"]
            moment = draws.uniform(0.05, 1) * seconds if inflicted < kills else 120
            outcome = bench.run(command, place, timeout=moment)
            if outcome.status == -signal.SIGKILL and inflicted < kills:
                inflicted += 1
                require_sound(place)
                continue
            is_over = outcome.is_over
            require(outcome.status == 0 or is_over, f"after {inflicted} kills: {outcome}")
            require_same(snapshot(place), reference, f"after {inflicted} kills")
            if inflicted >= kills:
                return 0, inflicted
            # It ended before its kills were used up, and begins anew.
            shutil.rmtree(place)
            place.mkdir()
        raise Failed("no end after 60 sittings")

    return Case(f"kills/random/{name}/{number}", work)
