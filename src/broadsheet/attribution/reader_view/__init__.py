"""What readers see of attributions: the sources under a story, its marked claims, source pages.

In come stories as they are published; out go parts of their pages and pages of their own, which
the press presses. What no editor stands behind is hidden, or marked as unreviewed where the paper
wants it shown; what the published text does not say is not shown at all.
"""
