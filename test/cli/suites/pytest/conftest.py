"""A suite as people write them: its fixtures talk to the environment under test."""

import os
import time
from urllib.parse import urlparse

import psycopg2
import pytest
import socket


@pytest.fixture
def postgres():
    connection = psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=3)
    yield connection
    connection.close()


@pytest.fixture
def redis():
    place = urlparse(os.environ["REDIS_URL"])
    connection = socket.create_connection((place.hostname, place.port), timeout=3)

    def ask(*words):
        connection.sendall(b"".join(b"%s\r\n" % word.encode() for word in (" ".join(words),)))
        return connection.recv(1024).decode()

    if place.password:
        ask("AUTH", place.username or "default", place.password)
    yield ask
    connection.close()


@pytest.fixture
def meanwhile():
    """Tells whoever watches that the test has begun, and waits until the environment was changed."""

    def wait(name):
        with open(os.path.join(os.environ["SIGNALS"], name), "w") as file:
            file.write("begun")
        end = time.monotonic() + 30
        while not os.path.exists(os.path.join(os.environ["SIGNALS"], name + ".done")):
            assert time.monotonic() < end, "nobody changed the environment"
            time.sleep(0.02)

    return wait
