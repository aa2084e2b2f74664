"""The database: tables, sessions, idempotent writes, queries, migrations."""
