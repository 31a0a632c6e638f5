"""Receives a roster file into one that has no name, so that none of it outlives the server."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessFileHandler(FileUploadHandler):
    """Django's own temporary file keeps its name: a server that is ended leaves it on the disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file; it is gone with whoever holds it open."""
        super().new_file(*args, **kwargs)
        self.file = TemporaryFile()  # noqa: SIM115 (closed with the request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return what has come."""
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
