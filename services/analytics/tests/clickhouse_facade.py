"""ClickHouse's HTTP interface over chdb, in a process of its own: the real client against the real engine.

Run as ``python clickhouse_facade.py <folder>``; prints its port. Holds only what clickhouse-connect uses. Settings
in the query string are ignored: the store writes its own into the statements.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from chdb import _chdb

_INSERT = re.compile(rb"\s*(INSERT INTO .*?) FORMAT (\w+)\n", re.DOTALL)


class Engine:
    def __init__(self, folder: str) -> None:
        self._connection = _chdb.connect(folder)  # type: ignore[attr-defined]
        self._lock = threading.Lock()

    def answer(self, database: str, query: bytes, parameters: dict[str, str]) -> bytes:
        with self._lock:
            self._connection.query(f"USE {database}", "Null", params={})
            if insert := _INSERT.match(query):
                stream = self._connection.send_insert(insert.group(1).decode(), insert.group(2).decode())
                self._connection.insert_append(stream, query[insert.end() :])
                self._connection.insert_done(stream)
                return b""
            result = self._connection.query(query.decode(), "TabSeparated", params=parameters)
            return bytes(result.bytes() or b"")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    engine: Engine

    def do_GET(self) -> None:
        self._send(200, b"Ok.\n")

    def do_POST(self) -> None:
        fields = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/form-data"):
            message = BytesParser(policy=policy.HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
            for part in message.iter_parts():
                name = str(part.get_param("name", header="content-disposition"))
                value = part.get_payload(decode=True)
                assert isinstance(value, bytes)
                fields[name] = value.decode()
            body = b""
        query = fields.pop("query", "").encode() + body
        parameters = {name[6:]: value for name, value in fields.items() if name.startswith("param_")}
        try:
            answer = self.engine.answer(fields.get("database", "default"), query, parameters)
        except RuntimeError as error:
            found = re.search(r"Code: (\d+)", str(error))
            self._send(500, str(error).encode(), {"X-ClickHouse-Exception-Code": found.group(1) if found else "0"})
            return
        self._send(200, answer)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"X-ClickHouse-Summary": json.dumps({}), **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the parent's
        pass


if __name__ == "__main__":
    Handler.engine = Engine(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
