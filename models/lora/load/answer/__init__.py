"""The answer to the load question: numbers, figures, maps, tables, page."""
