"""Changes files at random and gives them to the program: every file of a run, and the formats that it reads."""

import gzip
import json
import os
import random
import re
import shutil
import struct

import numpy

import scenarios
from folders import differences, is_leftover, require_sound, snapshot
from harness import Case, require
from pictures import png

MEMORY = 6 << 30
NUMBERS = [
    "-1", "0", "1", "2", "-0", "1e400", "1e-400", "1e308", "9223372036854775807", "-9223372036854775808",
    "18446744073709551615", "18446744073709551616", "4294967296", "2147483648", "65537", "1000000000000", "0.5",
    "NaN", "null", "true", '""', "[]", "{}", "[0]", "1" * 400]
STRINGS = [
    "", "x", "../../etc/passwd", "/dev/zero", "\u202e\u0000\u001b[31m", "é" * 300, "a" * 100_000, "mnist", "nan",
    "%n%s", "full", "flow"]
DEPTHS = [10, 513, 100_000]


def mutated_bytes(draws, data):
    """Some bytes changed, removed, repeated or inserted, or a number in a text replaced."""
    result = bytearray(data)
    for _ in range(draws.choice([1, 1, 1, 2, 3, 8])):
        length = max(len(result), 1)
        # Headers are hit more often than what follows.
        at = draws.randrange(length) if draws.random() < 0.5 else min(length - 1, int(draws.expovariate(1 / 40)))
        count = draws.choice([1, 2, 4, 8, 64])
        kind = draws.randrange(7)
        if kind == 0 and result:
            result[at] ^= 1 << draws.randrange(8)
        elif kind == 1:
            result[at:at + 1] = bytes([draws.choice([0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x22, 0x7B, 0x2D, 0x39])])
        elif kind == 2:
            wide = draws.choice([b"\xff" * 8, b"\0" * 8, b"\x7f" + b"\xff" * 7, struct.pack(">I", 1 << 31)])
            result[at:at + count] = wide[:count]
        elif kind == 3:
            del result[at:at + draws.choice([count, length])]
        elif kind == 4:
            result[at:at] = draws.randbytes(count)
        elif kind == 5:
            other = draws.randrange(length)
            result[at:at] = result[other:other + count]
        else:
            found = list(re.finditer(rb"-?\d+(\.\d+)?([eE][-+]?\d+)?", bytes(result)))
            if found:
                begin, end = draws.choice(found).span()
                result[begin:end] = draws.choice(NUMBERS).encode()
    return bytes(result)


def mutated_json(draws, data):
    """The same JSON with a value or a key changed, something removed or repeated, or nested very deep."""
    value = json.loads(data)
    places = []

    def walk(node):
        keys = list(node) if isinstance(node, dict) else range(min(len(node), 4)) if isinstance(node, list) else []
        for key in keys:
            places.append((node, key))
            walk(node[key])

    walk(value)
    node, key = draws.choice(places)
    kind = draws.randrange(6)
    raw = None
    if kind <= 2 and isinstance(node[key], str):
        node[key] = draws.choice(STRINGS)
    elif kind <= 2:
        raw = draws.choice(NUMBERS)
    elif kind == 3:
        del node[key]
    elif kind == 4 and isinstance(node, dict):
        node[draws.choice(["", "x", "version", "model", "kind"])] = node[key]
    elif kind == 4:
        node.extend(list(node) * draws.choice([1, 1000]))
    else:
        depth = draws.choice(DEPTHS)
        raw = "[" * depth + "]" * depth
    if raw is not None:
        node[key] = "@@"
    text = json.dumps(value, ensure_ascii=draws.random() < 0.5)
    return text.replace('"@@"', raw or "").encode("utf-8", "surrogatepass")


def mutated(draws, name, data):
    """A mutation that suits a file's name, and that changes something."""
    while True:
        if name.endswith(".json") and draws.random() < 0.6:
            result = mutated_json(draws, data)
        elif name.endswith(".jsonl") and draws.random() < 0.6:
            lines = data.splitlines()
            number = draws.randrange(len(lines))
            lines[number] = mutated_json(draws, lines[number])
            result = b"\n".join(lines) + b"\n"
        else:
            result = mutated_bytes(draws, data)
        if result != data:
            return result


def image_files(place):
    """Pictures of some kinds."""
    (place / "grey.png").write_bytes(png(8, 8, 0, b"".join(b"\0" + bytes(range(i, i + 8)) for i in range(8))))
    (place / "color.png").write_bytes(png(4, 4, 2, b"".join(b"\1" + bytes(range(12)) for _ in range(4))))
    (place / "bits.png").write_bytes(png(8, 2, 0, b"\0\xa5\0\x5a", bits=1))


def make_seeds(bench):
    """Whole files of every kind, among them two runs."""
    place = bench.place / "mutations-seeds"
    place.mkdir()
    images = numpy.arange(5 * 36, dtype=numpy.uint8).reshape(5, 6, 6)
    rows = numpy.random.default_rng(0).normal(size=(8, 3))
    idx = struct.pack(">BBBBIII", 0, 0, 8, 3, 5, 6, 6) + images.tobytes()
    (place / "a.idx").write_bytes(idx)
    (place / "a.idx.gz").write_bytes(gzip.compress(idx))
    numpy.save(place / "images.npy", images.reshape(5, 1, 6, 6))
    numpy.save(place / "rows.npy", rows)
    numpy.save(place / "half.npy", numpy.asfortranarray(rows.astype(numpy.float16)))
    numpy.save(place / "codes.npy", rows[:4, :2].astype(numpy.float32))
    (place / "a.csv").write_text('a,b,"c,d"\n1,2.5,x\n-3e2,,y\n4,5,"q""r"\n7,1,z\n')
    (place / "a.amat").write_text("0 1 0 1\n1 1 0 0\n0 0 0 1\n1 0 1 1\n")
    (place / "a.bin").write_bytes(bytes([3]) + bytes(range(256)) * 12 + bytes([1]) + bytes(reversed(range(256))) * 12)
    image_files(place)
    common = ["--threads", 1, "-q"]
    table = bench.data / "rows.csv"
    for name, data in (("table", table), ("image", bench.data / "images.npy")):
        (place / name).mkdir()
        bench.must(["train", "--data", data, *scenarios.TRAIN, "--epochs", 1, "--out", "run"], place / name)
        bench.must(["evaluate", "run", "-k", 2, "-n", 8, *common], place / name)
    bench.must(["fit", "kmeans", table, "--components", 2, *common, "-o", "kmeans.json"], place)
    bench.must(["fit", "mixture", table, "--components", 2, *common, "-o", "mixture.json"], place)
    bench.must(["fit", "network", bench.data / "words.csv", "--structure", "A -> B", "-q", "-o", "net.bif"], place)
    return place


RUN_FILES = ["config.json", "data.safetensors", "metrics.jsonl", "evaluation.json", "checkpoints/latest.safetensors"]
# Files under a checksum: a change of any bit is told.
SEALED = {"data.safetensors", "checkpoints/latest.safetensors"}
READERS = [
    "a.idx", "a.idx.gz", "images.npy", "rows.npy", "half.npy", "a.csv", "a.amat", "a.bin", "grey.png", "color.png",
    "bits.png", "codes.npy", "kmeans.json", "mixture.json", "net.bif"]


def cases(bench):
    """Mutations of each file of a run, single flipped bits of what has a checksum, and mutations of other files."""
    seeds = make_seeds(bench)
    found = []
    for name in RUN_FILES:
        for number in range(bench.count(40, 4)):
            found.append(of_run(bench, seeds, name, number))
    for name in sorted(SEALED):
        for number in range(bench.count(60, 4)):
            found.append(of_run(bench, seeds, name, number, flips=True))
    for name in READERS:
        for number in range(bench.count(25, 2)):
            found.append(of_file(bench, seeds, name, number))
    return found


def of_run(bench, seeds, name, number, flips=False):
    """A file of a run is changed, and the run is resumed or used."""
    title = f"mutations/{'flip' if flips else 'run'}/{name}/{number}"

    def work(folder):
        draws = random.Random(f"{bench.seed}/{title}")
        place = folder / "work"
        shutil.copytree(seeds / draws.choice(["table", "image"]), place, symlinks=True)
        path = (place / "run" / name).resolve()
        data = path.read_bytes()
        if flips:
            at = draws.randrange(len(data))
            path.write_bytes(data[:at] + bytes([data[at] ^ 1 << draws.randrange(8)]) + data[at + 1:])
        else:
            path.write_bytes(mutated(draws, name, data))
        before = snapshot(place)
        commands = [
            ["train", "--resume", "run", "--epochs", 2], ["encode", "run", "-n", 2, "-o", "codes.npy"],
            ["evaluate", "run", "-n", 4, "-k", 0]]
        # The record of the data is read where the data are; a checkpoint always.
        command = [*(commands[0] if flips else draws.choice(commands)), "-q", "--threads", 1]
        outcome = bench.run(command, place, timeout=60, memory=MEMORY)
        outcome.require_decent()
        require(outcome.peak_bytes < 2 << 30, f"{outcome.peak_bytes >> 20} MB")
        if name in SEALED:
            require(outcome.status != 0, f"{' '.join(map(str, command))} took a changed {name}")
        if outcome.status != 0 and command[0] != "evaluate":
            changed = differences(snapshot(place), before)
            require(not changed, f"refused, and yet {changed[:4]}")

    return Case(title, work, faults=1)


def of_file(bench, seeds, name, number):
    """A file is changed and read by a command for its kind."""
    title = f"mutations/file/{name}/{number}"

    def work(folder):
        draws = random.Random(f"{bench.seed}/{title}")
        place = folder / "work"
        inputs = place / "in"
        inputs.mkdir(parents=True)
        file = inputs / name
        file.write_bytes(mutated(draws, name, (seeds / name).read_bytes()))
        small = ["--threads", 1, "-q"]
        train = [
            "train", "--data", inputs if name.endswith(".png") else file, "--epochs", 1, "--batch-size", 2,
            "--validation", 0, "--network", "mlp", "--hidden", 2, "--latents", 1, *small, "--out", "run"]
        if name == "codes.npy":
            commands = [["decode", seeds / "table/run", file, "-o", "decoded.csv", "--threads", 1]]
        elif name == "net.bif":
            commands = [
                ["query", file, "P(A | B=on)"], ["sample", file, "-n", 3, "-o", "out.csv"], ["evaluate", file, "-q"]]
        elif name.endswith(".json"):
            commands = [["sample", file, "-n", 3, "-o", "out.csv"], ["encode", file, "-q", "-o", "out.csv"]]
        elif name.endswith(".png"):
            commands = [train]
        else:
            commands = [train, ["fit", "kmeans", file, "--components", 1, *small, "-o", "model.json"]]
        outcome = bench.run(draws.choice(commands), place, timeout=60, memory=MEMORY)
        outcome.require_decent()
        require(outcome.peak_bytes < 2 << 30, f"{outcome.peak_bytes >> 20} MB")
        shutil.rmtree(inputs)
        require_sound(place)
        left = [path for path in snapshot(place) if is_leftover(os.path.basename(path))]
        require(not left, f"left over: {left[:4]}")

    return Case(title, work, faults=1)
