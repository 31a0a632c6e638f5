"""What several tests of the site begin with."""

from cacah.outreach.tests.laptops import on_the_laptop, path, quick, session  # noqa: F401
