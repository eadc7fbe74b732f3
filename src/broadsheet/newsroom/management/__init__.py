"""The newsroom's part of the ``broadsheet`` command."""
