"""Demo: a sample newspaper from a coast that does not exist.

In come files: stories as Markdown with a TOML head, who stands behind what in them, a register
of sources, pictures, letters, a saved page. Out goes a home in which a small paper has been at
work for years. Everything is loaded once: what a user changes or writes in the demo stays. It
refuses a home that it did not make itself, so that no sample ever lands in a real paper.
"""
