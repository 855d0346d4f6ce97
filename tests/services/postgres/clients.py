"""Many clients of a pooler, each of which holds a transaction until it is told to end it."""

from __future__ import annotations

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from psycopg import pq

from tests.services.postgres.pooler import Pooler


@dataclass(slots=True)
class Client:
    """A client's connection; `server` is the process of the server that its transaction is in."""

    connection: pq.abc.PGconn
    database: str
    server: int = 0
    served: bool = False
    errors: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Ask for a transaction; the answer comes when there is a server connection for it."""
        self.connection.send_query(b"BEGIN; SELECT pg_backend_pid()")

    def end(self) -> None:
        """Commit what is held."""
        self.connection.exec_(b"COMMIT")
        self.server = 0

    def read(self) -> None:
        """Take what has come of the answer."""
        self.connection.consume_input()
        while not self.connection.is_busy():
            result = self.connection.get_result()
            if result is None:
                return
            if result.status == pq.ExecStatus.TUPLES_OK:
                value = result.get_value(0, 0)
                assert value is not None
                self.server, self.served = int(value), True
            elif result.status == pq.ExecStatus.FATAL_ERROR:
                self.errors.append(result.error_message.decode())


@contextmanager
def clients(pooler: Pooler, logins: Sequence[tuple[str, str]]) -> Iterator[list[Client]]:
    """Give connected clients, one for each (role, database)."""
    made: list[Client] = []
    try:
        for role, database in logins:
            made.append(Client(pooler.raw(role, database), database))
        yield made
    finally:
        for one in made:
            one.connection.finish()


def wait(all_of_them: Sequence[Client], seconds: float) -> list[Client]:
    """Return the clients whose transactions have begun, after reading what came within seconds."""
    waiting = {one.connection.socket: one for one in all_of_them if not one.served}
    poll = select.poll()
    for socket in waiting:
        poll.register(socket, select.POLLIN)
    for socket, _ in poll.poll(seconds * 1000):
        waiting[socket].read()
    return [one for one in all_of_them if one.server]
