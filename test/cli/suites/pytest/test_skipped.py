import pytest


@pytest.mark.skip(reason="not today")
def test_one():
    pass


@pytest.mark.skip(reason="not today either")
def test_two():
    pass
