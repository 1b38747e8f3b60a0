import os
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace

import pytest

from psizero.cli import policies, serve
from psizero.cli.main import main
from tests.evaluate.still_policy import MakeStillPolicy, StillPolicy


@pytest.mark.parametrize(("wire", "scheme"), [("openpi", "ws"), ("act", "http"), ("vla-eval", "ws")])
def test_the_packaged_policy_is_served_until_it_is_told_to_end(wire, scheme):
    code = [sys.executable, "-m", "psizero", "serve", "--port", "0", "--wire", wire]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(code, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert f"Serving tiny (shipped) on {scheme}://127.0.0.1:" in line
        port = int(line.rsplit(":", 1)[1].split()[0])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.read() == b"OK\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert '"event": "ended"' in process.stderr.read()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--host", "0.0.0.0"], "needs a token"),
        (["--tls-key", "key.pem"], "both --tls-certificate and --tls-key"),
        (["--token-file", "nowhere.txt"], "cannot read the token in nowhere.txt"),
    ],
)
def test_an_unsafe_or_incomplete_setting_is_refused_before_anything_is_loaded(arguments, told):
    with pytest.raises(SystemExit) as stopped:
        main(["serve", *arguments])
    assert told in str(stopped.value.code)


def test_a_port_that_is_taken_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit) as stopped:
        main(["serve", "--wire", "act", "--port", str(taken.getsockname()[1])])
    assert "cannot listen on 127.0.0.1:" in str(stopped.value.code)
    assert "try another --port" in str(stopped.value.code)


class CountingPolicy(StillPolicy):
    """Tells how often it was asked."""

    asked = 0

    def act(self, observation, promised):
        type(self).asked += 1
        return super().act(observation, promised)


def test_a_policy_has_answered_before_robots_may_connect(monkeypatch):
    ready = replace(MakeStillPolicy()(), policy=CountingPolicy(), fork=CountingPolicy)
    asked_before = []

    async def run(server, wire, name):
        asked_before.append(CountingPolicy.asked)
        server.drain()

    monkeypatch.setattr(policies, "policy_of", lambda folder: lambda: ready)
    monkeypatch.setattr(serve, "_run", run)
    main(["serve"])
    assert asked_before == [1]


def test_a_policy_that_is_not_there_is_told_in_one_line():
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--task", "pick_bottle", "--policy", "ws://127.0.0.1:9", "--no-viewer"])
    assert "cannot reach a policy at ws://127.0.0.1:9" in str(stopped.value.code)
