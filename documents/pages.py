"""Pages of a file as images, drawn in a process of their own: bounded in memory and time, told nothing but the file.

`python -m documents.pages TYPE FOLDER WIDTH` reads the file on its standard input, writes `1.webp`, `2.webp`… in
FOLDER, and says on its standard output {"total": 12, "pages": [[width, height], …]}. A file that cannot be drawn ends
it with an error; `draw` turns whatever went wrong into `Undrawable`."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from documents import bounded

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PAGES = 30
WIDTH = 1_100  # pixels: an A4 page that reads well on a screen
TALLEST = 4_000
MOST_PIXELS = 60_000_000  # of an image: a phone takes 27 to 50 million
MEMORY = 1024**3  # octets of address space
SECONDS = 30
QUALITY = 70
PDF = "application/pdf"
JPEG, TIFF, HEIC = "image/jpeg", "image/tiff", "image/heic"
FORMATS = {"image/png": "PNG", JPEG: "JPEG", "image/webp": "WEBP", TIFF: "TIFF", HEIC: "HEIF"}
IMAGES = frozenset(FORMATS)
DRAWN = IMAGES | {PDF}


class Undrawable(Exception):
    """The file is damaged, locked, too heavy, or of another kind."""


@dataclass(frozen=True)
class Page:
    """A page as WebP."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Pages:
    """The first pages, and how many the file has in all."""

    pages: tuple[Page, ...]
    total: int


def draw(content: bytes, content_type: str, *, width: int = WIDTH, seconds: float = SECONDS) -> Pages:
    """The pages of a PDF or an image, the first thirty at most, `width` pixels wide at most. Raises Undrawable."""
    if content_type not in DRAWN:
        raise Undrawable(f"not drawn: {content_type}")
    with TemporaryDirectory() as folder:
        try:
            said = json.loads(
                bounded.run(
                    "documents.pages", content_type, folder, str(width), content=content, folder=folder, seconds=seconds
                )
            )
        except bounded.Failed as error:
            raise Undrawable(str(error)) from error
        sizes = enumerate(said["pages"], start=1)
        pages = tuple(Page(Path(folder, f"{number}.webp").read_bytes(), *size) for number, size in sizes)
    return Pages(pages, said["total"])


def _main(content_type: str, folder: str, width: str) -> None:
    bounded.limit(memory=MEMORY, seconds=SECONDS)
    content = sys.stdin.buffer.read()
    if content_type == PDF:
        total, sizes = _pdf(content, folder, int(width))
    else:
        total, sizes = _image(open_image(content, content_type), folder, int(width))
    print(json.dumps({"total": total, "pages": sizes}))


def _pdf(content: bytes, folder: str, widest: int) -> tuple[int, list[tuple[int, int]]]:
    import pypdfium2  # noqa: PLC0415 -- only in the bounded process

    document = pypdfium2.PdfDocument(content)
    sizes = []
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        image = page.render(scale=min(widest / width, TALLEST / height)).to_pil()
        image.convert("RGB").save(f"{folder}/{number + 1}.webp", quality=QUALITY)
        sizes.append((image.width, image.height))
    return len(document), sizes


def open_image(content: bytes, content_type: str) -> "Image":
    """An image that is what its type says; its pixels are not read yet."""
    from io import BytesIO  # noqa: PLC0415 -- only in the bounded process

    from PIL import Image  # noqa: PLC0415 -- only in the bounded process

    if content_type == HEIC:
        import pillow_heif  # noqa: PLC0415 -- only in the bounded process

        pillow_heif.register_heif_opener(thumbnails=False)
    image = Image.open(BytesIO(content), formats=[FORMATS[content_type]])
    if image.width * image.height > MOST_PIXELS:
        raise ValueError(f"more than {MOST_PIXELS} pixels")
    return image


def _image(image: "Image", folder: str, widest: int) -> tuple[int, list[tuple[int, int]]]:
    """Drawn anew, the right way up: what the file carried besides its picture is left behind."""
    from PIL import ImageOps  # noqa: PLC0415 -- only in the bounded process

    drawn = ImageOps.exif_transpose(image).convert("RGB")
    drawn.thumbnail((widest, TALLEST))
    drawn.save(f"{folder}/1.webp", quality=QUALITY)
    return 1, [(drawn.width, drawn.height)]


if __name__ == "__main__":
    _main(*sys.argv[1:])
