"""Writes the small PNG and JPEG files that FormatsTests read, beside this script.

    python make_images.py

PNG is assembled from its chunks, so that each colour type and depth is exactly the one named; JPEG comes from
libturbojpeg (2.1.5) through ctypes. Needs Python 3 alone.
"""

import ctypes
import struct
import zlib
from pathlib import Path

HERE = Path(__file__).parent


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name: str, width: int, height: int, depth: int, colour: int, rows: list[bytes], extra: bytes = b"",
        interlace: int = 0) -> None:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    raw = b"".join(b"\0" + row for row in rows)
    (HERE / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw, 9))
        + chunk(b"IEND", b""))


def main() -> None:
    # One row of two pixels each, unless the name says otherwise.
    png("grey1.png", 8, 1, 1, 0, [bytes([0b10110000])])
    png("grey16.png", 2, 1, 16, 0, [struct.pack(">HH", 0x8000, 0xFFFF)])
    png("rgb16.png", 1, 1, 16, 2, [struct.pack(">HHH", 0x4040, 0x8080, 0xC0C0)])
    png("grey-alpha.png", 2, 1, 8, 4, [bytes([10, 255, 200, 0])])
    png("rgba.png", 2, 1, 8, 6, [bytes([1, 2, 3, 255, 90, 80, 70, 0])])
    palette = chunk(b"PLTE", bytes([255, 0, 0, 0, 0, 255]))
    png("palette.png", 2, 1, 1, 3, [bytes([0b01000000])], palette)
    png("palette-alpha.png", 2, 1, 1, 3, [bytes([0b01000000])], palette + chunk(b"tRNS", bytes([0, 255])))
    # Adam7 of 2 by 2 pixels: pass 1 holds the first, pass 6 the second, pass 7 the second row.
    png("interlaced.png", 2, 2, 8, 0, [bytes([1]), bytes([2]), bytes([3, 4])], interlace=1)
    # Claims 100,000 by 100,000 pixels with no data behind.
    png("bomb.png", 100_000, 100_000, 8, 0, [])
    rgb, grey, cmyk = 0, 6, 11
    full, half, none = 0, 2, 3
    progressive = 16384
    jpeg("rgb-420-progressive.jpg", [200, 100, 50], rgb, half, progressive)
    jpeg("grey.jpg", [130], grey, none, 0)
    jpeg("cmyk.jpg", [128] * 4, cmyk, full, 0)


def jpeg(name: str, pixel: list[int], pixel_format: int, sampling: int, flags: int) -> None:
    """16 by 8 pixels of one colour; the numbers are those of turbojpeg.h."""
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    buffer = ctypes.POINTER(ctypes.c_ubyte)()
    size = ctypes.c_ulong(0)
    status = library.tjCompress2(
        ctypes.c_void_p(library.tjInitCompress()), bytes(pixel * 128), 16, 0, 8, pixel_format,
        ctypes.byref(buffer), ctypes.byref(size), sampling, 90, flags)
    assert status == 0
    (HERE / name).write_bytes(bytes(buffer[: size.value]))


if __name__ == "__main__":
    main()
