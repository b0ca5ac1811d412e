#!/usr/bin/python3
"""report-files FOLDER [SHOWN]: files that tests/tool/report_files.c has written,
read by other programs, have in every format the cells of NAME.json, and the same
totals; SHOWN has each sheet of the XLSX as LibreOffice shows it."""
import csv
import datetime
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from decimal import Decimal

import openpyxl

HERE = os.path.dirname(os.path.abspath(__file__))
MOSCOW = datetime.timezone(datetime.timedelta(hours=3))
NUMBERS = ('sum', 'number')
NS = '{urn:kvitok:report:1}'


def moscow(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, MOSCOW)


def blanks(s):
    return s.translate(str.maketrans('\t\r\n', '   '))


def machine(c, v):
    if c['type'] == 'sum':
        return f"{'-' if v < 0 else ''}{abs(v) // 100}.{abs(v) % 100:02}"
    if c['type'] == 'instant':
        return moscow(v).strftime('%Y-%m-%d %H:%M:%S') if v else ''
    return str(v)


def plain(c, v, mark=','):
    if c['type'] == 'word':
        return c['words'].get(v, v)
    if c['type'] == 'day':
        return '.'.join(reversed(v.split('-')))
    if c['type'] == 'instant':
        return moscow(v).strftime('%d.%m.%Y %H:%M:%S') if v else ''
    return machine(c, v).replace('.', mark) if c['type'] == 'sum' else str(v)


def in_page(s, page):
    return s.encode(page, 'replace').decode(page)


# Lines are broken anywhere, and ligatures are letters again.
def drawn(s):
    return re.sub(r'\s', '', unicodedata.normalize('NFKC', s))


def same(what, got, wanted):
    assert len(got) == len(wanted), f'{what}: {len(got)} rows, not {len(wanted)}'
    for n, (a, b) in enumerate(zip(got, wanted)):
        assert len(a) == len(b), f'{what}, row {n}: {len(a)} cells'
        for i, (x, y) in enumerate(zip(a, b)):
            assert x == y, f'{what}, row {n}, cell {i}: {x!r} is not {y!r}'


# ECMA-376, 22.9.2.19: _xHHHH_ is a character, which openpyxl does not know.
def xlsx_value(cell):
    v = cell.value
    if isinstance(v, str):
        return re.sub('_x([0-9A-Fa-f]{4})_', lambda m: chr(int(m[1], 16)), v)
    return '' if v is None else Decimal(repr(v)) if cell.data_type == 'n' else v


class Report:
    def __init__(self, folder, name):
        self.path = f'{folder}/{name}.'
        with open(self.path + 'json', encoding='utf-8') as f:
            x = json.load(f)
        self.name, self.title, self.hash = name, x['title'], x['hash']
        self.columns, self.rows = x['columns'], x['rows']
        self.totals = [sum(r[i] for r in self.rows) if c['total'] else None
                       for i, c in enumerate(self.columns)]

    def cells(self, how):
        return [[how(c, v) for c, v in zip(self.columns, r)]
                for r in self.rows]

    def total_cells(self, how, empty=''):
        return ['Итого' if i == 0 else empty if v is None else how(c, v)
                for i, (c, v) in enumerate(zip(self.columns, self.totals))]

    def titles(self):
        return [c['title'] for c in self.columns]

    # As a text, which no spreadsheet takes for a formula.
    def csv_cell(self, mark):
        def cell(c, v):
            s = plain(c, v, mark)
            if c['type'] in NUMBERS or c['type'] in ('day', 'instant'):
                return s
            return ("'" if s[:1] and s[0] in '=+-@\t\r\n＝＋－＠'
                    else '') + blanks(s)
        return cell

    def check_csv(self, ext, separator, encoding, mark):
        page = 'cp1251' if encoding == 'cp1251' else 'utf-8'
        with open(self.path + ext, newline='', encoding=encoding) as f:
            text = f.read()
        assert not text.endswith('\n\n') and '\0' not in text
        # Nothing but CRLF ends a line, for those who read it by lines.
        assert all('\n' not in x and '\r' not in x
                   for x in text.split('\r\n')), 'a line within a cell'
        lines = list(csv.reader(text.splitlines(True), delimiter=separator,
                                strict=True))
        first = lines.index([])
        last = len(lines) - 1 - lines[::-1].index([])
        about = {x[0]: x[1] for x in lines[1:first] + lines[last + 2:]}
        assert lines[first + 1] == self.titles(), 'titles'
        wanted = [[in_page(v, page) for v in r]
                  for r in self.cells(self.csv_cell(mark))]
        same(self.name + '.' + ext, lines[first + 2:last], wanted)
        same(ext, [lines[last + 1]],
             [self.total_cells(lambda c, v: plain(c, v, mark))])
        assert about['Отпечаток строк (SHA-256)'] == self.hash
        assert about['Строк'] == str(len(self.rows))
        lost = sum(v.count('?') for r in wanted for v in r) - sum(
            v.count('?') for r in self.cells(self.csv_cell(mark)) for v in r)
        assert about.get('Заменено знаков, которых нет в кодировке', '0') == str(lost), (about, lost)
        assert about['Запросил'] == "'=operator:анна;\"<&"

    def check_xml(self):
        root = ET.parse(self.path + 'xml').getroot()
        rows = [[v.text or '' for v in r] for r in root.find(NS + 'rows')]
        same(self.name + '.xml', rows, self.cells(machine))
        totals = root.find(NS + 'totals')
        assert totals.get('sha256') == self.hash
        assert totals.get('rows') == str(len(self.rows))
        assert [(t.get('column'), t.text) for t in totals] == [
            (c['name'], machine(c, v))
            for c, v in zip(self.columns, self.totals) if c['total']]
        # The hash, as xsd/report/1.xsd describes it.
        asked = root.find(NS + 'asked')
        lines = [[root.get('name'), asked.get('from'), asked.get('to')] +
                 [''] * 6, [c['name'] for c in self.columns]]
        lines += rows + [['total', totals.get('rows')] +
                         [t.text for t in totals]]
        text = ''.join('\t'.join(map(blanks, x)) + '\n' for x in lines)
        assert hashlib.sha256(text.encode()).hexdigest() == self.hash

    def xlsx_cell(self, c, v):
        if c['type'] == 'sum':
            return Decimal(v) / 100
        if c['type'] == 'number':
            return Decimal(v)
        if c['type'] == 'instant' and v:
            return moscow(v).replace(tzinfo=None)
        if c['type'] == 'day' and v:
            return datetime.datetime.fromisoformat(v)
        if c['type'] == 'word':
            return c['words'].get(v, v)
        return (v or '').replace('\r\n', '\n').replace('\r', '\n')

    def check_xlsx(self):
        book = openpyxl.load_workbook(self.path + 'xlsx')
        assert book.sheetnames[-1] == 'Сведения' and len(book.sheetnames) == 2
        rows = list(book.worksheets[0].iter_rows())
        assert [x.value for x in rows[2]] == self.titles()
        got = []
        for r in rows[3:]:
            assert not any(x.data_type in 'fe' for x in r), 'a formula'
            got.append([xlsx_value(x) for x in r])
        same(self.name + '.xlsx', got, self.cells(self.xlsx_cell) +
             [self.total_cells(self.xlsx_cell)])
        about = {r[0].value: r[1].value for r in book.worksheets[1].iter_rows()
                 if len(r) > 1}
        assert about['Отпечаток строк (SHA-256)'] == self.hash
        assert about['Строк'] == len(self.rows)

    def check_dbf(self):
        x = json.loads(subprocess.check_output(
            ['node', HERE + '/read-dbf.mjs', self.path + 'dbf']))
        assert x['page'] == 'ibm866'

        def cell(c, v):
            if c['type'] == 'day':
                return v.replace('-', '')
            if c['type'] in ('word', 'instant'):
                v = plain(c, v)
            else:
                v = machine(c, v)
            return in_page(blanks(v), 'cp866').strip()
        same(self.name + '.dbf',
             [[r[c['dbf']] for c in self.columns] for r in x['rows']],
             self.cells(cell))

    # Texts in the order in which they are drawn: a cell after the other.
    def check_pdf(self):
        text = subprocess.check_output(
            ['pdftotext', '-raw', self.path + 'pdf', '-']).decode()
        # What the fonts lack is drawn as a box with its number.
        text = drawn(text).replace('FF1D', '=').replace('01F600', '😀')
        at = 0
        for n, r in enumerate(self.cells(plain) + [self.total_cells(plain)]):
            row = drawn(''.join(
                v for c, v in zip(self.columns, r) if c['paper']))
            found = text.find(row, at)
            assert found >= 0, f'{self.name}.pdf, row {n}: {row!r} after ' \
                f'{text[at:at + 300]!r}'
            at = found + len(row)
        assert f'Строк:{len(self.rows)}' in text[at:]
        assert self.hash in text[at:]

    def check_shown(self, folder):
        sheets = glob.glob(f'{folder}/{self.name}-*.csv')
        assert len(sheets) == 2, sheets
        subprocess.check_output([
            HERE + '/same-cells.py', self.path + 'csv',
            *[x for x in sheets if not x.endswith('-Сведения.csv')]])


def main():
    names = [os.path.basename(x)[:-5]
             for x in sorted(glob.glob(sys.argv[1] + '/*.json'))]
    assert len(names) == 10, names
    for name in names:
        r = Report(sys.argv[1], name)
        r.check_csv('csv', ';', 'utf-8-sig', ',')
        r.check_csv('1251.csv', ',', 'cp1251', '.')
        r.check_xml()
        r.check_xlsx()
        r.check_dbf()
        r.check_pdf()
        if len(sys.argv) > 2:
            r.check_shown(sys.argv[2])
        print(f'ok {name}: {len(r.rows)} rows are the same in every format')


main()
