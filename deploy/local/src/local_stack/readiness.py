"""Asks a program of ours over HTTP whether it is ready. Small on purpose: it runs many times during a start."""

import http.client

from local_stack import ports

_TIMEOUT_S = 1.0
_OK = 200


def answers_ok(port: int, path: str) -> bool:
    """True where a GET on the loopback port answers 200 within a second."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == _OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
