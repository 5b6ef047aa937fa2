import segno

from documents import qr

ADDRESS = "https://arobase.example/verifier/2027-7KQ4M9XWZT2/"


def dark_cells(path):
    """Cells covered by the rectangles of a path."""
    numbers = [int(token) for token in path.split() if token != "re"]
    rectangles = zip(*(numbers[i::4] for i in range(4)), strict=True)
    return [(x + i, y) for x, y, length, height in rectangles for i in range(length * height)]


def test_rectangles_cover_each_dark_module_once():
    path, side = qr.pdf_path(ADDRESS)
    cells = dark_cells(path)
    matrix = segno.make(ADDRESS, error="m", micro=False, mask=2, boost_error=False).matrix
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
