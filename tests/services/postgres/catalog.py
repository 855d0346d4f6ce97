"""What a server's catalogs say of roles, databases and rights, in a form that can be compared."""

from __future__ import annotations

from tests.services.postgres.server import Row, Server

_SHARED = {
    "roles": "SELECT to_jsonb(r) - 'oid' FROM pg_authid r WHERE rolname !~ '^pg_' ORDER BY rolname",
    "members": "SELECT roleid::regrole::text, member::regrole::text, grantor::regrole::text, "
    "to_jsonb(m) - 'oid' - 'roleid' - 'member' - 'grantor' FROM pg_auth_members m ORDER BY 1, 2, 3",
    "databases": "SELECT datname, datdba::regrole::text, datacl::text, datconnlimit, encoding "
    "FROM pg_database ORDER BY datname",
    "settings": "SELECT setdatabase, setrole::regrole::text, setconfig FROM pg_db_role_setting "
    "ORDER BY 1, 2",
}
_INSIDE = {
    "schemas": "SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace "
    "WHERE nspname !~ '^pg_(toast|temp)' ORDER BY nspname",
    "extensions": "SELECT extname, extowner::regrole::text, extversion FROM pg_extension "
    "ORDER BY extname",
    "defaults": "SELECT defaclrole::regrole::text, defaclnamespace::regnamespace::text, "
    "defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1, 2, 3",
    "relations": "SELECT relname, relowner::regrole::text, relacl::text FROM pg_class "
    "WHERE relnamespace = 'public'::regnamespace ORDER BY relname",
}

Snapshot = dict[str, list[Row]]


def snapshot(server: Server, databases: tuple[str, ...]) -> Snapshot:
    """Return all that the set-up may touch: roles with their secrets, rights, inside and out."""
    shared = {name: server.ask(query) for name, query in _SHARED.items()}
    inside = {
        f"{database}.{name}": server.ask(query, database)
        for database in databases
        for name, query in _INSIDE.items()
    }
    return {**shared, **inside}
