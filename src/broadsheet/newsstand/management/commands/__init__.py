"""The commands that open, check and keep the paper."""
