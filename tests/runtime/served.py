"""A real server on a loopback socket, in a thread of its own, with a toy policy."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

from psizero.runtime.contract import Contract
from psizero.runtime.server import PolicyServer
from psizero.runtime.wire import WireConfig
from psizero.runtime.wire_openpi import OpenpiWire
from psizero.types import Policy
from tests.runtime.toy_robot import LAYOUT, RampPolicy

CONTRACT = Contract(name="ramp", layout=LAYOUT, rows=30, max_promised=7)
FRAMES = int(os.environ.get("PSIZERO_FUZZ_FRAMES", "3000"))
"""Damaged messages that are read in one run, per wire."""


@contextmanager
def serving(
    make: Callable[[], Policy] = RampPolicy,
    *,
    wire: Callable[[PolicyServer, WireConfig], AbstractAsyncContextManager[Any]] = OpenpiWire,
    contract: Contract = CONTRACT,
    port: int = 0,
    **config: Any,
) -> Iterator[Any]:
    """Serve until the block ends; gives the wire."""
    up, ends = threading.Event(), threading.Event()
    wires: list[Any] = []

    async def run() -> None:
        async with wire(PolicyServer(contract, make), WireConfig(port=port, **config)) as listening:
            wires.append(listening)
            up.set()
            await asyncio.to_thread(ends.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert up.wait(10)
    try:
        yield wires[0]
    finally:
        ends.set()
        thread.join(20)
        assert not thread.is_alive()
