"""`psizero serve`: a policy for robots that are somewhere else."""

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import tyro

from psizero.errors import ConfigError

if TYPE_CHECKING:
    from psizero.evaluate.rollout import ReadyPolicy
    from psizero.runtime.server import PolicyServer
    from psizero.runtime.wire import WireConfig

WireName = Literal["openpi", "act", "groot", "vla-eval"]
PORTS: dict[WireName, int] = {"openpi": 8000, "act": 22085, "groot": 5555, "vla-eval": 8000}
"""Where clients of each wire look for a server, if nobody tells them."""
UNKNOWN_SIZE = (240, 320)
"""Height and width of pictures for a policy that takes all sizes (pixels)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeConfig:
    """Serve a policy to robots on this computer or elsewhere."""

    policy: Path | None = None
    """Folder of the policy; the one in the package if left out."""

    wire: WireName = "openpi"
    """Whose clients are spoken to: openpi's and `psizero run`, the Psi0 reference's (HTTP), GR00T's (ZMQ), vla-eval."""

    host: str = "127.0.0.1"
    """Address to listen on; any other than this computer's own needs --token-file."""

    port: int | None = None
    """Port to listen on; 8000 for openpi and vla-eval, 22085 for act, 5555 for groot if left out."""

    token_file: Path | None = None
    """File with the word that clients must know."""

    tls_certificate: Path | None = None
    """PEM file of the certificate for wss://."""

    tls_key: Path | None = None
    """PEM file of its key."""

    def __post_init__(self) -> None:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ConfigError("TLS needs both --tls-certificate and --tls-key")


def serve(config: Annotated[ServeConfig, tyro.conf.arg(name="")]) -> None:
    """Serve a policy to robots over the network."""
    from psizero.cli.policies import policy_of
    from psizero.runtime.contract import Contract
    from psizero.runtime.server import PolicyServer
    from psizero.runtime.wire import WireConfig, load_certificate
    from psizero.types import SteeredPolicy

    tls = None
    if config.tls_certificate is not None and config.tls_key is not None:
        tls = load_certificate(config.tls_certificate, config.tls_key)
    wire = WireConfig(
        host=config.host,
        port=PORTS[config.wire] if config.port is None else config.port,
        token=read_token(config.token_file),
        tls=tls,
    )  # refused before the policy is loaded
    ready = policy_of(config.policy)()
    if ready.fork is None:
        raise ConfigError(f"the policy {ready.name} cannot be served; name a folder with --policy")
    contract = Contract(
        name=ready.name,
        layout=ready.layout,
        rows=ready.rows,
        max_promised=ready.max_promised,
        steers=isinstance(ready.policy, SteeredPolicy),
        picture_size=ready.picture_size,
    )
    _warm_up(ready)
    server = PolicyServer(contract, ready.fork, log=sys.stderr)
    try:
        asyncio.run(_run(server, wire, config.wire))
    except OSError as error:
        server.drain(seconds=0.0)
        raise ConfigError(
            f"cannot listen on {wire.host}:{wire.port}: {error.strerror or error}; try another --port"
        ) from error


def _warm_up(ready: "ReadyPolicy") -> None:
    """Ask once about nothing, since a first answer is slow: robots that wait for this server get theirs in time."""
    from psizero.runtime.worker import Question, answer
    from psizero.types import Observation

    layout = ready.layout
    picture = np.zeros((*(ready.picture_size or UNKNOWN_SIZE), 3), np.uint8)
    seen = Observation(
        time=0.0,
        joint_positions=np.zeros(0),
        joint_velocities=np.zeros(0),
        world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
        pelvis_angular_velocity=np.zeros(3),
        images=dict.fromkeys(layout.cameras, picture),
        state=np.zeros(layout.state.size, np.float32),
        instruction="warm up",
    )
    answer(ready.policy, Question(observation=seen, promised=np.zeros((0, layout.action.size), np.float32)))


async def _run(server: "PolicyServer", wire: "WireConfig", name: WireName) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with _speaking(server, wire, name) as listening:
        scheme = {"act": "http", "groot": "tcp"}.get(name, "ws") + ("s" if wire.tls else "")
        print(f"Serving {server.contract.name} on {scheme}://{wire.host}:{listening.port} (Ctrl-C ends it)", flush=True)
        await stop.wait()


def _speaking(server: "PolicyServer", wire: "WireConfig", name: WireName) -> Any:
    """Return the wire of a name, to be entered."""
    match name:
        case "openpi":
            from psizero.runtime.wire_openpi import OpenpiWire as Wire
        case "act":
            from psizero.runtime.wire_act import ActWire as Wire
        case "groot":
            from psizero.runtime.wire_groot import GrootWire as Wire
        case "vla-eval":
            from psizero.runtime.wire_vla_eval import VlaEvalWire as Wire
    return Wire(server, wire)


def read_token(path: Path | None) -> str | None:
    """Return the word in a file; a missing or empty file is a `ConfigError`."""
    if path is None:
        return None
    try:
        token = path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"cannot read the token in {path}: {error.strerror}") from error
    if not token:
        raise ConfigError(f"{path} holds no token; write one with: openssl rand -hex 32 > {path}")
    return token
