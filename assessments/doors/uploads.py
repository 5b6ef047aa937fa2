"""Files that people send: known by their content, never by their name, and refused with a sentence that helps.

Nothing here unpacks or renders a file in this process: sizes are read from its directory, types from its structure, and
`documents.contents` looks for what acts in a process of its own."""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.refusals import Refused
from assessments.doors import antivirus
from documents import contents, conversion, pages
from documents.contents import Finding

MAX_PIXELS = pages.MOST_PIXELS  # of an image, when its file says it
MAX_MEMBERS = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
LONGEST_NAME = 120

OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "heic": pages.HEIC,
    "tif": pages.TIFF,
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "pptx": OFFICE + "presentationml.presentation",
    "odt": ODF + "text",
    "ods": ODF + "spreadsheet",
    "odp": ODF + "presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}
# How what may act is looked into.
KINDS = {
    "pdf": "pdf",
    **dict.fromkeys(("docx", "xlsx", "pptx"), "ooxml"),
    **dict.fromkeys(("odt", "ods", "odp"), "odf"),
}
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
BLANKS = b"\r\n\t \0\xef\xbb\xbf"
# What an image is, whatever its name says: cameras, scanners and messengers call the same thing by many names.
IMAGES = {"png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "webp": (b"RIFF",), "tif": (b"II*\0", b"MM\0*")}
HEIC = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"heif"))
NAMED_IMAGES = ("png", "jpg", "jpeg", "jpe", "jfif", "webp", "heic", "heif", "hif", "tif", "tiff")
# Opened in a process of its own before it is kept; a worker makes of it what opens everywhere.
CONVERTED = ("heic", "tif")
# Kept as they are, so read to their last pixel before.
WHOLE = frozenset(TYPES[kind] for kind in ("png", "jpg", "webp"))
OTHERWISE = {
    "zip": lazy("Une archive ne s’ouvre pas ici : joignez les fichiers un à un."),
    "doc": lazy("Enregistrez ce document en PDF (Fichier, Exporter, PDF), puis joignez le PDF."),
}
OTHERWISE |= {"xls": OTHERWISE["doc"], "ppt": OTHERWISE["doc"]}
HEIC_OTHERWISE = lazy(
    "Cette photo (HEIC) ne s’ouvre pas. Sur l’iPhone : Réglages, Appareil photo, Formats, « Le plus compatible », puis "
    "reprenez la photo."
)


class BadFile(Refused):
    """A file that somebody sent cannot be taken."""


def take(name: str, content: bytes, *, picture: bool = False) -> tuple[str, str]:
    """The content type and the cleaned name of a file that may be kept: it is what it says (an image, of a `picture`),
    does not act, and the antivirus, if there is one, let it through. Raises BadFile. It takes time: hold no lock."""
    try:
        taken = check_picture(name, content) if picture else check(name, content)
        antivirus.check(content)
        inspect(name, content)
    except Refused as refusal:
        raise BadFile(refusal.reason) from None
    return taken


def check(name: str, content: bytes) -> tuple[str, str]:
    """The content type and the cleaned name of a file that may be kept. Raises Refused with the reason."""
    extension, name = kind(name, content)
    if not content:
        raise Refused(_("Ce fichier est vide."))
    check_size(len(content), image=extension in NAMED_IMAGES)
    if extension in OTHERWISE:
        raise Refused(str(OTHERWISE[extension]))
    if extension not in TYPES:
        raise Refused(
            _("Ce type de fichier n’est pas accepté. Envoyez un PDF, une image, un document de bureau ou un texte.")
        )
    _CHECKS[extension](extension, content)
    return TYPES[extension], name


def check_size(size: int, *, image: bool) -> None:
    """A photograph or a scan may be larger: a worker reduces it."""
    if image and size > settings.PHOTO_MAX_BYTES:
        raise Refused(_("Cette image dépasse 25 Mo : réduisez-la, ou donnez l’adresse d’une page."))
    if not image and size > settings.EVIDENCE_MAX_BYTES:
        raise Refused(_("Ce fichier dépasse 10 Mo : réduisez-le, ou donnez l’adresse d’une page."))


def kind(name: str, content: bytes) -> tuple[str, str]:
    """What a file is, as the extension that says it, and its cleaned name under that extension.

    An image is known by its content when its name says that it is one, or says nothing known."""
    name = clean_name(name)
    stem, extension = _parted(name)
    named = extension.lower()
    if named not in NAMED_IMAGES and (named in TYPES or named in OTHERWISE):
        return named, name
    found = _image_of(content) or named
    if found == named or TYPES.get(found) == TYPES.get(named):
        return found, name
    return found, f"{stem}.{found}" if found in TYPES else name


def _image_of(content: bytes) -> str | None:
    if content[4:12] in HEIC:
        return "heic"
    return next((kind for kind, marks in IMAGES.items() if content.startswith(marks)), None)


def check_picture(name: str, content: bytes) -> tuple[str, str]:
    """As `check`, for what is to be shown: an image and nothing else."""
    content_type, name = check(name, content)
    if not content_type.startswith("image/"):
        raise Refused(_("Envoyez une image : PNG, JPEG ou WebP."))
    return content_type, name


def inspect(name: str, content: bytes) -> None:
    """Refused when it acts, fetches or hides: it is parsed whole, in a bounded process. Hold no lock meanwhile."""
    extension, _name = kind(name, content)
    if extension in CONVERTED and not conversion.opens(content, TYPES[extension]):
        raise Refused(str(HEIC_OTHERWISE)) if extension == "heic" else _not_what_it_says(extension)
    if TYPES[extension] in WHOLE and not conversion.opens(content, TYPES[extension], whole=True):
        raise _not_what_it_says(extension)
    if extension not in KINDS:
        return
    finding = contents.look(content, KINDS[extension])
    if finding == Finding.DAMAGED:
        raise _not_what_it_says(extension)
    if finding == Finding.LOCKED:
        raise Refused(_("Ce document est protégé par un mot de passe : le jury ne pourrait pas l’ouvrir."))
    if finding == Finding.LINKS:
        raise Refused(
            _(
                "Ce document en appelle un autre quand on l’ouvre : retirez ce lien, ou donnez-en un PDF si c’est "
                "une preuve."
            )
        )
    if finding == Finding.CODE and extension == "pdf":
        raise Refused(_("Ce PDF contient du code ou un fichier joint. Imprimez-le en PDF, puis renvoyez-le."))
    if finding == Finding.CODE:
        raise Refused(
            _(
                "Ce document contient des macros ou un objet actif : retirez-les, ou donnez-en un PDF si c’est une "
                "preuve."
            )
        )


def clean_name(name: str) -> str:
    """The last part of a path, without what a screen or a header could misread; the extension is kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Cc: line breaks and their like; Cf: marks that turn the reading direction; Cs, Co, Cn: not characters.
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C") and c not in '"<>|:*?;')
    stem, extension = _parted(name.strip().rstrip(" ."))
    stem, extension = stem.strip(" .")[: LONGEST_NAME - 6] or "fichier", extension.strip()[:5]
    return f"{stem}.{extension}" if extension else stem


def _parted(name: str) -> tuple[str, str]:
    """What comes before the extension, and the extension, if any."""
    stem, dot, extension = name.rpartition(".")
    return (stem, extension) if dot else (name, "")


def _not_what_it_says(extension: str) -> Refused:
    return Refused(
        _("Ce fichier est abîmé, ou son contenu n’est pas celui d’un fichier .%(extension)s.")
        % {"extension": extension}
    )


def _check_pdf(extension: str, content: bytes) -> None:
    """Blanks before its head, and a few bytes after its end, are the doing of programs that send files; an archive
    behind it is somebody's."""
    if not content.lstrip(BLANKS).startswith(b"%PDF-") or b"%%EOF" not in content[-64 * 1024 :]:
        raise _not_what_it_says(extension)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise _not_what_it_says(extension)


def _check_png(extension: str, content: bytes) -> None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR" or content[-8:-4] != b"IEND":
        raise _not_what_it_says(extension)
    _check_pixels(*struct.unpack(">II", content[16:24]))


def _check_jpeg(extension: str, content: bytes) -> None:
    if not content.startswith(b"\xff\xd8\xff"):
        raise _not_what_it_says(extension)
    position = 2
    while position + 9 < len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return _check_pixels(width, height)
        position += 1 if marker == 0xFF else 2 + length
    raise _not_what_it_says(extension)


def _check_webp(extension: str, content: bytes) -> None:
    try:
        width, height = size_of_webp(content)
    except ValueError:
        raise _not_what_it_says(extension) from None
    _check_pixels(width, height)


def size_of_webp(content: bytes) -> tuple[int, int]:
    """Width and height in pixels, said in one of three ways by the first part of a RIFF container; else ValueError."""
    kind, part = content[12:16], content[20:30]
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(part) < 10:
        raise ValueError("not a WebP")
    if kind == b"VP8X":
        return 1 + int.from_bytes(part[4:7], "little"), 1 + int.from_bytes(part[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(part[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(part[6:8], "little") & 0x3FFF, int.from_bytes(part[8:10], "little") & 0x3FFF
    raise ValueError("not a WebP")


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Refused(_("Cette image est trop grande : réduisez-la à 7 000 pixels de côté."))


def _check_converted(extension: str, content: bytes) -> None:
    """Its structure is read elsewhere (`inspect`, then the worker): here, that it begins as what it is."""
    if _image_of(content) != extension:
        raise _not_what_it_says(extension)


def _check_office(extension: str, content: bytes) -> None:
    """A ZIP of the right shape, that unpacks to something reasonable and carries no macro."""
    if not content.startswith(b"PK\x03\x04"):
        raise _not_what_it_says(extension)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(extension, members)
            if not _is_whole(content, archive) or not _has_shape(extension, archive):
                raise _not_what_it_says(extension)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, zlib.error, RuntimeError):
        raise _not_what_it_says(extension) from None


def _check_members(extension: str, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise Refused(
            _("Une fois ouvert, ce document serait démesuré : allégez-le, ou donnez-en un PDF si c’est une preuve.")
        )
    if any(member.flag_bits & 1 for member in members):
        raise Refused(_("Ce document est protégé par un mot de passe : le jury ne pourrait pas l’ouvrir."))
    for member in members:
        name = member.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
            raise _not_what_it_says(extension)
        if name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")):
            raise Refused(
                _("Ce document contient des macros : enregistrez-le sans, ou donnez-en un PDF si c’est une preuve.")
            )


def _is_whole(content: bytes, archive: zipfile.ZipFile) -> bool:
    """Nothing before the first member nor after the end of the archive."""
    end = content.rfind(b"PK\x05\x06")
    return end >= 0 and end + 22 + len(archive.comment) == len(content)


def _has_shape(extension: str, archive: zipfile.ZipFile) -> bool:
    names = set(archive.namelist())
    if extension in MAIN_PART:
        return "[Content_Types].xml" in names and MAIN_PART[extension] in names
    if "mimetype" not in names or "content.xml" not in names:
        return False
    with archive.open("mimetype") as member:
        return member.read(100).strip() == TYPES[extension].encode()


def _check_text(extension: str, content: bytes) -> None:
    """Text in UTF-8 or in the old Windows alphabet: no byte that only binary files have."""
    if re.search(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]", content) or content.startswith((b"%PDF-", b"PK\x03\x04")):
        raise _not_what_it_says(extension)


_CHECKS: dict[str, Callable[[str, bytes], None]] = {
    "pdf": _check_pdf,
    "png": _check_png,
    "jpg": _check_jpeg,
    "jpeg": _check_jpeg,
    "webp": _check_webp,
    **dict.fromkeys(CONVERTED, _check_converted),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), _check_office),
    "csv": _check_text,
    "txt": _check_text,
}
