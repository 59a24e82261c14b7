"""The same work on a Dask cluster (extra `cluster`): whoever is free reads and judges, in watched processes of its own.

A worker that is lost has its files done again by another. Workers must have this program in the same version and, where originals
are in a folder, see them under the same path.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from gdcore import guard
from gdcore.errors import ClusterUnavailable, ConfigurationError

P = ParamSpec("P")
T = TypeVar("T")
_PATIENCE = 10  # seconds until a scheduler has to answer


class Cluster(Executor):
    """The workers of one Dask scheduler.

    Raises ClusterUnavailable where it cannot be reached, ConfigurationError where its address or its certificates cannot be
    used or the extra is missing. Its tasks are cancelled when it is lost.
    """

    def __init__(self, scheduler: str) -> None:
        try:
            from distributed import Client  # untyped, as all of it
        except ImportError:
            raise ConfigurationError(
                "没有安装 Dask。", "请安装 cluster 组件：pip install 'disclosure-desk[cluster]'"
            ) from None
        try:
            self._client: Any = Client(  # type: ignore[no-untyped-call]
                scheduler, timeout=_PATIENCE, set_as_default=False
            )
        except OSError as error:
            raise ClusterUnavailable(f"连接不上 Dask 调度器 {scheduler}：{error}。") from error
        except (ValueError, TypeError) as error:  # TypeError where a tls:// address finds no certificate
            raise ConfigurationError(
                f"Dask 调度器的地址 {scheduler} 不能使用：{error}。",
                "请检查 GDCORE_SCHEDULER 或 --scheduler，形如 tcp://主机:8786；tls:// 还需要证书。",
            ) from error
        self._executor: Any = self._client.get_executor(pure=False)  # type: ignore[no-untyped-call]

    @property
    def workers(self) -> int:
        """How many tasks are done at a time, as it is now; one while no worker has come yet. Raises ClusterUnavailable."""
        try:
            threads: dict[str, int] = self._client.nthreads()
        except OSError as error:
            raise ClusterUnavailable(f"与 Dask 调度器的连接已中断：{error}。") from error
        return max(1, sum(threads.values()))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of `fn` on these arguments, done in a watched process beside a worker."""
        future: Future[Any] = self._executor.submit(guard.run, fn, *args, **kwargs)
        return future

    def submit_near(self, process: int, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The same: numbers of processes say nothing across machines."""
        return self.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster, which goes on."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()
