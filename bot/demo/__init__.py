"""A made-up school, to look around in."""
