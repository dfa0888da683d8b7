"""What a session holds is freed soon after its browser has left; Streamlit waits for others to leave."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ui import held

EARLY = 0.9  # of the time that Streamlit waits: afterwards it can no longer be told to close the session


class Leaving:
    """Middleware that has sessions closed whose browser does not soon come back.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._timers: dict[str, asyncio.TimerHandle] = {}  # of sessions whose browser has left, by name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; a websocket's first messages say which session it belongs to."""
        session = ""

        async def noted(message: Message) -> None:
            nonlocal session
            if not session and message.get("bytes"):
                session = ForwardMsg.FromString(message["bytes"]).new_session.initialize.session_id
            await send(message)

        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, noted)
        finally:
            self._wait_for(session)

    def _wait_for(self, session: str) -> None:
        """Gives a browser time to come back, from now on."""
        if earlier := self._timers.pop(session, None):
            earlier.cancel()
        seconds = EARLY * config.get_option("server.disconnectedSessionTTL")
        self._timers[session] = asyncio.get_running_loop().call_later(seconds, self._close, session)

    def _close(self, session: str) -> None:
        del self._timers[session]
        if runtime.exists() and not (server := runtime.get_instance()).is_active_session(session):
            server.close_session(session)
            held.end(session)
