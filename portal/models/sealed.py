"""Columns that stand encrypted: the attribute reads and writes the plain value, the database sees only the sealed one.

Each value is bound to its table, column and row, so the row is named first: its name is set before the value is.
"""

import json
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from portal.db import ring

T = TypeVar("T")


class Sealed(Generic[T]):
    """A value of JSON's kinds behind a column of bytes; None stands as NULL. What it returns is a copy."""

    rows_at_once: ClassVar[int] = 500
    """How many are sealed anew in one transaction."""
    everywhere: ClassVar[list["Sealed[Any]"]] = []
    """All of them, for whoever seals everything anew."""

    def __init__(self, column: str, *named_by: str) -> None:
        """Name the column of bytes, and the attributes that name a row for good."""
        self.column, self.named_by = column, named_by
        self.everywhere.append(self)

    def __set_name__(self, owner: type[Any], _name: str) -> None:
        """Learn the table."""
        self.owner: type[Any] = owner
        self.table: str = owner.__tablename__

    @overload
    def __get__(self, row: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type[Any]) -> T: ...
    def __get__(self, row: object | None, owner: type[Any]) -> Any:
        """Return the plain value; raise Tampered when it was changed or moved here from another row."""
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else self.read(ring().open(sealed, place=self._place(row)))

    def __set__(self, row: object, value: T) -> None:
        """Seal a value; it does not see later changes of a list or a dict."""
        sealed = None if value is None else ring().seal(self.write(value), place=self._place(row))
        setattr(row, self.column, sealed)

    def write(self, value: T) -> bytes:
        """Return a value as it is sealed."""
        return write(value)

    def read(self, plain: bytes) -> T:
        """Return the value that `write` wrote."""
        value: T = json.loads(plain)
        return value

    def place(self, *named: object) -> str:
        """Return what a value of a row with these names is bound to."""
        return f"{self.table}.{self.column}:{':'.join(str(name) for name in named)}"

    def _place(self, row: object) -> str:
        named = [getattr(row, name) for name in self.named_by]
        if None in named:
            raise ValueError(f"a row of {self.table} is sealed before it is named by {self.named_by}")
        return self.place(*named)


class SealedBytes(Sealed[bytes]):
    """Bytes behind a column of bytes, as they are: whole pieces of files, so only a few are taken at once."""

    rows_at_once = 20

    def write(self, value: bytes) -> bytes:
        """Return them as they are."""
        return value

    def read(self, plain: bytes) -> bytes:
        """Return them as they are."""
        return plain


def write(value: object) -> bytes:
    """Return a value as it is sealed: JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
