"""The schema's history, packaged: `upgrade` brings a database to `HEAD`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

HEAD = "0011"


def upgrade(connection: Connection) -> None:
    """Run what is missing, inside the connection's transaction."""
    # Imported late: opening a store that is up to date, which is the rule, does without Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
