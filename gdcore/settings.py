"""The environment, read once into one frozen `Settings`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from gdcore.errors import ConfigurationError

# In a database's address this stands for a name made of the data folder, so that several desks share a server.
_DESK = "{desk}"
_NAMES = (
    "GDCORE_DATA", "GDCORE_DATABASE_URL", "GDCORE_PROFILE", "GDCORE_WORKERS", "GDCORE_MODE", "GDCORE_OPERATOR",
    "GDCORE_IDLE_SECONDS", "GDCORE_SESSION_SECONDS", "GDCORE_SCHEDULER", "GDCORE_ORIGINALS",
)  # fmt: skip
_KEPT = 16  # environments
SHIPPED_DATA = Path(__file__).resolve().parent.parent / "data"


class Mode(StrEnum):
    """Who may reach the desk: whoever sits before this machine, or people who sign in."""

    LOCAL = "local"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, how many hands work, and who may come in. See `contract`: the variables begin with GDCORE_.

    `operator` is the name of the one who works in local mode, "" where the environment says none. In office mode a
    sign-in ends after `idle` without a step and after `session` in any case. `scheduler` is the address of a Dask cluster
    that reads and judges, "" for `workers` processes of this machine. `originals` is the address of the place where files
    are kept as they came (`store.originals`), "" for a folder of the store.
    """

    data: Path
    database_url: str
    profile: str
    workers: int
    mode: Mode = Mode.LOCAL
    operator: str = ""
    idle: timedelta = timedelta(minutes=30)
    session: timedelta = timedelta(hours=8)
    scheduler: str = ""
    originals: str = ""

    @property
    def store(self) -> Path:
        """The folder of database and originals, where these are not elsewhere; made on first use."""
        return self.data / "store"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment (or a mapping, for tests). Raises ConfigurationError naming the variable."""
    env = os.environ if environ is None else environ
    given = {name: env[name] for name in _NAMES if name in env}
    relative = not Path(given.get("GDCORE_DATA") or SHIPPED_DATA).is_absolute()
    return _settings(tuple(given.items()), Path.cwd() if relative else None)


@lru_cache(maxsize=_KEPT)
def _settings(given: tuple[tuple[str, str], ...], _from: Path | None) -> Settings:
    """Read once for each environment: a page asks dozens of times, and to resolve a folder asks the disk."""
    env = dict(given)
    data = Path(env.get("GDCORE_DATA") or SHIPPED_DATA).resolve()
    url = env.get("GDCORE_DATABASE_URL") or f"sqlite:///{data / 'store' / 'desk.db'}"
    workers = _count(env, "GDCORE_WORKERS", os.cpu_count() or 1)
    return Settings(
        data=data,
        database_url=url.replace(_DESK, f"desk_{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"),
        profile=env.get("GDCORE_PROFILE") or "national",
        workers=max(1, workers),
        scheduler=(env.get("GDCORE_SCHEDULER") or "").strip(),
        originals=(env.get("GDCORE_ORIGINALS") or "").strip(),
        mode=_mode(env.get("GDCORE_MODE") or Mode.LOCAL),
        operator=(env.get("GDCORE_OPERATOR") or "").strip(),
        idle=_span(env, "GDCORE_IDLE_SECONDS", timedelta(minutes=30)),
        session=_span(env, "GDCORE_SESSION_SECONDS", timedelta(hours=8)),
    )


def _mode(word: str) -> Mode:
    try:
        return Mode(word)
    except ValueError:
        raise ConfigurationError(
            f"环境变量 GDCORE_MODE 应为 local（本机）或 office（办公室），现为 {word!r}。"
        ) from None


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name) or default)
    except ValueError:
        raise ConfigurationError(f"环境变量 {name} 应为正整数，现为 {env[name]!r}。") from None


def _span(env: Mapping[str, str], name: str, longest: timedelta) -> timedelta:
    """A number of seconds; an office may make it shorter than `longest`, not longer."""
    seconds = _count(env, name, int(longest.total_seconds()))
    if not 0 < seconds <= longest.total_seconds():
        raise ConfigurationError(
            f"环境变量 {name} 应为 1 至 {longest.total_seconds():.0f} 之间的秒数，现为 {seconds}。"
        )
    return timedelta(seconds=seconds)


def shipped(settings: Settings, folder: str, name: str, ending: str = ".toml") -> Path | None:
    """A file of `profiles`, `scoring` or `templates`: the office's own wins over the shipped one; None if neither exists."""
    for root in (settings.data, SHIPPED_DATA):
        path = root / folder / f"{name}{ending}"
        if path.is_file():
            return path
    return None
