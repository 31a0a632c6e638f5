"""The plain form: the same census without a script, page by page, rendered by the server."""
