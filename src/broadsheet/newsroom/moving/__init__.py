"""Moving house: what comes along with stories from elsewhere, other than their words.

Pictures, comments, standing pages, authors, topics, and the addresses all of it had. What
enters are records of the wire; what leaves are rows of the paper. Refused is what would take
the place of something the paper has already.
"""
