"""The only room that opens sealed submissions."""
