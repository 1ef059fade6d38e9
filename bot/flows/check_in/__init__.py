"""The check-ins: the weekly look at one's own thinking, a piece of work before, during and after, a task that fits."""
