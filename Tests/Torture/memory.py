"""Memory, threads and open files over thousands of steps, and over a folder of images that does not fit into memory."""

import os
import re
import time

import numpy

from harness import Case, Failed, require
from pictures import png


def cases(bench):
    found = [
        Case(f"memory/steps/{name}", lambda folder, words=words: steps(bench, folder, words))
        for name, words in models(bench).items()]
    return found + ([] if bench.is_quick else [Case("memory/folder", lambda folder: large_folder(bench, folder))])


def models(bench):
    common = ["--data", bench.data / "many.npy", "--validation", 320, "--latents", 3, "--seed", 7]
    epochs = 60
    return {
        "averages": [*common, "--hidden", 16, "--batch-size", 40, "--average-decay", 0.99, "--epochs", epochs],
        # The last batch of an epoch is of another size.
        "networks": [
            *common, "--network", "conv", "--channels", "4,8", "--batch-size", 39, "--objective", "factor", "--epochs",
            epochs],
    }


def watch(process):
    """Anonymous and resident bytes, threads and open files of a process, every now and then until it ends."""
    rows = []
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as file:
                text = file.read()
            number = {key: int(re.search(rf"{key}:\s+(\d+)", text)[1]) for key in ("RssAnon", "VmRSS", "Threads")}
            files = len(os.listdir(f"/proc/{process.pid}/fd"))
            rows.append((number["RssAnon"] << 10, number["VmRSS"] << 10, number["Threads"], files))
        except (OSError, TypeError):
            pass
        time.sleep(0.05)
    return rows


def train(bench, folder, words):
    """Trains while it is watched."""
    place = folder / "work"
    place.mkdir(exist_ok=True)
    process = bench.start(["train", *words, "--threads", 1, "-q", "--out", "run"], place)
    rows = watch(process)
    if process.returncode != 0:
        raise Failed(f"status {process.returncode}: {process.log.read_text()[-300:]!r}")
    return rows


def steps(bench, folder, words):
    """The second half of a run needs no more than the first, but for what the report takes at the end."""
    rows = train(bench, folder, words)

    def middle(begin, end, column):
        part = sorted(row[column] for row in rows[int(len(rows) * begin):int(len(rows) * end)])
        return part[len(part) // 2]

    growth = middle(0.7, 0.9, 0) - middle(0.35, 0.55, 0)
    require(growth < 4 << 20, f"{growth >> 10} KB more in the second half")
    for column, what in ((2, "threads"), (3, "open files")):
        early, late = middle(0.35, 0.55, column), middle(0.7, 0.9, column)
        require(late <= early, f"{late} {what} after {early}")


def large_folder(bench, folder):
    """Twice as many images take no more memory, and less than they would decoded."""
    images = folder / "images"
    images.mkdir()
    draws = numpy.random.default_rng(0)
    contents = 400
    for number in range(contents):
        rows = b"".join(b"\0" + draws.bytes(3) * 64 for _ in range(64))
        (images / f"{number:06}.png").write_bytes(png(64, 64, 2, rows))
    peaks = []
    for count in (45_000, 90_000):
        # Few contents and many names.
        for number in range(len(os.listdir(images)), count):
            os.link(images / f"{number % contents:06}.png", images / f"{number:06}.png")
        words = [
            "--data", images, "--epochs", 1, "--network", "mlp", "--hidden", 4, "--latents", 2, "--batch-size", 200,
            "--validation", 200]
        place = folder / str(count)
        place.mkdir()
        peaks.append(max(row[1] for row in train(bench, place, words)))
    decoded = count * 64 * 64 * 3
    require(peaks[1] < decoded, f"{peaks[1] >> 20} MB for {decoded >> 20} MB of pixels")
    growth = peaks[1] - peaks[0]
    require(growth < 64 << 20, f"{growth >> 20} MB more for twice as many images")
