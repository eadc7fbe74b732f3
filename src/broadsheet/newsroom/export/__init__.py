"""Export: the whole paper as a folder of open formats, for another system or another home.

What enters is the paper's database and its pictures; what leaves is a folder with a manifest:
every story as ninjs with what ninjs has no place for beside it, pictures' own files, everything
around them as JSON; and, on demand, one file as WordPress writes it. It is private: drafts and
embargoed stories are in it. Refused is a folder that holds something else. ``restoring`` reads
it back.
"""
