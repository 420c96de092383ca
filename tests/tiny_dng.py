"""A small valid DNG made in memory, tag by tag, so that it is easily spoilt.

tiny_dng() is 64 x 48 samples RGGB, 16 bit, a smooth gradient between black 64 and white 4095.
tiny_dng({BLACK_LEVEL: (SHORT, [5000])}) replaces a tag, {COLOR_MATRIX_1: None} leaves it out.
"""
import math
import struct

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL, DOUBLE = 1, 2, 3, 4, 5, 7, 10, 12

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
MAKE, MODEL, STRIP_OFFSETS, SAMPLES, STRIP_ROWS, STRIP_BYTES = 271, 272, 273, 277, 278, 279
TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES = 322, 323, 324, 325
CFA_SIZE, CFA_PATTERN, DNG_VERSION, CAMERA = 33421, 33422, 50706, 50708
BLACK_LEVEL, WHITE_LEVEL, COLOR_MATRIX_1, AS_SHOT_NEUTRAL = 50714, 50717, 50721, 50728
ILLUMINANT_1, NOISE_PROFILE = 50778, 51041
OPCODE_LIST_1, OPCODE_LIST_2, OPCODE_LIST_3 = 51008, 51009, 51022

CFA, LINEAR_RAW = 32803, 34892  # values of PHOTOMETRIC


def _rational(value):
    return (0, 0) if math.isnan(value) else (round(value * 10000), 10000)


def _encoded(kind, values):
    """(count, bytes) of a tag's values."""
    if kind == ASCII:
        return len(values) + 1, values.encode() + b"\0"
    if kind in (BYTE, UNDEFINED):
        return len(values), bytes(values)
    if kind in (RATIONAL, SRATIONAL):
        letter = "II" if kind == RATIONAL else "ii"
        return len(values), b"".join(struct.pack("<" + letter, *_rational(v)) for v in values)
    letter = {SHORT: "H", LONG: "I", DOUBLE: "d"}[kind]
    return len(values), struct.pack(f"<{len(values)}{letter}", *values)


def tiny_dng(spoilt=(), width=64, height=48):
    tags = {
        254: (LONG, [0]),
        WIDTH: (LONG, [width]),
        HEIGHT: (LONG, [height]),
        BITS: (SHORT, [16]),
        COMPRESSION: (SHORT, [1]),
        PHOTOMETRIC: (SHORT, [CFA]),
        MAKE: (ASCII, "Lichtbild"),
        MODEL: (ASCII, "Tiny"),
        STRIP_OFFSETS: (LONG, [0]),
        SAMPLES: (SHORT, [1]),
        STRIP_ROWS: (LONG, [height]),
        STRIP_BYTES: (LONG, [2 * width * height]),
        CFA_SIZE: (SHORT, [2, 2]),
        CFA_PATTERN: (BYTE, [0, 1, 1, 2]),
        DNG_VERSION: (BYTE, [1, 4, 0, 0]),
        CAMERA: (ASCII, "Lichtbild Tiny"),
        BLACK_LEVEL: (SHORT, [64]),
        WHITE_LEVEL: (LONG, [4095]),
        COLOR_MATRIX_1: (SRATIONAL, [0.9, -0.2, -0.1, -0.4, 1.2, 0.2, -0.1, 0.2, 0.6]),
        AS_SHOT_NEUTRAL: (RATIONAL, [0.5, 1.0, 0.625]),
        ILLUMINANT_1: (SHORT, [21]),
    }
    tags.update(spoilt)
    tags = {tag: entry for tag, entry in sorted(tags.items()) if entry}

    # Header, directory, what does not fit into its entries, samples.
    outside_at = 8 + 2 + 12 * len(tags) + 4
    sizes = [len(_encoded(*entry)[1]) for entry in tags.values()]
    samples_at = outside_at + sum(size + size % 2 for size in sizes if size > 4)
    for tag in (STRIP_OFFSETS, TILE_OFFSETS):
        if tag in tags:
            tags[tag] = (LONG, [samples_at] * len(tags[tag][1]))
    directory, outside = struct.pack("<H", len(tags)), b""
    for tag, (kind, values) in tags.items():
        count, data = _encoded(kind, values)
        directory += struct.pack("<HHI", tag, kind, count)
        if len(data) <= 4:
            directory += data.ljust(4, b"\0")
        else:
            directory += struct.pack("<I", outside_at + len(outside))
            outside += data + b"\0" * (len(data) % 2)
    samples = [100 + 8 * x + 40 * y for y in range(height) for x in range(width)]
    return (
        b"II*\0\x08\0\0\0" + directory + bytes(4) + outside
        + struct.pack(f"<{len(samples)}H", *samples)
    )
