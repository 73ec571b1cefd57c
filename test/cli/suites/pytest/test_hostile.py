import sys

import pytest

NAME = "::error::planted \x1b[31mred"


@pytest.mark.parametrize("value", [1], ids=[NAME])
def test_named(value):
    print("::error::printed")
    sys.stdout.write("\x1b[31mred\x1b[0m\n")
    assert value == 2, "::error title=x::from the message"
