def test_before(postgres):
    with postgres.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_while_it_breaks(postgres, meanwhile):
    meanwhile("breaking")
    with postgres.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_after(postgres):
    pass


def test_without_any():
    assert 1 + 1 == 2
