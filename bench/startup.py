"""How long the command line and the server take to answer, beside the floor of an empty Python."""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.serving import served

ROUNDS = 7


def seconds(*command: str) -> float:
    """Time a command, the median of several runs."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


async def main() -> None:
    """Print three figures."""
    floor = seconds(sys.executable, "-c", "pass")
    help_ = seconds(sys.executable, "-m", "bot", "--help")
    print(f"python -c pass   {floor:.2f} s  (floor)")
    print(f"mull --help      {help_:.2f} s  {help_ / floor:.0f} x floor  target <= 0.3 s")
    with tempfile.TemporaryDirectory(prefix="mull-bench-") as folder:
        url = f"sqlite:///{folder}/mull.db"
        for what in ("empty database", "again"):
            async with served(url, Path(folder)) as running:
                print(f"mull run, {what:14} ready after {running.seconds:.2f} s  target <= 2 s")


if __name__ == "__main__":
    asyncio.run(main())
