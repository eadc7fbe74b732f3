"""Management of the newsstand."""
