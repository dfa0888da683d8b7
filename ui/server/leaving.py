"""What a session holds is freed soon after its browser has left; Streamlit waits for others to leave."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

EARLY = 0.9  # of the time that Streamlit waits: afterwards it can no longer be told to close the session


class Leaving:
    """Middleware that has sessions closed whose browser does not soon come back.

    Args:
        app: The server's application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

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
            wait = EARLY * config.get_option("server.disconnectedSessionTTL")
            asyncio.get_running_loop().call_later(wait, _close, session)


def _close(session: str) -> None:
    if runtime.exists() and not (server := runtime.get_instance()).is_active_session(session):
        server.close_session(session)
