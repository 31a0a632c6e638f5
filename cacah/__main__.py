"""Lets `python -m cacah` stand in for the `cacah` command."""

from cacah.site.command import main

main()
