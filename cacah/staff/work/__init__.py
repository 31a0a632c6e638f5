"""Work that runs behind the pages: how far it is, and ending it early."""
