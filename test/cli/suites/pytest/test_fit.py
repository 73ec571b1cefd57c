def test_postgres_answers(postgres):
    with postgres.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_redis_answers(redis):
    assert redis("PING") == "+PONG\r\n"
