"""Papers: certificates, receipts and their like, made from plain values.

Pure: no Django here, no clock, no settings. The same data gives the same bytes, in any process.
A paper is a French act (its language is declared `fr-FR`), so its wording is not translated.

`arobase`, `french`, `palette`, `radar` and `workbook` need no heavy package and may be imported by a web process. The
others draw, seal or verify: they belong to the workers.
"""
