"""The waiting room: places, the line of those who wait, and the pace at which it moves."""
