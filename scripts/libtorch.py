"""Finds LibTorch, or fetches it into the cache, and links it to `.libtorch` in the checkout.

What is fetched is the pinned wheel of Python's torch package, of which only headers and CPU libraries are
kept, with the two CUDA libraries that they load. It is unpacked beside its final place and renamed, under a
lock, so that an interrupted or a concurrent set-up never leaves or sees half of it. Standard library only.
"""

import fcntl
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

DEFAULT_VERSION = "2.15.0"
OLDEST, NEWEST = (2, 11), (2, 15)
HEADER, LIBRARY = "include/ATen/ATen.h", "lib/libtorch_cpu.so"
LIBRARIES = re.compile(r"lib(torch_cpu\.so|c10\.so|gomp\.so\.1|cudart\.so\.\d+|cupti\.so\.\d+)")
# Any Python would do, since none of its parts are kept; one is named so that one wheel can be pinned.
WHEEL = ["--python-version=3.12", "--implementation=cp"] + [
    f"--platform=manylinux{tag}_x86_64" for tag in ("_2_28", "_2_25", "_2_17", "2014")
]
BYTES_NEEDED = 1_200_000_000  # 0.55 GB of wheels and 0.5 GB unpacked

CHECKOUT = Path(__file__).resolve().parent.parent
PINS = CHECKOUT / "scripts/libtorch"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "swift-vae"


def fail(message):
    sys.exit(f"setup: {message}")


def version_of(root):
    """(2, 15, 0), read from the headers."""
    text = (root / "include/torch/headeronly/version.h").read_text()
    parts = ("MAJOR", "MINOR", "PATCH")
    return tuple(int(re.search(rf"define TORCH_VERSION_{part} (\d+)", text)[1]) for part in parts)


def existing(path):
    """The LibTorch that the user names, checked."""
    root = Path(path).expanduser().absolute()
    for file in (HEADER, LIBRARY):
        if not (root / file).exists():
            fail(f"LIBTORCH={path} has no {file}. Expected a LibTorch or the folder of Python's torch package.")
    try:
        version = version_of(root)
    except (OSError, TypeError):  # long ago the version stood elsewhere
        version = ()
    found = ".".join(map(str, version)) or "unknown"
    if version < OLDEST:
        fail(f"LIBTORCH={path} is version {found}; needed is {OLDEST[0]}.{OLDEST[1]} or later.")
    if version[:2] > NEWEST:
        print(f"setup: LIBTORCH is version {found}, newer than any this was tested with ({NEWEST[0]}.{NEWEST[1]}).")
    return root


def is_complete(root):
    names = {p.name for p in root.glob("lib/lib*")}
    wanted = ("libtorch_cpu.so", "libc10.so", "libgomp.so", "libcudart.so", "libcupti.so")
    return (root / HEADER).exists() and all(any(n.startswith(w) for n in names) for w in wanted)


def cached(version):
    """The LibTorch in the cache, fetched first where it is not there."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        fail("LibTorch is fetched for Linux on x86_64 only. Set LIBTORCH=/path to one for this machine, and try again.")
    pins = PINS / f"{version}.txt"
    if not pins.exists():
        known = ", ".join(sorted(p.stem for p in PINS.glob("*.txt")))
        fail(f"LIBTORCH_VERSION={version} is not pinned here (there are {known}). LIBTORCH=/path takes any.")
    root = CACHE / f"libtorch-{version}"
    if is_complete(root):
        return root
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / ".libtorch.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("setup: waiting for another set-up to fetch LibTorch", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in CACHE.glob(".libtorch-*.tmp"):  # of a set-up that was killed: we hold the lock
            shutil.rmtree(leftover, ignore_errors=True)
        if not is_complete(root):
            free = shutil.disk_usage(CACHE).free
            if free < BYTES_NEEDED:
                fail(
                    f"{CACHE} has {free / 1e9:.1f} GB free, LibTorch needs {BYTES_NEEDED / 1e9:.1f}. "
                    "Set XDG_CACHE_HOME to a folder on a larger disk."
                )
            with tempfile.TemporaryDirectory(prefix=".libtorch-", suffix=".tmp", dir=CACHE) as folder:
                fetch(version, pins, Path(folder), root)
    return root


def fetch(version, pins, folder, root):
    print(f"setup: fetching LibTorch {version} (0.55 GB) into {CACHE}", flush=True)
    download(pins, folder / "wheels")
    unpack(sorted((folder / "wheels").glob("*.whl")), folder / "root")
    if not is_complete(folder / "root"):
        fail(f"the wheels in {pins} do not hold all of LibTorch's libraries.")
    shutil.rmtree(root, ignore_errors=True)  # there only if someone has deleted parts of it
    (folder / "root").rename(root)


def download(pins, wheels):
    wheels.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--require-hashes", "--no-deps", "--only-binary=:all:", *WHEEL]
    command += ["--disable-pip-version-check", "--no-cache-dir", "--retries=3", "--timeout=30"]
    command += [f"--requirement={pins}", f"--dest={wheels}"]
    # pip's own temporary files go where they are removed with the rest, and where there is room.
    environment = os.environ | {"TMPDIR": str(wheels)}
    pip = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        _, messages = pip.communicate()
    finally:
        pip.kill()
        pip.wait()
    if pip.returncode != 0:
        errors = [line for line in messages.splitlines() if not line.startswith("WARNING: Retrying")]
        print(*errors, sep="\n", file=sys.stderr)
        fail(
            "LibTorch could not be downloaded (pip's words are above); nothing was installed. "
            "Is the network up? Try again, or set LIBTORCH=/path to one that is on this machine."
        )


def unpack(wheels, root):
    """Headers to include/, the libraries we load to lib/: their RPATH has $ORIGIN, so one flat folder works."""
    (root / "lib").mkdir(parents=True)
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                path = Path(entry.filename)
                if path.parts[:2] == ("torch", "include") and not entry.is_dir():
                    target = root / path.relative_to("torch")
                elif LIBRARIES.fullmatch(path.name):
                    target = root / "lib" / path.name
                else:
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, open(target, "wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)


def replace(path, text):
    """Writes `text` to `path` in one step, if it is not there already."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text)
    partial.rename(path)


def describe(root, folder):
    """Writes the pkg-config file by which packages that depend on this one find LibTorch."""
    prefix = str(root).replace("\\", "\\\\").replace(" ", "\\ ")
    replace(
        folder / "swift-vae-libtorch.pc",
        f"""prefix={prefix}
Name: swift-vae-libtorch
Description: LibTorch, as swift-vae found or fetched it
Version: {".".join(map(str, version_of(root)))}
Cflags: -I${{prefix}}/include -I${{prefix}}/include/torch/csrc/api/include
Libs: -L${{prefix}}/lib -ltorch_cpu -lc10
""",
    )


def link(root):
    """Points `.libtorch` at `root`. The build sees other headers behind it, and compiles against them anew."""
    place = CHECKOUT / ".libtorch"
    if place.is_symlink() and os.readlink(place) == str(root):
        return
    partial = CHECKOUT / f".libtorch.{os.getpid()}"
    partial.symlink_to(root)
    partial.replace(place)
    print(f"setup: .libtorch -> {root}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that temporary folders go on SIGTERM too
    try:
        if os.environ.get("LIBTORCH"):
            root = existing(os.environ["LIBTORCH"])
            describe(root, CACHE / "pkgconfig")  # never into a folder that is not ours
        else:
            root = cached(os.environ.get("LIBTORCH_VERSION") or DEFAULT_VERSION)
            describe(root, root / "lib/pkgconfig")
        link(root)
    except KeyboardInterrupt:
        fail("interrupted; nothing was installed.")
    except OSError as error:
        fail(error)


main()
