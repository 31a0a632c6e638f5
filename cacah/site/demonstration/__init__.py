"""What `cacah demo` is made of: its officers, what it tells, and the walks that check it."""
