"""Static files under names that carry a digest, also where an office's script imports another."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

_, IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Files of a served site; an import is led to the hashed name, too.

    Not in the form, whose modules import each other in circles: it is joined into two scripts.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((f"{room}/*.js", IMPORTS) for room in ("staff", "outreach", "institutions")),
    )
