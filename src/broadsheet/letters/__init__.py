"""Letters: what readers write under a story.

In come comments from people nobody knows, behind a security key and a proof of work; out go
approved ones, which make the press print their story again. It refuses wrong keys, floods
and markup, and holds everything else for a moderator with the reason why.
"""
