"""Case lists: reading what an authority hands in, one case for each child, and taking it into history.

Files become sheets of plain rows (`workbook`, `plain`), rows become what is known of a child (`reading`, with `lists`,
`headings` and `cells`), several rows one case (`merging`), and the cases a closed list (`taking`), from which samples
are drawn (`frame`).
"""
