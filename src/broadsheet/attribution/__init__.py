"""Attribution: which source stands behind which sentence. This room is still empty.

In will come a story's text; out will go relations of source, cue and content, as spans of
that text, suggested until an editor confirms them. It will refuse to show a guess as a fact.
"""
