"""A real server on a loopback socket, in a thread of its own, with a toy policy."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from psizero.runtime.contract import Contract
from psizero.runtime.server import PolicyServer
from psizero.runtime.wire_openpi import OpenpiWire, WireConfig
from psizero.types import Policy
from tests.runtime.toy_robot import LAYOUT, RampPolicy

CONTRACT = Contract(name="ramp", layout=LAYOUT, rows=30, max_promised=7)


@contextmanager
def serving(make: type[Policy] = RampPolicy, *, port: int = 0, token: str | None = None) -> Iterator[OpenpiWire]:
    """Serve until the block ends."""
    up, ends = threading.Event(), threading.Event()
    wires: list[OpenpiWire] = []

    async def run() -> None:
        async with OpenpiWire(PolicyServer(CONTRACT, make), WireConfig(port=port, token=token)) as wire:
            wires.append(wire)
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
