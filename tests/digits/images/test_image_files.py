"""Image files: which are read, which are rejected, and with what message."""

from __future__ import annotations

import ast
import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from PIL import Image, features

from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.image_files import (
    open_image,
    read_image,
)
from number_recognition.digits.images.image_formats import (
    FORMATS,
    HEADER_SIZE,
    ImageFormat,
    detect_format,
)
from number_recognition.digits.images.image_lists import find_images, list_images
from number_recognition.storage.files import PROJECT_DIR

POSTSCRIPT = """%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 50 50
%%EndComments
0 0 50 50 rectfill
showpage
"""


@pytest.fixture
def ghostscript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a stand-in for Ghostscript makes once it is run."""
    ran, folder = tmp_path / "ran", tmp_path / "programs"
    folder.mkdir()
    (folder / "gs").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (folder / "gs").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return ran


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_opening_an_image_runs_no_program(tmp_path: Path, ghostscript: Path) -> None:
    path = tmp_path / "x.png"
    path.write_text(POSTSCRIPT)
    with pytest.raises(ValueError, match="expected an image") as caught:
        open_image(path)
    assert str(path) in str(caught.value)
    assert not ghostscript.exists()


def sources() -> Iterator[tuple[str, ast.AST]]:
    """Every node of the program's own source, with the name of its file."""
    for entry in sorted(PROJECT_DIR.iterdir()):
        if entry.name == "tests" or entry.name.startswith("."):
            continue
        for path in sorted(entry.rglob("*.py")) if entry.is_dir() else [entry]:
            if path.suffix == ".py":
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    yield path.name, node


def opens_images(node: ast.AST) -> bool:
    """Whether it is Pillow's `open` by one of the ways to reach it."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "PIL.Image" and any(alias.name == "open" for alias in node.names)
    return isinstance(node, ast.Attribute) and ast.unparse(node).endswith(
        ("Image.open", "ImageGrab.grabclipboard")
    )


def test_images_are_opened_in_one_module() -> None:
    found = {(name, ast.unparse(node)) for name, node in sources() if opens_images(node)}
    # On Windows, Pillow reads the clipboard as PNG or as a bitmap and as nothing else.
    assert found == {
        ("image_files.py", "Image.open"),
        ("clipboard.py", "ImageGrab.grabclipboard"),
    }


def saved(image: Image.Image, ending: str, **options: object) -> bytes:
    if ending in (".heic", ".heif", ".hif"):
        pytest.importorskip("pillow_heif").register_heif_opener()
    file = io.BytesIO()
    image.save(file, Image.registered_extensions()[ending], **options)
    return file.getvalue()


def as_grey(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"), float)


@pytest.mark.parametrize("ending", [ending for known in FORMATS for ending in known.extensions])
def test_an_image_is_read_by_its_content_whatever_its_name(tmp_path: Path, ending: str) -> None:
    if ending == ".avif" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    image = rasterized(drawing(4)).convert("1" if ending == ".pbm" else "RGB")
    path = tmp_path / "picture.txt"
    path.write_bytes(saved(image, ending))
    assert list_images(tmp_path) == [path]
    read = open_image(path)
    assert read.size == image.size
    assert np.abs(as_grey(read) - as_grey(image)).mean() < 6


VARIANTS: dict[str, Callable[[Image.Image], bytes]] = {
    "CMYK": lambda image: saved(image.convert("CMYK"), ".jpg", quality=100),
    "16 bit": lambda image: saved(Image.fromarray(np.uint16(image) * 257), ".png"),
    "16 bit, big-endian": lambda image: saved(
        Image.fromarray((np.uint16(image) * 257).astype(">u2")), ".tif"
    ),
    "32 bit": lambda image: saved(Image.fromarray(np.int32(image) * 257), ".tif"),
    "floats": lambda image: saved(Image.fromarray(np.float32(image) / 255), ".tif"),
    "Lab": lambda image: saved(
        Image.merge("LAB", (image, *[image.point(lambda v: 128)] * 2)), ".tif"
    ),
    "palette": lambda image: saved(image.convert("RGB").quantize(8), ".png"),
    "1 bit": lambda image: saved(image.convert("1"), ".tif"),
    "animated GIF": lambda image: saved(
        image, ".gif", save_all=True, append_images=[Image.new("L", image.size, 9)]
    ),
    "animated PNG": lambda image: saved(
        image, ".png", save_all=True, append_images=[Image.new("L", image.size, 9)]
    ),
    "pages": lambda image: saved(
        image, ".tif", save_all=True, append_images=[Image.new("L", image.size, 9)]
    ),
    "several in a JPEG": lambda image: several_in_a_jpeg(image),
    "large": lambda image: saved(image.resize((4000, 4000)), ".png"),
    "HEIC of one channel": lambda image: saved(image, ".heic"),
}


def difference_in_shape(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference by the ink there is; what JPEG blurs may move the centre by a pixel."""
    steps = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    changes = [np.abs(np.roll(one, step, (0, 1)) - other).sum() for step in steps]
    return float(min(changes) / other.sum())


def several_in_a_jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(
        file, "MPO", quality=100, save_all=True, append_images=[Image.new("L", image.size, 9)]
    )
    return file.getvalue()


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_of_a_format_gives_the_same_digit(tmp_path: Path, variant: str) -> None:
    image = rasterized(drawing(7))
    path = tmp_path / "a.png"
    path.write_bytes(VARIANTS[variant](image))
    read = frame(open_image(path))
    assert read is not None
    assert difference_in_shape(read.pixels, frame(image).pixels) < 0.2


def chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds nothing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"hello", "another file"),
        (b"%PDF-1.7\n", "a PDF; save its pages as PNG"),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "a Git LFS pointer in its place",
        ),
        (b"\n<!doctype html>\n<html>", "a web page, perhaps of an error; download the image"),
        (b"<?xml version='1.0'?>\n<svg width='9'>", "an SVG drawing; export it as PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\x89PNG\r\n\x1a\n", "broken PNG"),
        (png(9, 9), "broken PNG"),
        (png(60_000, 60_000), "too large"),
        (b"GIF89a", "broken GIF"),
        (b"II*\0\x08\0\0\0\xff\xff" + bytes(9), "broken TIFF"),
        (b"P5 9 9 255\nabc", "broken PPM"),
        (b"P3 2 2 255 many", "broken PPM"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "broken HEIF"),
    ],
    ids=str,
)
def test_a_file_that_cannot_be_read_gives_one_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words) as caught:
        open_image(path)
    assert str(caught.value).startswith(f"{path}: expected an image")


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_a_damaged_image_is_rejected_or_read_and_raises_nothing_else(
    known: ImageFormat,
) -> None:
    if known.name == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    whole = saved(rasterized(drawing(4)).convert("RGB"), known.extensions[0])
    rng = np.random.default_rng(1)
    for _ in range(60):
        damaged = bytearray(whole[: rng.integers(HEADER_SIZE, len(whole))])
        for place in rng.integers(8, len(damaged), 5):
            damaged[place] = rng.integers(256)
        try:
            read_image(io.BytesIO(bytes(damaged)), "damaged")
        except ValueError as error:
            assert str(error).startswith("damaged: ")


@pytest.mark.parametrize("error", [SyntaxError, KeyError, struct.error, EOFError, MemoryError])
def test_every_error_of_a_decoder_gives_the_same_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fails(*arguments: object) -> None:
        raise error

    path = tmp_path / "a.png"
    rasterized(drawing(4)).save(path)
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", fails)
    with pytest.raises(ValueError, match="broken PNG") as caught:
        open_image(path)
    assert str(path) in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_only_regular_files_are_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.png"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    module = "number_recognition.digits.images.image_files"
    code = f"import sys\nfrom {module} import open_image\nopen_image(sys.argv[1])"
    # In a process of its own: one that waits for the pipe would wait for ever.
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert f"ValueError: {path}: expected an image, found a {kind}" in done.stderr.replace(
        "a pipe, a device or the like", f"a {kind}"
    )


def test_a_name_that_no_file_can_have_is_rejected() -> None:
    with pytest.raises(ValueError, match="expected the name of an image"):
        open_image("a\0.png")


def test_pixels_that_are_not_finite_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.new("F", (9, 9), float("nan")).save(path)
    with pytest.raises(ValueError, match="infinite or NaN"):
        open_image(path)


def test_a_large_image_gives_no_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (40, 40)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert open_image(path).size == (40, 40)
    assert not recwarn.list


def blank_png(width: int, height: int) -> bytes:
    """A PNG of transparent pixels, a thousandth of their size."""
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(1 + 4 * width)) for _ in range(height)) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def test_an_image_of_far_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(blank_png(7100, 7100))
    with pytest.raises(ValueError, match=r"too large: it has 7,100 × 7,100 pixels; scale it down"):
        open_image(path)


@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_a_large_jpeg_is_read_at_a_reduced_scale(tmp_path: Path, options: dict[str, bool]) -> None:
    path, large = tmp_path / "a.jpg", rasterized(drawing(4)).resize((4200, 4200))
    large.save(path, **options)
    assert open_image(path).size == (2100, 2100)
    assert np.abs(frame(open_image(path)).pixels - frame(large).pixels).max() < 0.1


def test_a_colour_scan_of_a_page_at_600_dpi_is_read(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(blank_png(4960, 7016))
    assert open_image(path).size == (1654, 2339)


def test_a_large_photo_is_reduced_upright(tmp_path: Path) -> None:
    tag = Image.Exif()
    tag[0x0112] = 6
    Image.new("RGB", (4200, 2200)).save(tmp_path / "a.png", exif=tag)
    assert open_image(tmp_path / "a.png").size == (1100, 2100)


def test_an_image_of_a_phone_is_upright(tmp_path: Path) -> None:
    upright = rasterized(drawing(4)).resize((200, 280)).convert("RGB")
    tag = Image.Exif()
    tag[0x0112] = 6  # to be turned clockwise by a quarter
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(saved(turned, ".heic", exif=tag.tobytes()))
    read = open_image(path)
    assert read.size == upright.size
    assert np.abs(as_grey(read) - as_grey(upright)).mean() < 6


def test_without_its_package_an_image_of_a_phone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(saved(rasterized(drawing(4)), ".heic"))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ValueError, match=r"IMG_0001\.HEIC: .* install pillow-heif"):
        open_image(path)


def test_other_files_are_not_taken_for_images(tmp_path: Path) -> None:
    others = {
        "a.txt": b"P1 or not P1, that is the question",
        "b.txt": b"BMW is a car, and BM the beginning of a bitmap",
        "a.h5": b"\x89HDF\r\n\x1a\n" + bytes(90),
        "a.mp4": b"\0\0\0\x18ftypisom" + bytes(90),
        "a.npz": b"PK\x03\x04" + bytes(90),
        "a.wav": b"RIFF\x24\0\0\0WAVEfmt ",
        "empty": b"",
    }
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)
    assert list_images(tmp_path) == []


def test_images_by_extension_or_content_are_listed(tmp_path: Path) -> None:
    whole = saved(rasterized(drawing(4)), ".png")
    expected = ["a.HEIC", "b.png", "c", "d.psd", "inner/e.jpg"]
    for name in [*expected, ".hidden.png", ".hidden/f.png"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(whole if name == "c" else b"")
    (tmp_path / "inner" / "folder.png").mkdir()
    (tmp_path / "inner" / "circle").symlink_to(tmp_path)
    found = find_images(tmp_path, pytest.fail)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == expected
    assert find_images(tmp_path / "nowhere", pytest.fail) == []


def test_formats_are_detected_as_by_pillow() -> None:
    assert detect_format(b"hello") is None
    for known in FORMATS:
        for ending in known.extensions:
            assert Image.registered_extensions().get(ending, known.name) == known.name
