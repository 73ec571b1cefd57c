import time


def test_an_item_is_added(ask):
    time.sleep(1)
    assert ask("SET", "cart:1", "apple") == b"+OK"


def test_a_cart_is_kept(ask):
    time.sleep(2)
    assert ask("GET", "cart:1") == b"$5"


def test_a_cart_is_emptied(ask):
    time.sleep(2)
    assert ask("DEL", "cart:1") == b":1"
