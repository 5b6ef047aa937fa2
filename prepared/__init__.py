"""Queries that Django writes once: for some of ours it takes longer to write the SQL than the database to answer."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Given(Value):
    """What is known when the query is asked. It is a parameter of its own in the SQL: None equals nothing."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def prepared(build: Callable[..., "QuerySet[Any, Any]"]) -> Callable[..., list[Any]]:
    """Of a function that makes a query from expressions, one that asks it with values, by the same names. The query
    is the same whatever they are: `build` is called once for these names, and may look at no value."""
    written: dict[tuple[str, ...], tuple[QuerySet[Any, Any], SQLCompiler, str, tuple[Any, ...]]] = {}

    def ask(**given: Any) -> list[Any]:
        names = tuple(given)
        if names not in written:
            rows = build(**{name: Given(name) for name in given})
            compiler = rows.query.get_compiler(rows.db)
            written[names] = rows, compiler, *compiler.as_sql()
        rows, compiler, sql, params = written[names]
        connection = connections[rows.db]

        def value(param: Any) -> Any:
            if not isinstance(param, Given):
                return param
            known = given[param.value]
            return connection.ops.adapt_datetimefield_value(known) if isinstance(known, datetime) else known

        again: Any = copy(compiler)
        again.connection = connection
        again.as_sql = lambda *_args, **_options: (sql, tuple(map(value, params)))
        asked: Any = rows.all()
        asked.query.get_compiler = lambda *_args, **_options: again
        return list(asked)

    return ask
