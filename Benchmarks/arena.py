"""Contestants as processes that take turns, and the statistics of their times."""
import dataclasses
import json
import os
import statistics
import subprocess
import time


class Contestant:
    """A process that stays, so that it is compiled and warm, and works only when it is asked to."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.times, self.peak, self.count = [], 0, 1
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})
        self.check = self.answer()["check"]

    def answer(self):
        while line := self.process.stdout.readline():
            if line.startswith("{"):
                return json.loads(line)
        raise RuntimeError(f"{self.name} ended with status {self.process.wait()}")

    def turn(self, count):
        """Seconds of one repetition, over `count` of them."""
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        answer = self.answer()
        self.peak = answer["peak"]
        return answer["seconds"] / count

    def calibrate(self, seconds):
        """Finds how many repetitions take about so long, which also warms up."""
        once = self.turn(1)
        if once < seconds:
            self.count = max(1, round(seconds / self.turn(3)))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Program:
    """A command that is started anew for each turn."""

    def __init__(self, name, command, environment=None):
        self.name, self.command = name, [str(word) for word in command]
        self.environment = {**os.environ, **(environment or {})}
        self.times, self.peak, self.count, self.check = [], 0, 1, []

    def turn(self, count):
        start = time.perf_counter()
        process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"{self.name} ended with status {process.returncode}")
        self.peak = max(self.peak, usage.ru_maxrss * 1024)
        return seconds

    def calibrate(self, seconds):
        self.turn(1)

    def close(self):
        pass


@dataclasses.dataclass
class Result:
    name: str
    median: float
    spread: float  # the interquartile range as a part of the median
    peak: int
    times: list  # of a repetition in each turn, in seconds
    check: list


def spread(times):
    quarters = statistics.quantiles(times, n=4)
    return (quarters[2] - quarters[0]) / statistics.median(times)


def alternate(contestants, seconds, most, patience):
    """Lets all take turns until the interquartile range of each is below a tenth of its median.

    At least 5 turns each, at most `most`, and no new ones after `patience` seconds: what takes seconds has few. Turns
    are short, so that what else the machine does falls on all alike.
    """
    for contestant in contestants:
        contestant.calibrate(seconds)
    began = time.perf_counter()
    for turn in range(most):
        # The order turns round, so that nobody always follows the same one.
        for place in range(len(contestants)):
            contestant = contestants[(place + turn) % len(contestants)]
            contestant.times.append(contestant.turn(contestant.count))
        if turn < 4:
            continue
        if time.perf_counter() - began > patience:
            break
        if turn >= 8 and all(spread(contestant.times) < 0.1 for contestant in contestants):
            break
    return [Result(contestant.name, statistics.median(contestant.times), spread(contestant.times), contestant.peak,
                   contestant.times, contestant.check) for contestant in contestants]


def side_by_side(one, other):
    """The median ratio of two results' turns: each pair was timed within seconds, whatever the machine did meanwhile."""
    return statistics.median(a / b for a, b in zip(one.times, other.times))
