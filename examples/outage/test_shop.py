"""Four tests that fail, each by another's fault when Redis is killed while the third one sleeps."""

import socket
import time


def test_the_total_has_the_tax():
    assert round(19.99 * 1.2, 2) == 23.98


def test_a_mail_is_sent():
    socket.create_connection(("127.0.0.1", 1), timeout=1)


def test_a_cart_is_kept(ask):
    time.sleep(3)
    assert ask("SET", "cart:1", "apple") == b"+OK"


def test_the_price_is_shown():
    assert "23.98 €" == "23,98 €"
