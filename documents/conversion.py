"""What people send as their telephone or scanner made it, turned into what opens everywhere, in a process of its own.

A photograph becomes a JPEG of a size that reads well, the right way up; the pages of a scan become a PDF. Neither keeps
what the file carried besides: place, date, device. `python -m documents.conversion TYPE` reads the file on its standard
input and writes the other on its standard output, nothing when the file does well as it is; `python -m
documents.conversion TYPE look` only opens it, `… TYPE load` reads all its pixels; `… TYPE clean` makes the copy that
the public may have: an image drawn anew, a PDF without what its programs and authors noted in it."""

import sys
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from documents import bounded
from documents.pages import HEIC, JPEG, PDF, TIFF, Undrawable

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 10 * 1024 * 1024  # octets
LONGEST_SIDE = 4_096  # pixels: an A4 page at 350 dots an inch
MOST_PAGES = 60
QUALITY = 85
MEMORY = 1024**3
SECONDS = 60
LOOKED = b"well"


def convert(content: bytes, content_type: str, *, seconds: float = SECONDS) -> tuple[bytes, str] | None:
    """The new bytes and their type; None for what opens everywhere and is not too large. Raises Undrawable."""
    made = _run(content, content_type, seconds=seconds)
    return (made, PDF if content_type == TIFF else JPEG) if made else None


def clean(content: bytes, content_type: str, *, seconds: float = SECONDS) -> tuple[bytes, str]:
    """An image or a PDF without its metadata: authors, dates, places, devices, programs. Raises Undrawable."""
    made = _run(content, content_type, "clean", seconds=seconds)
    return made, PDF if content_type in (PDF, TIFF) else JPEG


def opens(content: bytes, content_type: str, *, whole: bool = False) -> bool:
    """Is it an image that may be converted? Its pixels are read of the `whole` only: a long scan takes no time here."""
    try:
        return _run(content, content_type, "load" if whole else "look", seconds=10) == LOOKED
    except Undrawable:
        return False


def _run(content: bytes, *words: str, seconds: float) -> bytes:
    with TemporaryDirectory() as folder:
        try:
            return bounded.run("documents.conversion", *words, content=content, folder=folder, seconds=seconds)
        except bounded.Failed as error:
            raise Undrawable(str(error)) from error


# In the bounded process


def _main(content_type: str, verb: str = "") -> None:
    from documents.pages import open_image  # noqa: PLC0415 -- Pillow, only here

    bounded.limit(memory=MEMORY, seconds=SECONDS)
    content = sys.stdin.buffer.read()
    if content_type == PDF:
        sys.stdout.buffer.write(_without_notes(content))
        return
    image = open_image(content, content_type)
    if verb == "load":
        image.load()
    if verb in ("look", "load"):
        made = LOOKED
    elif content_type == TIFF:
        made = _scan(image)
    elif verb == "clean" or content_type == HEIC or len(content) > LARGEST or max(image.size) > LONGEST_SIDE:
        made = _photograph(image)
    else:
        made = b""
    sys.stdout.buffer.write(made)


def _photograph(image: "Image") -> bytes:
    from PIL import ImageOps  # noqa: PLC0415 -- only in the bounded process

    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = BytesIO()
    upright.save(written, "JPEG", quality=QUALITY, exif=b"")
    return written.getvalue()


def _scan(image: "Image") -> bytes:
    """One page of the PDF for one of the scan, black on white kept so: it stays small and sharp."""
    from PIL import ImageSequence  # noqa: PLC0415 -- only in the bounded process

    pages = []
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        if number == MOST_PAGES:
            raise ValueError(f"more than {MOST_PAGES} pages")
        page = frame.copy() if frame.mode == "1" else frame.convert("RGB")
        page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        page.info = {}
        pages.append(page)
    written = BytesIO()
    resolution = max(72.0, max(pages[0].size) / 11.7)
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=resolution)
    return written.getvalue()


# What programs note in a PDF beside what it shows: on the whole, on a page, on an object.
NOTES = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
# Who wrote a remark in the margin, and when.
SIGNED = ("/T", "/M", "/CreationDate")


def _without_notes(content: bytes) -> bytes:
    import pikepdf  # noqa: PLC0415 -- only in the bounded process

    written = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        for held in document.objects:
            if not isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
                continue
            remark = "/Rect" in held and held.get("/Subtype") != "/Widget"
            for key in (*NOTES, *(SIGNED if remark else ())):
                if key in held:
                    del held[key]
            if isinstance(held, pikepdf.Stream) and held.get("/Filter") == "/DCTDecode":
                held.write(_without_segments(held.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
        document.save(written, encryption=False, deterministic_id=True)
    return written.getvalue()


def _without_segments(jpeg: bytes) -> bytes:
    """A photograph in a PDF, less what its camera wrote: all but what its colours need."""
    kept, position = [jpeg[:2]], 2
    while position + 4 <= len(jpeg) and jpeg[position] == 0xFF and jpeg[position + 1] != 0xDA:
        marker, end = jpeg[position + 1], position + 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
        colours = marker in (0xE0, 0xEE) or (marker == 0xE2 and jpeg[position + 4 :].startswith(b"ICC_PROFILE"))
        if colours or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(jpeg[position:end])
        position = end
    return b"".join([*kept, jpeg[position:]])


if __name__ == "__main__":
    _main(*sys.argv[1:])
