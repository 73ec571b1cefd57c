"""A suite that is slow enough to break Redis in the middle of it. It needs the standard library and REDIS_URL."""

import os
import socket
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def ask():
    """Sends one command to Redis and returns the first line of its answer."""
    url = urlsplit(os.environ["REDIS_URL"])
    connection = socket.create_connection((url.hostname, url.port or 6379), timeout=5)
    file = connection.makefile("rwb")

    def send(*words):
        parts = [word.encode() for word in words]
        file.write(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(each), each) for each in parts))
        file.flush()
        answer = file.readline()
        if not answer:
            raise ConnectionResetError("Redis closed the connection")
        return answer.rstrip()

    try:
        if url.password:
            assert send("AUTH", url.username or "default", url.password) == b"+OK"
        yield send
    finally:
        connection.close()
