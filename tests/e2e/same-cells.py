#!/usr/bin/python3
"""same-cells OURS.csv SHEET.csv...: a report as we write it for spreadsheets has
the cells that a spreadsheet shows of our XLSX, which it has written as CSV, a
file for each of its sheets, as shown.  Says how many rows there are."""
import csv
import sys
from decimal import Decimal, InvalidOperation


def lines(path):
    with open(path, newline='', encoding='utf-8-sig') as f:
        return list(csv.reader(f, delimiter=';', strict=True))


def of_ours(path):
    v = lines(path)
    first = v.index([])
    last = len(v) - 1 - v[::-1].index([])
    return v[first + 1:last] + [v[last + 1]]


def of_sheets(paths):
    rows = []
    for i, path in enumerate(paths):
        v = lines(path)[2:]
        rows += v if i == 0 else v[1:]
    return rows


def number(s, mark, group):
    try:
        return Decimal(s.replace(group, '').replace(mark, '.'))
    except InvalidOperation:
        return None


def same(ours, shown):
    texts = [ours]
    if ours[:1] == "'" and ours[1:2] in '=+-@ ＝＋－＠':
        texts.append(ours[1:])
    if any(x.split() == shown.split() for x in texts):
        return True
    n = number(ours, ',', '\0')
    return n is not None and n == number(shown, '.', ',')


ours, shown = of_ours(sys.argv[1]), of_sheets(sys.argv[2:])
assert len(ours) == len(shown), f'{len(ours)} rows and {len(shown)}'
for n, (a, b) in enumerate(zip(ours, shown)):
    assert len(a) == len(b), f'row {n}: {a} and {b}'
    for x, y in zip(a, b):
        assert same(x, y), f'row {n}: "{x}" is shown as "{y}"'
print(len(ours) - 2)
