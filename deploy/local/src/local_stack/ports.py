"""Finds and checks TCP ports on the loopback interface."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below the range from which the kernel takes ports for outgoing connections, so that a port found free here
# is not given away between the look and the bind.
_FREE_PORTS = range(20_000, 32_000)
_TRIES = 200


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port nobody listens on now. Two callers may get the same one: whoever binds second must try again."""
    choices = random.SystemRandom()
    for _ in range(_TRIES):
        port = choices.choice(_FREE_PORTS)
        if is_free(port):
            return port
    raise OSError(f"No free TCP port found in {_FREE_PORTS.start}-{_FREE_PORTS.stop - 1}.")
