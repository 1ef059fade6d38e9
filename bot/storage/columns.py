"""Column types and clauses that mean the same on both databases."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Count whole microseconds since 1970; refuses a naive time, which could mean any zone."""
    if at.tzinfo is None:
        raise ValueError("a stored time needs a zone")
    since = at - EPOCH  # exact, where a float of seconds rounds
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC moment, kept as whole microseconds since 1970: the same number on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write the moment as a number."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Read the moment back as aware UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class TextList(TypeDecorator[Sequence[str]]):
    """Many strings in one parameter, so that a statement's text does not depend on how many there are."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use an array where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(sa.Text))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        """Write an array as it is, else as JSON."""
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class each_of(GenericFunction[str]):  # noqa: N801 - functions of SQL are written in lower case
    """The strings of a TextList parameter, as rows."""

    inherit_cache = True


@compiles(each_of, "sqlite")
def _json_each(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(each_of, "postgresql")
def _unnest(element: Any, compiler: Any, **options: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **options)})"


def rows_of(parameter: str) -> sa.TableValuedAlias:
    """Read a TextList parameter as a table `value` with one column of the same name, as both dialects allow."""
    return each_of(sa.bindparam(parameter, type_=TextList())).table_valued("value", name="value")


class is_among(GenericFunction[Any]):  # noqa: N801 - functions of SQL are written in lower case
    """Whether a column is one of the strings of a TextList parameter."""

    # A Boolean would be compiled as `… = 1` for SQLite, and no index serves that.
    type = sa.types.NULLTYPE
    inherit_cache = True


@compiles(is_among, "sqlite")
def _in_json(element: Any, compiler: Any, **options: Any) -> str:
    column, listed = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"


@compiles(is_among, "postgresql")
def _equals_any(element: Any, compiler: Any, **options: Any) -> str:
    # A subselect of unnest() would be planned as a join and may read the whole table.
    column, listed = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY({listed})"


def among(column: sa.ColumnElement[Any], parameter: str) -> sa.ColumnElement[bool]:
    """Keep rows whose column is one of the strings in a TextList parameter."""
    return is_among(column, sa.bindparam(parameter, type_=TextList()))


def text(name: str, *args: Any, **options: Any) -> "sa.Column[str]":
    """Make a column of words, which is never empty where nothing else is said."""
    return sa.Column(name, sa.Text, *args, **{"nullable": False, **options})


def moment(name: str, **options: Any) -> "sa.Column[Any]":
    """Make a column of a moment, which is never empty where nothing else is said."""
    return sa.Column(name, UTCDateTime, **{"nullable": False, **options})
