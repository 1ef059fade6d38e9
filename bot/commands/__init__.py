"""What each command of `mull` does, one file a command."""
