"""Redis goes and comes back under the cache: nobody is refused, and it is said once."""

import pytest
from django.core.cache import caches as django_caches

from label import caches
from label.caches import RedisOrMemory

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def cache():
    return RedisOrMemory(AWAY, {"OPTIONS": {"socket_connect_timeout": 1}})


def test_memory_takes_the_place_of_redis(cache):
    cache.set("key", "value", 60)

    assert cache.get("key") == "value"
    assert cache.add("key", "other") is False
    assert cache.has_key("key")
    assert cache.get_many(["key", "none"]) == {"key": "value"}
    cache.delete("key")
    assert cache.get("key", "nothing") == "nothing"


def test_each_cache_of_the_service_has_memory_to_fall_back_on():
    assert {type(each) for each in django_caches.all(initialized_only=False)} == {RedisOrMemory}


def test_what_speaks_to_redis_is_made_once(cache):
    client = cache.redis._cache

    assert client.get_client() is client.get_client()


def test_limits_count_meanwhile(cache):
    cache.set("tries", 1, 60)

    assert [cache.incr("tries") for _time in range(3)] == [2, 3, 4]


def test_absence_is_said_once(cache, caplog, monkeypatch):
    monkeypatch.setattr(caches, "PAUSE", 0.0)
    for number in range(3):
        cache.set(f"key{number}", 1)

    assert caplog.text.count("Redis is away") == 1


def test_redis_that_is_back_is_used_again(cache, monkeypatch):
    monkeypatch.setattr(caches, "PAUSE", 0.0)
    cache.set("key", "in memory")
    monkeypatch.setattr(cache, "redis", _Back())

    assert cache.get("key") == "in Redis"
    assert cache.away_until == 0.0


class _Back:
    def get(self, key, default=None, version=None):
        return "in Redis"
