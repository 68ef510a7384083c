"""A report on paper: HTML, a workbook, a PDF, CSV and JSON, all of the same figures."""
