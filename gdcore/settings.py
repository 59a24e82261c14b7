"""The environment, read once into one frozen `Settings`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gdcore.errors import ConfigurationError

# In a database's address this stands for a name made of the data folder, so that several desks share a server.
_DESK = "{desk}"
SHIPPED_DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how many hands work. See `contract`: the variables begin with GDCORE_."""

    data: Path
    database_url: str
    profile: str
    workers: int

    @property
    def store(self) -> Path:
        """The folder of database and originals; made on first use."""
        return self.data / "store"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment (or a mapping, for tests). Raises ConfigurationError naming the variable."""
    env = os.environ if environ is None else environ
    data = Path(env.get("GDCORE_DATA") or SHIPPED_DATA).resolve()
    url = env.get("GDCORE_DATABASE_URL") or f"sqlite:///{data / 'store' / 'desk.db'}"
    try:
        workers = int(env.get("GDCORE_WORKERS") or os.cpu_count() or 1)
    except ValueError:
        raise ConfigurationError(f"环境变量 GDCORE_WORKERS 应为正整数，现为 {env['GDCORE_WORKERS']!r}。") from None
    return Settings(
        data=data,
        database_url=url.replace(_DESK, f"desk_{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"),
        profile=env.get("GDCORE_PROFILE") or "national",
        workers=max(1, workers),
    )


def shipped(settings: Settings, folder: str, name: str, ending: str = ".toml") -> Path | None:
    """A file of `profiles`, `scoring` or `templates`: the office's own wins over the shipped one; None if neither exists."""
    for root in (settings.data, SHIPPED_DATA):
        path = root / folder / f"{name}{ending}"
        if path.is_file():
            return path
    return None
