"""Stories: what a story is.

In come headlines, bodies and the records around them; out go stories with a permanent News
ID, their sections, topics, photos, fronts and the paper's own particulars. It refuses a
second story under a News ID, a number handed out twice, and publication before an embargo.
Every room may lean on this one; it leans only on ``accounts``.
"""
