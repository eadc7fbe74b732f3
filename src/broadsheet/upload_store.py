"""Uploads in a store that the nodes share: pictures and documents as they came, for staff alone."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from broadsheet import object_stores
from broadsheet.object_stores import StoreDownError, UploadsDownError


@contextmanager
def _reached(name: str) -> Generator[None]:
    try:
        with object_stores.translated(name):
            yield
    except StoreDownError as error:
        raise UploadsDownError(f"the store of uploads: {error}") from error


class UploadStore(S3Storage):
    """The uploads of the paper in an S3-compatible store, named in it as they would be at home.

    Every method raises :class:`UploadsDownError` where the store does not answer.
    """

    def __init__(self, **options: Any) -> None:
        # Waits as short as those for pressed files; built late, for the settings are read by
        # commands that need no store.
        own = bool(options.get("endpoint_url"))
        super().__init__(
            **options, client_config=object_stores.client_settings(own_server=own, uploads=True)
        )

    def _open(self, name: str, mode: str = "rb") -> Any:
        if "w" in mode:
            return super()._open(name, mode)
        # Whole: what is read in parts later could break off in the middle of an answer.
        key = self._normalize_name(clean_name(name))
        with _reached(name):
            content = BytesIO()
            try:
                self.bucket.download_fileobj(key, content, Config=self.transfer_config)
            except self.connection.meta.client.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:  # noqa: PLR2004
                    raise FileNotFoundError(f"File does not exist: {name}") from error
                raise
        content.seek(0)
        return File(content, name)

    def _save(self, name: str, content: Any) -> Any:
        with _reached(name):
            return super()._save(name, content)

    def exists(self, name: str) -> bool:
        """Tell whether there is a file called ``name``."""
        with _reached(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Take the file away; does nothing where there is none."""
        with _reached(name):
            super().delete(name)

    def size(self, name: str) -> int:
        """Return how many bytes it has. Raises ``FileNotFoundError``."""
        with _reached(name):
            return int(super().size(name))

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the address in the newsroom: the store itself is open to nobody."""
        from django.conf import settings

        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
