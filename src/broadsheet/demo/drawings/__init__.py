"""The sample paper's illustrations, drawn by code.

``python -m broadsheet.demo.drawings`` draws every picture again into ``demo/pictures``. The
results are shipped, so that a demo starts quickly; the same NumPy and Pillow give the same
pictures again, since every random number comes from a fixed seed.
"""
