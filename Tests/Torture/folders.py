"""What stands in a folder: whether files are whole, and whether two folders hold the same, bit for bit."""

import hashlib
import json
import os
import re
import struct
from pathlib import Path

from harness import Failed, require


def safetensors(data):
    """Metadata and tensors `{name: (type, shape, bytes)}` of a file; raises `ValueError` where it is not whole."""
    if len(data) < 8:
        raise ValueError(f"{len(data)} bytes")
    length = struct.unpack("<Q", data[:8])[0]
    if 8 + length > len(data):
        raise ValueError(f"a header of {length} bytes in {len(data)}")
    header = json.loads(data[8:8 + length])
    body = data[8 + length:]
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        if end > len(body):
            raise ValueError(f"'{name}' goes past the end")
        tensors[name] = (entry["dtype"], tuple(entry["shape"]), body[begin:end])
    return metadata, tensors


def hold_checksum(data):
    """Whether the checksum of a checkpoint is that of the file with zeros in the checksum's place."""
    found = re.search(rb'"sha256":"([0-9a-f]{64})"', data)
    if not found:
        return False
    begin, end = found.span(1)
    return hashlib.sha256(data[:begin] + b"0" * 64 + data[end:]).hexdigest().encode() == found.group(1)


def records(data):
    """The lines of metrics without their seconds, in order; raises `ValueError` where one is torn."""
    lines = data.split(b"\n")
    if lines.pop():
        raise ValueError("a torn last line")
    found = [json.loads(line) for line in lines]
    for line in found:
        line.pop("seconds")
    return found


def content(path):
    """What a file says apart from how long the training took, which no two runs have in common."""
    data = path.read_bytes()
    try:
        if path.suffix == ".safetensors":
            metadata, tensors = safetensors(data)
            metadata.pop("sha256", None)
            if "progress" in metadata:
                progress = json.loads(metadata["progress"])
                progress.pop("seconds", None)
                metadata["progress"] = json.dumps(progress, sort_keys=True)
            data = repr((sorted(metadata.items()), sorted(tensors.items()))).encode()
        elif path.suffix == ".jsonl":
            data = json.dumps(records(data), sort_keys=True).encode()
        elif path.name == "evaluation.json":
            measured = json.loads(data)
            measured.pop("checksum", None)
            data = json.dumps(measured, sort_keys=True).encode()
        elif path.suffix == ".html":
            data = re.sub(rb"<tr><td>(training time|latest checkpoint)</td><td>[^<]*</td></tr>", b"", data)
        elif path.name == ".lock":
            data = b""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        data = b"broken: " + data
    return hashlib.sha256(data).hexdigest()


def common_name(path):
    """A path without the process and the random number that are in the name of a temporary file."""
    return re.sub(r"\.\d+\.\d+\.tmp$", ".tmp", str(path))


def snapshot(folder):
    """What each path below a folder holds: a target of a link, nothing for folders, or the content of a file."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        name = common_name(path.relative_to(folder))
        if path.is_symlink():
            found[name] = "-> " + os.readlink(path)
        elif path.is_dir():
            found[name] = ""
        else:
            found[name] = content(path)
    return found


def is_leftover(name):
    """Whether a name is that of something temporary."""
    return name.endswith((".tmp", ".link")) or os.path.basename(name) == ".lock"


def differences(found, expected):
    """The names that two snapshots do not share, each with what is wrong with it."""
    texts = []
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            texts.append(f"{name} is missing")
        elif name not in expected:
            texts.append(f"{name} is left over")
        elif found[name] != expected[name]:
            texts.append(f"{name} differs")
    return texts


def require_same(found, expected, what):
    different = differences(found, expected)
    require(not different, f"{what}: {'; '.join(different[:6])}")


def require_sound(folder):
    """No name in a folder leads to half a file, except that the last line of metrics may be torn."""
    for path in sorted(Path(folder).rglob("*")):
        name = path.relative_to(folder)
        if path.is_symlink():
            require(path.exists(), f"{name} leads nowhere")
        if path.is_dir() or is_leftover(path.name):
            continue
        data = path.read_bytes()
        try:
            if path.suffix == ".safetensors":
                safetensors(data)
                require(
                    path.parent.name != "checkpoints" or hold_checksum(data),
                    f"the checksum of {name} does not hold")
            elif path.suffix in (".json", ".jsonl"):
                parts = data.split(b"\n")[:-1] if path.suffix == ".jsonl" else [data]
                keys = []
                for part in parts:
                    value = json.loads(part)
                    keys.append((value.get("step"), value.get("split")))
                require(path.suffix == ".json" or len(set(keys)) == len(keys), f"{name} has a line twice")
            elif path.suffix == ".html":
                require(data.rstrip().endswith(b"</html>"), f"{name} has no end")
            elif path.suffix == ".png":
                require(data.endswith(b"IEND\xaeB`\x82"), f"{name} has no end")
        except ValueError as error:
            raise Failed(f"{name} is broken: {error}")
