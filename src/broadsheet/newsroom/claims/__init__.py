"""Claims: where the desk decides who stands behind which words of a story.

In come a story's newest text, what was suggested for it and what editors decided; out go the
verbs of ``attribution.actions``. It refuses words that do not stand in the text, and never guesses
which of several is meant. Every action is a form of its own; the page's script only sends the
same forms without leaving the page.
"""
