"""The store: the only part that knows SQLModel and SQLAlchemy."""

from gdcore.store.engine import Store, open_store

__all__ = ["Store", "open_store"]
