"""The import of register files: read, checked, grouped into families, sealed, stored at once."""
