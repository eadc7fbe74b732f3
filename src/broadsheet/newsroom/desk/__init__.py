"""The desk: the pages of the newsroom that Wagtail's admin shows, one subject a file."""
