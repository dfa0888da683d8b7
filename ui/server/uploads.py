"""Uploads are counted as they arrive, and what no page names any more is given up."""

from collections.abc import Collection
from functools import cached_property
from typing import cast

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.server import messages
from ui.server.doors import inner_path
from ui.server.ledger import Ledger, TooMuchError

PROTOCOL_ERROR = 1002  # code of a websocket's end


class Uploads:
    """Middleware that refuses more files than `hpme.limits.UPLOAD_LIMITS` allows, with 413 and a sentence.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    @cached_property
    def _ledger(self) -> Ledger:
        """Made when the first file comes: with the limits comes PyTorch, which is for `preload` to import."""
        from hpme.limits import UPLOAD_LIMITS

        return Ledger(held, UPLOAD_LIMITS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers."""
        if scope["type"] == "websocket":
            await self.app(scope, self._following(receive, send), send)
            return
        parts = inner_path(scope).split("/") if scope.get("method") == "PUT" else []
        if parts[:2] == ["_stcore", "upload_file"] and len(parts) == 4:
            await self._take(scope, receive, send, *parts[2:])
        else:
            await self.app(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send, session: str, file: str) -> None:
        """Has Streamlit take a file, as long as there is room."""
        body, statuses = _Body(receive), list[int]()

        async def counted() -> Message:
            message = await body.receive()
            self._ledger.grow(upload, len(message.get("body", b"")))
            return message

        async def noted(message: Message) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])
            await send(message)

        try:
            upload = self._ledger.begin(session, scope["client"][0], file)
            try:
                await self.app(scope, counted, noted)
            finally:
                if gone := not runtime.get_instance().is_active_session(session):
                    _manager().remove_file(session, file)  # nobody else would, once the session has ended
                self._ledger.end(upload, statuses == [204] and not gone)
        except TooMuchError as error:
            await body.waste()
            await PlainTextResponse(str(error), 413)(scope, receive, send)

    def _following(self, receive: Receive, send: Send) -> Receive:
        """The messages of a page that are heard; one that is none ends it, without a word in the log.

        A file that a message has named and a later one does not is in no box of the page any more.
        """
        named = set[str]()

        async def follow() -> Message:
            while (message := await receive())["type"] == "websocket.receive":
                said = messages.parsed(message.get("bytes"))
                if said is None:
                    await send({"type": "websocket.close", "code": PROTOCOL_ERROR})
                    return {"type": "websocket.disconnect", "code": PROTOCOL_ERROR}
                if said.rerun_script.HasField("widget_states"):
                    self._give_up(named - (now := messages.files(said)))
                    named.clear()
                    named.update(now)
                if messages.is_heard(said):
                    break
            return message

        return follow

    def _give_up(self, files: Collection[str]) -> None:
        for session, file in self._ledger.sessions_of(files) if files else ():
            _manager().remove_file(session, file)


class _Body:
    """A file on its way."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._more = receive, True

    async def receive(self) -> Message:
        """Returns the next part."""
        message = await self._receive()
        self._more = message.get("more_body", False)
        return message

    async def waste(self) -> None:
        """Lets go the rest, unless it is very long: a browser that is still sending would miss the answer."""
        left = config.get_option("server.maxUploadSize") << 20
        while self._more and left > 0:
            left -= len((await self.receive()).get("body", b""))


def held(session: str, files: Collection[str]) -> list[str]:
    """Returns those of a session's files that Streamlit still holds."""
    return [
        record.file_id for record in runtime.get_instance().uploaded_file_mgr.get_files(session, [*files])
    ]


def let_go(files: Collection[str]) -> None:
    """Gives up files of the session whose script runs, though a box of its page still names them."""
    if (context := get_script_run_ctx()) and runtime.exists():
        for file in files:
            _manager().remove_file(context.session_id, file)


def _manager() -> MemoryUploadedFileManager:
    return cast("MemoryUploadedFileManager", runtime.get_instance().uploaded_file_mgr)
