"""What a person does with a workbook in LibreOffice. Run by the system's Python, which has `uno`, beside a LibreOffice
that listens on a pipe: `python3 tests/libreoffice.py PIPE ACTS`, as `tests/assessments/test_libreoffice.py` runs it."""

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

START = 60  # seconds that the program may take to listen


def desktop(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + START
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def value(name, content):
    prop = PropertyValue()
    prop.Name, prop.Value = name, content
    return prop


def low_rows(sheet):
    """The rows that are lower than their text asks for, by the program's own measure: number, height, asked."""
    last = sheet.createCursor()
    last.gotoEndOfUsedArea(False)
    rows = [sheet.Rows.getByIndex(n) for n in range(last.RangeAddress.EndRow + 1)]
    ours = [row.Height for row in rows]
    sheet.unprotect("")
    for row in rows:
        row.OptimalHeight = True
    return [(n, had, row.Height) for n, (had, row) in enumerate(zip(ours, rows, strict=True), 1) if had < row.Height]


def main(pipe, acts):
    office = desktop(pipe)
    book = office.loadComponentFromURL(uno.systemPathToFileUrl(acts["open"]), "_blank", 0, (value("Hidden", True),))
    sheet = book.Sheets.getByName(acts["sheet"])
    said = {"protected": sheet.isProtected()}
    if acts.get("measure"):
        said["low"] = low_rows(sheet)
    else:
        for place, typed in acts["type"].items():
            sheet.getCellRangeByName(place).FormulaLocal = typed
        if row := acts.get("insert"):
            sheet.unprotect("")
            sheet.Rows.insertByIndex(row - 1, 1)
            sheet.protect("")
        for path, kind in acts["save"].items():
            book.storeToURL(uno.systemPathToFileUrl(path), (value("FilterName", kind),))
    book.close(True)
    print(json.dumps(said))


main(sys.argv[1], json.loads(sys.argv[2]))
