"""A real `mull run` in a process of its own, as the benchmarks that need one start it."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

READY = "Mull is ready at "
SECRET = "only-for-the-benchmark-" * 3


@dataclass(frozen=True, slots=True)
class Served:
    """A running Mull: its address, process id, and how many seconds it took to be ready."""

    address: str
    pid: int
    seconds: float


@asynccontextmanager
async def served(url: str, folder: Path) -> AsyncIterator[Served]:
    """Start `mull run` on a database and wait until it says that it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "PORT": str(port), "DATA_DIR": str(folder)}
    environment = os.environ | {f"MULL_{name}": value for name, value in settings.items()}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), env=environment, cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            if line.decode().startswith(READY):
                break
        yield Served(line.decode().removeprefix(READY).strip(), process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        await process.wait()
