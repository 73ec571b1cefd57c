"""A suite of two tests that needs the Redis of REDIS_URL and the standard library alone."""

import os
import socket
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def redis():
    url = urlsplit(os.environ["REDIS_URL"])
    with socket.create_connection((url.hostname, url.port or 6379), timeout=5) as connection:
        with connection.makefile("rwb") as file:
            if url.password:
                words = [url.username or "default", url.password]
                assert ask(file, "AUTH", *words) == b"+OK"
            yield file


def ask(file, *words):
    parts = [word.encode() for word in words]
    file.write(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
    file.flush()
    answer = file.readline()
    if not answer:
        raise ConnectionResetError("Redis closed the connection")
    return answer.rstrip()


def test_the_cache_answers(redis):
    assert ask(redis, "PING") == b"+PONG"


def test_what_is_written_can_be_read(redis):
    assert ask(redis, "SET", "greenlight:example", "1", "EX", "60") == b"+OK"
    assert ask(redis, "STRLEN", "greenlight:example") == b":1"
