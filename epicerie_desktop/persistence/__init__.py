"""The one door to the database: blocks to read and write, tables, keys, migrations, copies. Knows no service."""
