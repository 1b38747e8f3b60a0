"""One policy, many robots: who is asked next, what is dropped, what is counted. Knows no wire.

A wire opens a `Session` per connection and gets a future per question; one thread computes, so
whoever reads from sockets never waits for the network. Each session has a policy of its own (the
weights are shared) and room for one question: a newer one replaces it. Sessions take turns.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TextIO

import numpy as np

from psizero.errors import PolicyError, PsiZeroError, WireError
from psizero.runtime.contract import Contract
from psizero.runtime.metrics import Metrics
from psizero.runtime.worker import Answer, Question, answer
from psizero.types import Policy

MOST_SESSIONS = 32
"""Connections at a time; more would only make everybody late."""


class OvertakenError(WireError):
    """A newer question of the same session came before this one was begun."""


class Log:
    """One line of JSON per event."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def __call__(self, event: str, **facts: object) -> None:
        """Write an event; without a stream nothing happens."""
        if self._stream is not None:
            line = json.dumps({"time": round(time.time(), 3), "event": event, **facts}, default=str)
            print(line, file=self._stream, flush=True)


class Session:
    """One robot's connection."""

    def __init__(self, server: "PolicyServer", policy: Policy, peer: str) -> None:
        self.server, self.peer = server, peer
        self.policy = policy
        self.waiting: tuple[Question, Future[Answer], float] | None = None
        self.forget = True

    def ask(self, question: Question) -> "Future[Answer]":
        """Queue a question; the future gets its answer, an error, or `OvertakenError`."""
        return self.server.submit(self, question)

    def reset(self) -> None:
        """A new episode or instruction: the open question is dropped, the policy forgets the past before the next."""
        self.server.reset(self)

    def close(self) -> None:
        """End the session."""
        self.server.close_session(self)


class PolicyServer:
    """Computes for all sessions in one thread."""

    def __init__(self, contract: Contract, open_policy: Callable[[], Policy], *, log: TextIO | None = None) -> None:
        """Take what to announce, and what makes a policy with a state of its own."""
        self.contract = contract
        self.metrics = Metrics()
        self.log = Log(log)
        self._open_policy = open_policy
        self._changed = threading.Condition()
        self._turns: deque[Session] = deque()
        self._sessions: set[Session] = set()
        self._computing = self._draining = self._closed = False
        self._thread = threading.Thread(target=self._work, name="psizero-server", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether new sessions are taken."""
        return self._thread.is_alive() and not self._draining

    def open(self, peer: str) -> Session:
        """Begin a session; a server that is full or ends refuses with a `WireError`."""
        with self._changed:
            self._check_room()
        policy = self._open_policy()  # may take long, and nobody else waits for it
        with self._changed:
            self._check_room()
            session = Session(self, policy, peer)
            self._sessions.add(session)
            self.metrics.count("sessions")
            self.metrics.show("open_sessions", len(self._sessions))
        self.log("open", peer=peer)
        return session

    def _check_room(self) -> None:
        """Refuse a session that there is no room for; called under the lock."""
        if self._draining:
            raise WireError("the server is shutting down; connect to another one")
        if len(self._sessions) >= MOST_SESSIONS:
            raise WireError(f"the server has {MOST_SESSIONS} connections, its most; try again later")

    def close_session(self, session: Session) -> None:
        """Forget a session and its open question."""
        with self._changed:
            known = session in self._sessions
            self._sessions.discard(session)
            self._drop(session, WireError("the session was closed"))
            self.metrics.show("open_sessions", len(self._sessions))
        if known:
            self.log("close", peer=session.peer)

    def reset(self, session: Session) -> None:
        """Drop what a session waits for, and let its policy forget before it is asked again."""
        with self._changed:
            self._drop(session, OvertakenError("a new episode has begun"))
            session.forget = True

    def submit(self, session: Session, question: Question) -> "Future[Answer]":
        """Queue a question of a session; see `Session.ask`."""
        future: Future[Answer] = Future()
        self.metrics.count("questions")
        with self._changed:
            if self._draining or session not in self._sessions:
                future.set_exception(WireError("the server is shutting down, or the session is closed"))
                return future
            if session.waiting is not None:
                self._drop(session, OvertakenError("a newer observation came before this one was looked at"))
            session.waiting = question, future, time.perf_counter()
            self._turns.append(session)
            self._changed.notify_all()
        return future

    def refused(self, peer: str, error: PsiZeroError) -> None:
        """Note a message that a wire could not take."""
        self.metrics.count("bad_frames")
        self.log("bad frame", peer=peer, error=str(error))

    def drain(self, seconds: float = 5.0) -> None:
        """Take nothing new, answer what is open, then end; called twice it does nothing more."""
        with self._changed:
            self._draining = True
            self._changed.wait_for(lambda: not self._turns and not self._computing, timeout=seconds)
            self._closed = True
            for session in list(self._sessions):
                self._drop(session, WireError("the server has ended"))
            self._changed.notify_all()
        self._thread.join(timeout=seconds)
        self.log("ended")

    def _drop(self, session: Session, error: WireError) -> None:
        """Answer an open question with an error; called under the lock."""
        if session.waiting is None:
            return
        _, future, _ = session.waiting
        session.waiting = None
        self._turns.remove(session)
        if isinstance(error, OvertakenError):
            self.metrics.count("overtaken")
        if future.set_running_or_notify_cancel():
            future.set_exception(error)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._computing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._turns or self._closed)
                if self._closed:
                    return
                session = self._turns.popleft()
                assert session.waiting is not None
                question, future, since = session.waiting
                session.waiting = None
                forget, session.forget = session.forget, False
                self._computing = True
            self.metrics.took("queue", time.perf_counter() - since)
            self._think(session, question, future, forget=forget)

    def _think(self, session: Session, question: Question, future: "Future[Answer]", *, forget: bool) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            if forget:
                session.policy.reset()
            given = answer(session.policy, question)
            if not np.isfinite(given.chunk.values).all():
                raise PolicyError("the policy gave numbers that are not finite; its weights or its input are damaged")
            self.metrics.took("inference", given.seconds)
            future.set_result(given)
        except Exception as error:
            # Whatever goes wrong in a policy is told to the robot that asked; the others are served on.
            self.metrics.count("errors")
            self.log("error", peer=session.peer, error=f"{type(error).__name__}: {error}")
            known = isinstance(error, PsiZeroError)
            future.set_exception(error if known else PolicyError(f"the policy failed: {type(error).__name__}: {error}"))
