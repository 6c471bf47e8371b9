"""The only files that know a database: SQLite and PostgreSQL behind one face."""
