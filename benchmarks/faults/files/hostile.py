"""Input made to harm: pictures, stroke files, tables and names; refused quickly, with a message."""

from __future__ import annotations

import io
import multiprocessing
import os
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.faults.row import Row
from number_recognition.digits.corrections.imports import read_image_list
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.stroke_files import read_strokes
from number_recognition.digits.images.image_files import read_pixels
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.storage.config_file import read_config

Read = Callable[[Path], object]
_MOST_SECONDS, _MOST_PICTURE_SECONDS, _MOST_BYTES = 1.0, 2.0, 300e6
_TIMEOUT = 20.0
_NESTED = "[" * 100_000
_STROKES = b'{"label":3,"strokes":[%s[[1,1]]]}'
_LONG = "9" * 1_000_000


def read_hostile(folder: Path) -> Row:
    """Read each file in a process of its own; its time, its memory and its message."""
    row = Row("hostile pictures, stroke files, tables, names")
    place = folder / "hostile"
    place.mkdir(parents=True)
    cases = [*_pictures(place), *_texts(place), *_large_texts(place), *_archives(place)]
    before = _listing(place)
    for name, path, read in cases:
        most = _MOST_PICTURE_SECONDS if read is read_pixels else _MOST_SECONDS
        seconds, memory, message = _apart(read, path)
        row.tried += 1
        row.note_most("slowest s", seconds)
        row.note_most("largest MB", memory / 1e6)
        if seconds > most or memory > _MOST_BYTES or message.startswith("!"):
            row.failures.append(f"{name}: {seconds:.2f} s, {memory / 1e6:.0f} MB, {message[:200]}")
    if _listing(place) != before:
        row.failures.append("reading wrote files")
    return row


def _listing(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


def _apart(read: Read, path: Path) -> tuple[float, float, str]:
    """Processor seconds, bytes beyond those before, and the message; "!" where it is none."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(read, path, send))
    process.start()
    answered = receive.poll(_TIMEOUT)
    result = receive.recv() if answered else (_TIMEOUT, 0.0, "! it hangs")
    process.kill()
    process.join()
    seconds, memory, message = result
    return float(seconds), float(memory), str(message)


def _measure(read: Read, path: Path, send: Connection) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    try:
        read(path)
        message = "read"
    except (OSError, ValueError) as error:
        message = str(error) if "[Errno" not in str(error) else f"! {error}"
    except BaseException as error:
        message = f"! {type(error).__name__}: {error}"
    seconds = time.process_time() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - usage
    send.send((seconds, memory * 1024.0, message))


def png(width: int, height: int, rows: int | None = None, extra: bytes = b"") -> bytes:
    """A PNG that declares a size and holds so many rows of transparent pixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + 4 * width)
    count = height if rows is None else rows
    data = b"".join(packer.compress(row) for _ in range(count)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"zTXt", extra), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))
        for name, part in chunks
        if part or name == b"IEND"
    )


def _pictures(folder: Path) -> list[tuple[str, Path, Read]]:
    contents = {
        "13,300 squared": png(13300, 13300),
        "the largest": png(4900, 4900),
        "two thousand million pixels, no rows": png(65535, 32768, 1),
        "text of a gigabyte": png(9, 9, extra=b"a\0\0" + zlib.compress(bytes(300_000_000), 9)),
        "no pixels": png(0, 0),
        "a head alone": b"\x89PNG\r\n\x1a\n",
        "a huge BMP": b"BM"
        + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 99999, 99999, 1, 24, *[0] * 6),
        "a huge PGM": b"P5 99999 99999 255\n" + bytes(99),
        "a huge TIFF": _tiff(70000, 70000),
        "a GIF of 65,535 squared": b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0),
    }
    cases = _written(folder, ".img", {name: (each, read_pixels) for name, each in contents.items()})
    os.mkfifo(folder / "pipe.png")
    os.symlink("loop.png", folder / "loop.png")
    (folder / "folder.png").mkdir()
    odd = [folder / name for name in ("pipe.png", "loop.png", "folder.png")]
    odd += [Path("/dev/zero"), Path("/dev/stdin"), folder / ("n" * 300), folder / "a\0b"]
    return cases + [(repr(path.name), path, read_pixels) for path in odd]


def _tiff(width: int, height: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (2, 2)).save(content, "TIFF")
    data = bytearray(content.getvalue())
    for tag, value in ((256, width), (257, height)):
        at = data.find(struct.pack("<H", tag), 8)
        data[at + 2 : at + 12] = struct.pack("<HII", 4, 1, value)
    return bytes(data)


def _texts(folder: Path) -> list[tuple[str, Path, Read]]:
    stroke = '{"label": 3, "strokes": [[[%s, 1], [2, 2]]]}\n'
    texts: dict[str, tuple[str, Read]] = {
        "nested": (f'{{"label": 3, "strokes": {_NESTED}', read_strokes),
        "a long number": (stroke % _LONG, read_strokes),
        "infinity": (stroke % "1e999", read_strokes),
        "a label of digits": (f'{{"label": "{_LONG}", "strokes": [[[1, 1]]]}}\n', read_strokes),
        "half a character": (
            '{"label": 3, "writer": "\\ud800", "strokes": [[[1, 1]]]}',
            read_strokes,
        ),
        "no line": ("x" * 20_000_000, read_strokes),
        "a nested config": (f'{{"training": {_NESTED}', read_config),
        "a long setting": (f'{{"training": {{"epochs": {_LONG}}}}}', read_config),
        "a table of one cell": ("x" * 20_000_000, lambda path: read_image_list(path, [])),
        "a table of quotes": ('"' * 5_000_001, lambda path: read_image_list(path, [])),
        "NUL in a table": ("file,label\n\0.png,3\n", lambda path: read_image_list(path, [])),
    }
    contents = {name: (text.encode(), read) for name, (text, read) in texts.items()}
    return _written(folder, ".txt", contents)


def _large_texts(folder: Path) -> list[tuple[str, Path, Read]]:
    """Text that would become much more in memory than it is in the file."""
    table: Read = lambda path: read_image_list(path, [])  # noqa: E731
    contents: dict[str, tuple[bytes, Read]] = {
        "a recipe of blanks": (b" " * 300_000_000 + b"{}", load_recipe),
        "a recipe of lists": (b'{"a":[' + b"[]," * 1_600_000 + b"0]}", load_recipe),
        "a line of blanks": (b" " * 300_000_000 + b"{}", read_strokes),
        "lists for strokes": (b'{"strokes":[' + b"[]," * 1_300_000 + b"0]}", read_strokes),
        "many strokes": (_STROKES % (b"[[1,1]]," * 490_000), read_strokes),
        "a table of commas": (b"file,label\n" + b"," * 19_900_000, table),
        "a table of blank lines": (b"file,label\n" + b"\n" * 19_900_000, table),
        "a table with one image": (b"file,label\na,1\n" + b"a\n" * 9_900_000, table),
        "an endless quote": (b'file,label\n"' + b"x\n" * 100_000_000, table),
    }
    return _written(folder, ".large", contents)


def _written(
    folder: Path, ending: str, contents: dict[str, tuple[bytes, Read]]
) -> list[tuple[str, Path, Read]]:
    """Write contents into numbered files; return the name, the file and what reads it of each."""
    cases: list[tuple[str, Path, Read]] = []
    for number, (name, (content, read)) in enumerate(contents.items()):
        path = folder / f"{number}{ending}"
        path.write_bytes(content)
        cases.append((name, path, read))
    return cases


def _archives(folder: Path) -> list[tuple[str, Path, Read]]:
    """NumPy archives that declare more than they hold, inflate to gigabytes, or hold objects."""
    cases: list[tuple[str, Path, Read]] = []
    head = b"\x93NUMPY\x01\0" + struct.pack("<H", 118)
    shape = "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 28, 28), }"
    contents = {
        "declares a terabyte": head + (shape % 2**31).ljust(117).encode() + b"\n",
        "inflates": head + (shape % 510_000).ljust(117).encode() + b"\n" + bytes(400_000_000),
    }
    for number, (name, content) in enumerate(contents.items()):
        path = folder / f"{number}.npz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for key in ("x_train", "count"):
                archive.writestr(f"{key}.npy", content)
        cases += [
            (f"MNIST {name}", path, mnist.load),
            (f"checkpoint {name}", path, Checkpoint.read),
        ]
    objects = folder / "objects.npz"
    np.savez(objects, x_train=np.array([{}], dtype=object), count=np.array([{}], dtype=object))
    os.mkfifo(folder / "pipe.npz")
    for path in (objects, folder / "pipe.npz"):
        cases += [(f"MNIST {path.name}", path, mnist.load)]
        cases += [(f"checkpoint {path.name}", path, Checkpoint.read)]
    return cases
