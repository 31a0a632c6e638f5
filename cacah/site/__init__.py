"""Settings, URLs and server entry: the only place that knows every room."""
