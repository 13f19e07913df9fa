"""PNG files of any kind, also of contradictory ones."""

import struct
import zlib


def png(width, height, color, rows, bits=8):
    """A file of a size, a color type (0 grey, 2 colors) and rows, each with its filter in front."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))
