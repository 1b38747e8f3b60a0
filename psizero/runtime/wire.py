"""What all wires share: where to listen, who may speak, what is asked, and the pages that tell how it goes."""

import hmac
import http
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from psizero.embodiment.layout import VectorLayout
from psizero.errors import ConfigError, WireError
from psizero.runtime.codec import numbers_of, picture_of
from psizero.runtime.contract import Contract
from psizero.runtime.server import PolicyServer
from psizero.runtime.worker import Question
from psizero.types import Lead, Observation, Steering

LONGEST_WORDS = 2000
"""Most letters of an instruction."""
PLAN = ("action_prefix", "delay", "steer")
"""Keys of a question about the plan under way."""
ECHOED = ("tick", "epoch", "time")
"""Keys of a question that come back with its answer."""
STANDING = {"torso_rpy": np.zeros(3, np.float32), "pelvis_height": np.array([0.75], np.float32)}
"""What was commanded before (rad, m), for robots that do not tell: what Psi0's real-time server begins with."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WireConfig:
    """Where a server listens, and to whom."""

    host: str = "127.0.0.1"
    """Address to listen on; any other than this computer's own needs a token."""
    port: int = 8000
    """Port; 0 takes a free one."""
    token: str | None = None
    """What clients must know: `Authorization: Api-Key TOKEN`."""
    tls: ssl.SSLContext | None = None
    """Certificate and key; without them everybody on the way can read along."""

    def __post_init__(self) -> None:
        if self.host not in LOOPBACK and not self.token:
            raise ConfigError(
                f"a server on {self.host} can be reached by others and needs a token; "
                "write one into a file and name it with --token-file, or listen on 127.0.0.1"
            )


def load_certificate(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return what a server proves itself with, from two PEM files; such as cannot be used are a `ConfigError`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"cannot use the certificate {certificate}: {error}") from error
    return context


def page(
    server: PolicyServer, config: WireConfig, path: str, authorization: str | None
) -> tuple[http.HTTPStatus, str] | None:
    """Return status and text for a page that all wires on HTTP have, or for who lacks the token; else None."""
    if path == "/healthz":
        if server.ready:
            return http.HTTPStatus.OK, "OK\n"
        return http.HTTPStatus.SERVICE_UNAVAILABLE, "shutting down\n"
    if config.token and not same_token(authorization or "", f"Api-Key {config.token}"):
        server.metrics.count("refused")
        return http.HTTPStatus.UNAUTHORIZED, "the token is missing or wrong\n"
    if path == "/metrics":
        return http.HTTPStatus.OK, server.metrics.text()
    return None


def same_token(given: str, token: str) -> bool:
    """Compare in a time that tells nothing about how much was right."""
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())


def question_of(message: Mapping[str, Any], server: PolicyServer) -> Question:
    """Return what a frame asks; whatever does not fit the contract is told by name."""
    contract = server.contract
    layout = contract.layout
    state = numbers_of(message.get("state"), "state", 1)
    pictures, words = message.get("images"), message.get("prompt")
    if not isinstance(pictures, dict) or not all(isinstance(name, str) for name in pictures):
        raise WireError(f"pictures must be a map from camera to picture; the policy looks through {layout.cameras}")
    if not isinstance(words, str) or len(words) > LONGEST_WORDS:
        raise WireError(f"the instruction must be words, at most {LONGEST_WORDS} letters")
    if missing := [camera for camera in layout.cameras if camera not in pictures]:
        raise WireError(f"the policy looks through {layout.cameras}, {missing[0]!r} is missing among the pictures")
    if len(state) != layout.state.size:
        raise WireError(f"'state' must have {layout.state.size} numbers ({layout.state.name}), got {len(state)}")
    promised, steering = _told(message, contract)
    return Question(
        observation=Observation(
            time=0.0,
            joint_positions=np.zeros(0),
            joint_velocities=np.zeros(0),
            world_from_pelvis=np.array([1.0, 0.0, 0.0, 0.0]),
            pelvis_angular_velocity=np.zeros(3),
            images={camera: picture_of(pictures[camera], camera) for camera in layout.cameras},
            state=state,
            instruction=words,
        ),
        promised=promised,
        steering=steering,
    )


def pictures_of(pictures: object, cameras: Sequence[str]) -> object:
    """Return pictures under the policy's names of its cameras.

    Robots do not agree what a camera is called: if the names differ, the pictures count in their order.
    """
    if not isinstance(pictures, dict) or set(cameras) <= pictures.keys():
        return pictures
    if len(pictures) != len(cameras):
        raise WireError(f"the policy looks through {tuple(cameras)}, pictures of {list(pictures)!r:.200} came")
    return dict(zip(cameras, pictures.values(), strict=True))


def state_of(fields: Mapping[str, object], layout: VectorLayout, previous: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the (S,) state whose fields came one by one; what was commanded may be missing and is `previous` then."""
    state = np.empty(layout.size, np.float32)
    for field in layout.fields:
        value = fields.get(field.name, previous.get(field.name))
        if not isinstance(value, np.ndarray) or value.size != field.size:
            what = f"shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
            raise WireError(f"'state' needs {field.name!r}, {field.size} numbers ({field.unit}), got {what}")
        state[layout.slice_of(field.name)] = numbers_of(value.reshape(-1), field.name, 1)
    return state


def _told(message: Mapping[str, Any], contract: Contract) -> tuple[np.ndarray, Steering | None]:
    """Return the (d, A) promised actions of a frame, none if it has none, or how a plan is to lead the policy."""
    how, rows = message.get("steer"), np.zeros((0, contract.layout.action.size), np.float32)
    if message.get("action_prefix") is not None:
        rows = numbers_of(message["action_prefix"], "action_prefix", 2)
    delay = message.get("delay", len(rows))
    if not isinstance(delay, int | np.integer) or not 0 <= delay <= len(rows):
        raise WireError(f"'delay' must be a number of rows of 'action_prefix', 0 to {len(rows)}")
    count, most = (delay, contract.max_promised) if how is None else (len(rows), contract.rows)
    if rows.shape[1] != contract.layout.action.size or count > most:
        raise WireError(
            f"'action_prefix' must be at most {most} rows of {contract.layout.action.size} numbers, "
            f"got {count} of {rows.shape}"
        )
    if how is None:
        return rows[: int(delay)], None
    if not contract.steers:
        raise WireError(f"the policy {contract.name} cannot be led by a plan ('steer'); leave it out, or serve another")
    if how not in get_args(Lead):
        raise WireError(f"'steer' must be one of {get_args(Lead)}, got {how!r:.40}")
    return rows[:0], Steering(plan=rows, promised=int(delay), how=how)
