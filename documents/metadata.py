"""What a paper says of itself: title, dates and language, the PDF/A-2a and PDF/UA-1 claims, and its colour space."""

import hashlib
import struct
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

LANGUAGE = "fr-FR"
CREATOR = "Arobase"


@dataclass(frozen=True)
class About:
    """Metadata of a paper. `instant` is aware and comes from the data, never from the clock."""

    title: str
    author: str
    subject: str
    instant: datetime


def describe(canvas: Canvas, about: About) -> None:
    """Write `about` into the Info dictionary and the XMP packet of the document, and declare sRGB."""
    document, packet = canvas._doc, _xmp(about).encode()
    canvas.setTitle(about.title)
    canvas.setAuthor(about.author)
    canvas.setSubject(about.subject)
    canvas.setCreator(CREATOR)
    canvas.setProducer(CREATOR)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    _date(document, about.instant)
    document.signature = hashlib.sha256(packet)  # the file's ID: the pages join it when the paper is saved
    document.Catalog.Metadata = pdfdoc.XMP(creator=lambda _: packet)
    _declare_srgb(document)


def _date(document: pdfdoc.PDFDocument, instant: datetime) -> None:
    """Replace the toolkit's time stamp: XMP and Info dates must be the same instant."""
    stamp = document._timeStamp
    stamp.t = instant.timestamp()
    stamp.lt = time.gmtime(stamp.t)
    stamp.YMDhms = tuple(stamp.lt)[:6]
    stamp.dhh = stamp.dmm = 0


def _xmp(about: About) -> str:
    return XMP.format(
        title=escape(about.title),
        author=escape(about.author),
        subject=escape(about.subject),
        language=LANGUAGE,
        date=about.instant.astimezone(UTC).isoformat(timespec="seconds"),
        creator=CREATOR,
    )


# The last description declares the `pdfuaid` schema, which PDF/A wants of any schema that it does not define itself.
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{creator}</xmp:CreatorTool><pdf:Producer>{creator}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def _declare_srgb(document: pdfdoc.PDFDocument) -> None:
    name, string = pdfdoc.PDFName, pdfdoc.PDFString
    profile = pdfdoc.PDFStream(
        dictionary=pdfdoc.PDFDictionary({"N": 3, "Filter": name("FlateDecode")}), content=_packed_srgb_profile()
    )
    intent = {
        "Type": name("OutputIntent"),
        "S": name("GTS_PDFA1"),
        "OutputConditionIdentifier": string("sRGB IEC61966-2.1"),
        "Info": string("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(profile),
    }
    document.Catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])
    document.Catalog.__NoDefault__ = [*document.Catalog.__NoDefault__, "OutputIntents"]


@cache
def _packed_srgb_profile() -> bytes:
    return zlib.compress(srgb_profile(), 9)


def srgb_profile() -> bytes:
    """A version 2 ICC display profile with the primaries and the curve of sRGB, computed here: no file to license."""
    curve = b"curv" + struct.pack(">4xI1024H", 1024, *(round(65535 * _linear(i / 1023)) for i in range(1024)))
    blocks = {
        b"desc": _icc_description("sRGB"),
        b"cprt": b"text\0\0\0\0CC0\0",
        b"wtpt": _icc_xyz(0.9505, 1.0, 1.0891),
        b"rXYZ": _icc_xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _icc_xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _icc_xyz(0.14307, 0.06061, 0.71410),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    return _icc_file(blocks)


def _linear(value: float) -> float:
    """Light of an sRGB component, both 0..1."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _icc_xyz(*values: float) -> bytes:
    return b"XYZ " + struct.pack(">4x3i", *(round(value * 65536) for value in values))


def _icc_description(text: str) -> bytes:
    ascii_text = text.encode("ascii") + b"\0"
    return b"desc" + struct.pack(">4xI", len(ascii_text)) + ascii_text + bytes(78)


def _icc_file(blocks: dict[bytes, bytes]) -> bytes:
    """Header, table and blocks; a block that several tags share is written once."""
    table, body, places = b"", b"", dict[bytes, int]()
    for tag, block in blocks.items():
        if block not in places:
            places[block] = 128 + 4 + 12 * len(blocks) + len(body)
            body += block + bytes(-len(block) % 4)
        table += tag + struct.pack(">II", places[block], len(block))
    size = 128 + 4 + len(table) + len(body)
    illuminant = (round(value * 65536) for value in (0.9642, 1.0, 0.8249))
    header = struct.pack(">I4xI4s4s4s6H4s", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2027, 1, 1, 0, 0, 0, b"acsp")
    header += bytes(28) + struct.pack(">3I", *illuminant) + bytes(48)
    return header + struct.pack(">I", len(blocks)) + table + body
