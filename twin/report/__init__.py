"""Report building blocks: typography, tables, figures, maps, workbooks, layers, documents.

Nothing here knows what is being reported: models compose these blocks. Heavy libraries
(matplotlib, xlsxwriter, pyogrio, jinja2) are imported by the module that needs them only.
"""
