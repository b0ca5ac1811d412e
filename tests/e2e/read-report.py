#!/usr/bin/python3
"""read-report FILE.csv|FILE.xlsx [SEPARATOR [ENCODING]]: a report as JSON, read
by Python's csv and by openpyxl.  Sums are in kopecks."""
import csv
import datetime
import json
import sys
from decimal import Decimal

import openpyxl


def plain(v):
    if isinstance(v, (datetime.datetime, datetime.date)):
        return v.isoformat(sep=' ') if v.time() else v.date().isoformat()
    return '' if v is None else v


def of_xlsx(path):
    book = openpyxl.load_workbook(path)
    names = book.sheetnames
    about = {r[0].value: plain(r[1].value) if len(r) > 1 else ''
             for r in book[names[-1]].iter_rows()}
    rows, columns = [], None
    for name in names[:-1]:
        sheet = book[name]
        assert sheet.freeze_panes == 'A4', sheet.freeze_panes
        cells = list(sheet.iter_rows())
        columns = [c.value for c in cells[2]]
        for r in cells[3:]:
            assert not any(c.data_type == 'f' for c in r), 'a formula'
            rows.append([plain(c.value) for c in r])
    return about, columns, rows[:-1], rows[-1]


def of_csv(path, separator, encoding):
    with open(path, newline='', encoding=encoding) as f:
        lines = list(csv.reader(f, delimiter=separator, strict=True))
    first = lines.index([])
    last = len(lines) - 1 - lines[::-1].index([])
    about = {x[0]: x[1] for x in lines[1:first] + lines[last + 2:]}
    return about, lines[first + 1], lines[first + 2:last], lines[last + 1]


def kopecks(v):
    v = v.replace(',', '.') if isinstance(v, str) else repr(v)
    return int((Decimal(v) * 100).to_integral_exact()) if v else 0


path = sys.argv[1]
if path.endswith('.xlsx'):
    about, columns, rows, totals = of_xlsx(path)
else:
    about, columns, rows, totals = of_csv(
        path, sys.argv[2] if len(sys.argv) > 2 else ';',
        sys.argv[3] if len(sys.argv) > 3 else 'utf-8-sig')
assert all(len(r) == len(columns) for r in rows), 'cells of a row'
sums = {}
for i, c in enumerate(columns):
    if i > 0 and totals[i] not in ('', None):
        sums[c] = kopecks(totals[i])
        assert sums[c] == sum(kopecks(r[i]) for r in rows), c
json.dump({'about': about, 'columns': columns, 'rows': rows, 'sums': sums,
           'count': len(rows)}, sys.stdout, ensure_ascii=False)
