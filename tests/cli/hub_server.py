"""A Hugging Face of one repository, in this process: lists files and gives them, whole or from a byte on."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

COMMIT = "a" * 40


class Hub(ThreadingHTTPServer):
    """Serves `files` of `repository`, and notes what was asked for."""

    daemon_threads = True

    def __init__(self, repository: str, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.repository = repository
        self.files = files
        self.asked: list[tuple[str, str | None]] = []
        """Path and range of each download."""
        self.gives: list[int] = []
        """Bytes after which the next downloads break off; those after them are whole."""
        self.changed: dict[str, bytes] = {}
        """Files that are given with other bytes than the list tells."""
        self.tokens: set[str | None] = set()
        """Who asked, as the requests told it."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def hub(repository: str, files: dict[str, bytes]) -> Iterator[Hub]:
    with Hub(repository, files) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class _Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.split("?")[0]
        self.server.tokens.add(self.headers.get("Authorization"))
        if self.server.repository not in path:
            self._send(404, b'{"error": "Repository not found"}', {"X-Error-Code": "RepoNotFound"}, with_body=with_body)
        elif "/tree/" in path:
            listed = [_entry(name, content) for name, content in self.server.files.items()]
            self._send(200, json.dumps(listed).encode(), {"Content-Type": "application/json"}, with_body=with_body)
        elif path.startswith("/api/"):
            about = {"id": self.server.repository, "sha": COMMIT, "siblings": [], "private": False, "tags": []}
            self._send(200, json.dumps(about).encode(), {"Content-Type": "application/json"}, with_body=with_body)
        else:
            self._send_file(path.split(f"/resolve/{COMMIT}/")[1], with_body=with_body)

    def _send_file(self, name: str, *, with_body: bool) -> None:
        content = self.server.changed.get(name, self.server.files[name])
        wanted = self.headers.get("Range")
        if with_body:
            self.server.asked.append((name, wanted))
        start = int(re.findall(r"\d+", wanted)[0]) if wanted else 0
        headers = {"ETag": f'"{hashlib.sha1(content).hexdigest()}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._send(206 if wanted else 200, content[start:], headers, with_body=with_body)

    def _send(self, status: int, body: bytes, headers: dict[str, str], *, with_body: bool) -> None:
        self.send_response(status)
        for key, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(key, value)
        self.end_headers()
        if with_body:
            breaks = self.server.gives.pop(0) if "ETag" in headers and self.server.gives else len(body)
            self.wfile.write(body[:breaks])


def _entry(name: str, content: bytes) -> dict:
    """A line of the list of files; only large ones come with a SHA-256."""
    entry = {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
    if len(content) > 1000:
        digest = hashlib.sha256(content).hexdigest()
        entry["lfs"] = {"oid": digest, "size": len(content), "pointerSize": 134}
    return entry
