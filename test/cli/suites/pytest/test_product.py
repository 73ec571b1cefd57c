def test_wrong(postgres):
    with postgres.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (2,)
