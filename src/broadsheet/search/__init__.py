"""Search: the archive's index and its query page.

In come published stories, in the transaction that publishes them; out go News IDs in order
with the words that matched. It refuses to find what readers may not see.
"""
