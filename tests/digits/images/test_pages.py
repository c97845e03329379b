"""The pages of image files, what is left out of them, and values of 12 bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from PIL import Image, TiffImagePlugin

from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.image_files import open_first_page, open_image, open_pages


def write_tiff(path: Path, pages: list[Image.Image], **options: object) -> Path:
    pages[0].save(path, "TIFF", save_all=True, append_images=pages[1:], **options)
    return path


def test_every_page_of_a_tiff_is_read_with_its_number(tmp_path: Path) -> None:
    images = [rasterized(drawing(digit)) for digit in (4, 7, 1)]
    path = write_tiff(tmp_path / "scan.tif", images)
    pages = list(open_pages(path, pytest.fail))
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.name("scan.tif") for page in pages][1] == "scan.tif[2]"
    for page, image in zip(pages, images, strict=True):
        assert np.array_equal(np.asarray(page.image), np.asarray(image))
    assert np.array_equal(np.asarray(open_image(path)), np.asarray(images[0]))


def test_a_file_of_one_page_has_no_page_number(tmp_path: Path) -> None:
    for name in ("a.tif", "a.png"):
        rasterized(drawing(4)).save(tmp_path / name)
        [page] = open_pages(tmp_path / name, pytest.fail)
        assert (page.number, page.left_out, page.name("a")) == (None, "", "a")


def test_previews_in_a_tiff_are_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    small = rasterized(drawing(7)).resize((40, 40))
    with TiffImagePlugin.AppendingTiffWriter(path, True) as file:
        for image, kind in ((small, 1), (rasterized(drawing(4)), 0)):
            info = TiffImagePlugin.ImageFileDirectory_v2()
            info[254] = kind
            image.save(file, "TIFF", tiffinfo=info)
            file.newFrame()
    [page] = open_pages(path, pytest.fail)
    assert page.image.size == (280, 280) and page.number is None


def test_a_damaged_page_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (90, 90), np.uint8)
    images = [Image.fromarray(noise), Image.fromarray(noise.T), Image.fromarray(noise)]
    path = write_tiff(tmp_path / "scan.tif", images, compression="tiff_adobe_deflate")
    with Image.open(path) as file:
        file.seek(1)
        [place], [size] = file.tag_v2[273], file.tag_v2[279]
    content = bytearray(path.read_bytes())
    content[place : place + size] = b"\xff" * size
    path.write_bytes(content)
    errors: list[Exception] = []
    pages = list(open_pages(path, errors.append))
    assert [page.number for page in pages] == [1, 3]
    [error] = errors
    assert str(error).startswith(f"{path}[2]: expected an image, found a broken TIFF")


@pytest.mark.parametrize(("name", "form"), [("a.gif", "GIF"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_of_an_animation_the_first_image_is_read_and_it_is_said(
    tmp_path: Path, name: str, form: str
) -> None:
    first = rasterized(drawing(4)).convert("RGB")
    others = [Image.new("RGB", first.size, colour) for colour in ("red", "blue")]
    first.save(tmp_path / name, form, save_all=True, append_images=others, duration=90)
    page = open_first_page(tmp_path / name)
    assert "an animation, the first image" in page.left_out
    difference = np.asarray(page.image.convert("L"), float) - np.asarray(first.convert("L"), float)
    assert np.abs(difference).mean() < 6


@pytest.mark.parametrize("dtype", ["<u2", ">u2", "<i4"])
def test_twelve_bits_in_a_file_of_sixteen_give_the_same_digit(tmp_path: Path, dtype: str) -> None:
    image = rasterized(drawing(7))
    path = tmp_path / "scan.tif"
    Image.fromarray((np.asarray(image, np.uint16) * 16 + 15).astype(dtype)).save(path)
    read, expected = frame(open_image(path)), frame(image)
    assert read is not None and expected is not None
    assert np.abs(read.pixels - expected.pixels).sum() < 0.05 * expected.pixels.sum()


def test_values_of_eight_bits_and_sixteen_stay_as_they_are(tmp_path: Path) -> None:
    for top in (255, 65535):
        values = np.linspace(0, top, 900).reshape(30, 30).astype(np.int32)
        Image.fromarray(values).save(tmp_path / "a.tif")
        assert np.array_equal(np.asarray(open_image(tmp_path / "a.tif")), values)
