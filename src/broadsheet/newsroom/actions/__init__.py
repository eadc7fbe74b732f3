"""What may be done to a story or a front, one verb a file.

Each verb holds the permission, the effect and the log, so that the newsroom's pages, commands
and later interfaces behave alike. Publishing, unpublishing, scheduling and locking are
Wagtail's own actions (``wagtail.actions``); only what they lack stands here.
"""
