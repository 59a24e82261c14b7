"""A person before the app without a browser: speaks the app's own protocol over a websocket, so that fifty fit on a machine."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from typing import Any, Self

import httpx
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE = 120  # seconds that a page may take
_TOKEN = "_streamlit_xsrf"


class Visitor:
    """One session at the server `address`.

    After a run, `widgets` are the page's by the key that the code gave them, `told` what notes and alerts say, `errors` those of
    them that are alerts or crashes.
    """

    def __init__(self, address: str) -> None:
        self.address, self.page, self.query = address, "", ""
        self.web = httpx.AsyncClient(base_url=address, timeout=PATIENCE)
        self.widgets: dict[str, Any] = {}
        self.told: list[str] = []
        self.errors: list[str] = []
        self._states: dict[str, WidgetState] = {}
        self._hash = self._session = ""
        self._numbers = itertools.count(1)

    async def __aenter__(self) -> Self:
        await self.web.get("/_stcore/health")
        stream = f"{self.address.replace('http', 'ws', 1)}/_stcore/stream"
        self.socket = await websockets.connect(stream, subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.socket.close()
        await self.web.aclose()

    async def open(self, page: str, query: str = "") -> None:
        """Go to a page by its address, as from a link."""
        self.page, self.query, self._hash, self._states = page, query, "", {}
        await self._run()

    async def press(self, key: str) -> None:
        """Press a button of the page."""
        await self._run(WidgetState(id=self.widgets[key].id, trigger_value=True))

    async def upload(self, key: str, files: Iterable[tuple[str, bytes]]) -> None:
        """Choose files in an uploader."""
        given = list(files)
        asked = BackMsg()
        asked.file_urls_request.request_id = str(next(self._numbers))
        asked.file_urls_request.file_names.extend(name for name, _ in given)
        asked.file_urls_request.session_id = self._session
        await self.socket.send(asked.SerializeToString())
        answer = await self._awaited("file_urls_response")
        state = WidgetState(id=self.widgets[key].id)
        for (name, data), place in zip(given, answer.file_urls, strict=True):
            token = self.web.cookies.get(_TOKEN) or ""
            put = await self.web.put(place.upload_url, files={"file": (name, data)}, headers={"X-Xsrftoken": token})
            put.raise_for_status()
            state.file_uploader_state_value.uploaded_file_info.add(
                name=name, size=len(data), file_id=place.file_id, file_urls=place
            )
        self._states[state.id] = state
        await self._run()

    async def download(self, key: str) -> bytes:
        """What a download button gives."""
        return await self.fetch(await self.ask(key))

    async def ask(self, key: str) -> str:
        """Press a download button; the address at which its file then lies."""
        asked = BackMsg()
        request = asked.backend_operation_request
        request.request_id, request.session_id = str(next(self._numbers)), self._session
        request.deferred_file.file_id = self.widgets[key].deferred_file_id
        await self.socket.send(asked.SerializeToString())
        answer = await self._awaited("backend_operation_response")
        if answer.error_msg:
            raise RuntimeError(answer.error_msg)
        return str(answer.deferred_file.url)

    async def fetch(self, url: str) -> bytes:
        """The file at an address of the app."""
        found = await self.web.get(url)
        found.raise_for_status()
        return found.content

    async def _run(self, *pressed: WidgetState) -> None:
        message = BackMsg()
        run = message.rerun_script
        run.page_name, run.query_string, run.page_script_hash = self.page, self.query, self._hash
        run.widget_states.widgets.extend([*self._states.values(), *pressed])
        await self.socket.send(message.SerializeToString())
        self.widgets, self.told, self.errors = {}, [], []
        finished = await self._awaited("script_finished")
        while finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            finished = await self._awaited("script_finished")

    async def _awaited(self, kind: str) -> Any:
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            found = message.WhichOneof("type")
            if found == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._see(message.delta.new_element)
            elif found == "new_session":
                self._session = message.new_session.initialize.session_id
                self.widgets = {}
            elif found == "navigation":
                self._hash = message.navigation.page_script_hash
            elif found == "page_info_changed":
                self.query = message.page_info_changed.query_string
            if found == kind:
                return getattr(message, kind)

    def _see(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        shown = getattr(element, kind)
        name = getattr(shown, "id", "")
        if name.startswith("$$ID-"):
            self.widgets[name.split("-", 2)[2]] = shown
        if kind in ("toast", "alert"):
            self.told.append(shown.body)
        if kind == "exception" or (kind == "alert" and shown.format == shown.ERROR):
            self.errors.append(getattr(shown, "body", "") or shown.message)
