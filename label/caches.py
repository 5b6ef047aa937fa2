"""The cache when Redis may go: pages, limits and sign-in go on with the memory of each process meanwhile."""

import logging
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Seconds before Redis is asked again: a server that does not answer makes each question wait.
PAUSE = 5.0


class Client(RedisCacheClient):
    """Keeps what speaks to a server: Django makes it anew for each call, which takes as long as the answer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.clients: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        return self.clients.get(pool) or self.clients.setdefault(pool, self._client(connection_pool=pool))  # type: ignore[attr-defined]


class RedisOrMemory(BaseCache):
    """Each call goes to Redis, or to memory while Redis is away. One warning for an absence."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.redis = RedisCache(server, params)
        self.redis._class = Client  # type: ignore[attr-defined]
        self.memory = LocMemCache("while-redis-is-away", {})
        self.away_until = 0.0

    def _ask(self, verb: str, *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                answer = getattr(self.redis, verb)(*args, **options)
            except RedisError as error:
                if not self.away_until:
                    logger.warning("Redis is away, memory takes its place: %s", error)
                self.away_until = time.monotonic() + PAUSE
            else:
                self.away_until = 0.0
                return answer
        return getattr(self.memory, verb)(*args, **options)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("add", key, value, timeout=timeout, version=version))

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        return self._ask("get", key, default=default, version=version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask("set", key, value, timeout=timeout, version=version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("touch", key, timeout=timeout, version=version))

    def delete(self, key: str, version: Any = None) -> bool:
        return bool(self._ask("delete", key, version=version))

    def has_key(self, key: str, version: Any = None) -> bool:
        return bool(self._ask("has_key", key, version=version))

    def incr(self, key: str, delta: int = 1, version: Any = None) -> int:
        return int(self._ask("incr", key, delta=delta, version=version))

    def get_many(self, keys: Any, version: Any = None) -> dict[str, Any]:
        return dict(self._ask("get_many", list(keys), version=version))

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[str]:
        return list(self._ask("set_many", data, timeout=timeout, version=version))

    def delete_many(self, keys: Any, version: Any = None) -> None:
        self._ask("delete_many", list(keys), version=version)

    def clear(self) -> None:
        self._ask("clear")
