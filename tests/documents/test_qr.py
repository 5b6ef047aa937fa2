import pytest
import segno

from documents import qr

ADDRESS = "https://arobase.example/verifier/2027-7KQ4M9XWZT2/"


def dark_cells(path):
    """Cells covered by the rectangles of a path."""
    numbers = [int(token) for token in path.split() if token != "re"]
    rectangles = zip(*(numbers[i::4] for i in range(4)), strict=True)
    return [(x + i, y) for x, y, length, height in rectangles for i in range(length * height)]


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "https://arobase.example/verifier/2028-ZZZZZZZZZZZ/",
        "https://arobase.example:8443/verifier/2027-0123456789A/",
        "https://attestations.label-numerique-des-communes.example/verifier/2027-7KQ4M9XWZT2/",
        "7KQ4M9XWZT2",
        "2027",
    ],
)
def test_rectangles_cover_each_dark_module_once(address):
    path, side = qr.pdf_path(address)
    cells = dark_cells(path)
    matrix = segno.make(address, error="m", mode="byte", micro=False, mask=2, boost_error=False).matrix
    expected = {
        (column + 4, side - 5 - row)
        for row, modules in enumerate(matrix)
        for column, dark in enumerate(modules)
        if dark
    }
    assert len(cells) == len(set(cells))
    assert set(cells) == expected


def test_quiet_zone_is_left_white():
    path, side = qr.pdf_path(ADDRESS)
    assert all(4 <= x < side - 4 and 4 <= y < side - 4 for x, y in dark_cells(path))
