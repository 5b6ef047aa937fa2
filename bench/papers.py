"""A certificate, tagged and not yet sealed, beside the least that the toolkit takes for a file of one page."""

import io
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from documents import certificate, fonts
from documents.paper import A4_LANDSCAPE, Paper
from tests.documents.samples import CERTIFICATE

ROUNDS, A_ROUND = 20, 10
AIM = 4  # times the floor


def main() -> None:
    """Rounds alternate, so that a busy machine slows both; processor time, each round counted whole."""
    static = _static()
    ways: dict[str, Callable[[int], bytes]] = {"ours": _certificate, "floor": lambda number: _floor(static, number)}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for round_ in range(ROUNDS + 1):
        for name, draw in ways.items():
            started = time.process_time()
            for number in range(A_ROUND):
                draw(round_ * A_ROUND + number)
            times[name].append((time.process_time() - started) / A_ROUND)
    # The first round loads fonts.
    ours, floor = (statistics.median(times[name][1:]) for name in ways)
    work = "one certificate, tagged, before its seal"
    print(f"{work:44} {1000 * ours:8.1f} ms  floor {1000 * floor:.1f} ms, ratio {ours / floor:.1f}  (aim: <= {AIM})")


def _certificate(number: int) -> bytes:
    return certificate.render(replace(CERTIFICATE, territory_name=f"Aubaine-{number}", number=f"2027-{number:010}"))


def _static() -> str:
    """What is drawn on every certificate of a level, as ready-made operators: background, arobases, code."""
    paper = Paper(A4_LANDSCAPE, certificate._about(CERTIFICATE))
    certificate._background(paper)
    paper.level(certificate.MARGIN, 300, certificate.LARGEST_MARK, CERTIFICATE.level)
    paper.qr_code(CERTIFICATE.verify_url, 700, 30, certificate.QR_SIZE, "")
    return "\n".join(paper.canvas._code)


def _floor(static: str, number: int) -> bytes:
    """One file: what never changes is there already, two lines of text are new."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4_LANDSCAPE, invariant=1, pageCompression=1, initialFontName=fonts.REGULAR)
    canvas._code.append(static)
    for text, height in ((f"Aubaine-{number}", 480), (f"2027-{number:010}", 440)):
        canvas.setFont(fonts.BOLD, 26)
        canvas.drawCentredString(A4_LANDSCAPE[0] / 2, height, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


if __name__ == "__main__":
    main()
