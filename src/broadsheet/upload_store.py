"""Uploads in a store that the nodes share: pictures and documents as they came, for staff alone."""

from __future__ import annotations

from typing import Any

from storages.backends.s3 import S3Storage

from broadsheet import object_stores


class UploadStore(S3Storage):
    """The uploads of the paper in an S3-compatible store, named in it as they would be at home."""

    def __init__(self, **options: Any) -> None:
        # Waits as short as those for pressed files; built late, for the settings are read by
        # commands that need no store.
        own = bool(options.get("endpoint_url"))
        super().__init__(**options, client_config=object_stores.client_settings(own_server=own))

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address in the newsroom: the store itself is open to nobody."""
        from django.conf import settings
        from django.utils.encoding import filepath_to_uri

        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
