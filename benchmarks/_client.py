"""A session on a running explorer without a browser, over Streamlit's own protocol on a websocket."""

from io import BytesIO
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, FormData, WSMsgType
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState


class Session:
    """A browser tab: the elements of its page by place, and the values of its widgets.

    Args:
        address: Where the explorer listens, such as ``http://127.0.0.1:8501``.
        headers: What the browser sends with each request.
        name: The name of an earlier session to come back to.
    """

    def __init__(self, address: str, headers: dict[str, str] | None = None, name: str = "") -> None:
        self.address, self._headers, self._earlier = address, headers, name
        self.elements: dict[tuple[int, ...], Element] = {}
        self._states: dict[str, WidgetState] = {}
        self._query, self._session, self._page_hash = "", "", ""

    async def __aenter__(self) -> Self:
        """Connects."""
        jar = CookieJar(unsafe=True)  # from an address in digits
        self._http = ClientSession(cookie_jar=jar, headers=self._headers)
        stream = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket: ClientWebSocketResponse = await self._http.ws_connect(
            stream, protocols=("streamlit", "", self._earlier), max_msg_size=0
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves, as a closed tab does."""
        await self._socket.close()
        await self._http.close()

    async def open(self, page: str = "", **query: str | list[str]) -> None:
        """Opens a page, the first one by default, and waits until its script has ended.

        Args:
            page: The path of its address.
            **query: Parameters of the address; several values of one as a list.
        """
        self._query, self._states = urlencode(query, doseq=True), {}
        message = self._message()
        message.rerun_script.page_script_hash = ""
        message.rerun_script.page_name = page
        await self._run(message)

    async def set(self, key: str, value: str | float | list[float]) -> None:
        """Gives a widget a value, by the key of the widget, and waits for the rerun."""
        state = self._state(key)
        if isinstance(value, str):
            state.string_value = value
        elif isinstance(value, list):
            state.double_array_value.data[:] = value
        else:
            state.double_value = value
        await self._run(self._message())

    async def say(self, said: WidgetState) -> None:
        """Says once what may be no value of a widget, and waits for the rerun."""
        message = self._message()
        others = [state for state in message.rerun_script.widget_states.widgets if state.id != said.id]
        del message.rerun_script.widget_states.widgets[:]
        message.rerun_script.widget_states.widgets.extend([*others, said])
        message.rerun_script.page_script_hash = self._page_hash
        await self._run(message)

    async def click(self, key: str) -> None:
        """Clicks a button, by its key, and waits for the rerun."""
        self._state(key).trigger_value = True
        message = self._message()
        del self._states[self.widget(key)]
        await self._run(message)

    async def upload(self, key: str, name: str, content: bytes) -> None:
        """Uploads a file, by the key of the uploader, and waits for the rerun."""
        urls = await self.put(name, content)
        info = self._state(key).file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(content), urls.file_id
        info.file_urls.CopyFrom(urls)
        await self._run(self._message())

    async def put(self, name: str, content: bytes) -> FileURLs:
        """Brings a file for no widget; returns where it is.

        Raises:
            RuntimeError: If it is not taken.
        """
        urls = await self._file_urls(name)
        form = FormData()
        form.add_field("file", BytesIO(content), filename=name)
        async with self._http.put(
            self.address + urls.upload_url, data=form, headers=await self._xsrf()
        ) as answer:
            if answer.status >= 300:
                words = f"{answer.status}: {await answer.text()}"
                raise RuntimeError(f"Expected the upload to be accepted (got status {words})")
        return urls

    def widget(self, key: str) -> str:
        """Returns Streamlit's id of the widget with a key.

        Raises:
            KeyError: If the page has none.
        """
        for element in self.elements.values():
            widget = getattr(element, element.WhichOneof("type") or "", None)
            name = getattr(widget, "id", "")
            if isinstance(name, str) and name.endswith(f"-{key}"):
                return name
        raise KeyError(f"Expected a widget {key!r} on the page (got none)")

    @property
    def name(self) -> str:
        """Returns the name that the explorer has given the session."""
        return self._session

    @property
    def heading(self) -> str:
        """Returns the first heading of the page."""
        headings = (e.heading.body for e in self.elements.values() if e.WhichOneof("type") == "heading")
        return next(headings, "")

    @property
    def texts(self) -> list[str]:
        """Returns all Markdown of the page, in no particular order."""
        return [e.markdown.body for e in self.elements.values() if e.WhichOneof("type") == "markdown"]

    @property
    def plain(self) -> list[str]:
        """Returns all plain text of the page, in no particular order."""
        return [e.text.body for e in self.elements.values() if e.WhichOneof("type") == "text"]

    @property
    def errors(self) -> list[str]:
        """Returns the errors that the page shows."""
        kinds = [(e, e.WhichOneof("type")) for e in self.elements.values()]
        crashes = [element.exception.message for element, kind in kinds if kind == "exception"]
        return crashes + [e.alert.body for e, kind in kinds if kind == "alert" and e.alert.format == 1]

    def _state(self, key: str) -> WidgetState:
        name = self.widget(key)
        return self._states.setdefault(name, WidgetState(id=name))

    def _message(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_script_hash = self._page_hash if self._states else ""
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        return message

    async def _run(self, message: BackMsg) -> None:
        """Sends a message and receives elements until the script has ended."""
        await self._socket.send_bytes(message.SerializeToString())
        fresh: dict[tuple[int, ...], Element] = {}
        while True:
            news = await self._receive()
            kind: Any = news.WhichOneof("type")
            if kind == "new_session":
                self._session, self._page_hash = (
                    news.new_session.initialize.session_id,
                    news.new_session.page_script_hash,
                )
            elif kind == "navigation":
                self._page_hash = news.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._query = news.page_info_changed.query_string
            elif kind == "delta" and news.delta.WhichOneof("type") == "new_element":
                fresh[tuple(news.metadata.delta_path)] = news.delta.new_element
            elif kind == "script_finished":
                if news.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self.elements = fresh
                    self._follow()
                    return
                fresh = {}

    def _follow(self) -> None:
        """Adopts numbers that the script has set, and forgets widgets that are gone, like a browser."""
        widgets = {
            getattr(getattr(e, e.WhichOneof("type") or "", None), "id", "") for e in self.elements.values()
        }
        self._states = {name: state for name, state in self._states.items() if name in widgets}
        for element in self.elements.values():
            number = element.number_input
            if element.WhichOneof("type") == "number_input" and number.set_value:
                self._states.setdefault(number.id, WidgetState(id=number.id)).double_value = number.value

    async def _receive(self) -> ForwardMsg:
        received = await self._socket.receive(timeout=120)
        if received.type is not WSMsgType.BINARY:
            raise RuntimeError(
                f"Expected news from the explorer (got {received.type.name}); it may have ended"
            )
        return ForwardMsg.FromString(received.data)

    async def _file_urls(self, name: str) -> FileURLs:
        """Asks for the address to upload a file to."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid4().hex
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self._session
        await self._socket.send_bytes(message.SerializeToString())
        while True:
            news = await self._receive()
            if news.WhichOneof("type") == "file_urls_response":
                return news.file_urls_response.file_urls[0]

    async def _xsrf(self) -> dict[str, str]:
        """Returns the header that shows that an upload comes from the explorer's own page."""
        async with self._http.get(self.address + "/_stcore/health"):
            cookies = {c.key: c.value for c in self._http.cookie_jar}
        return {"X-Xsrftoken": cookies["_streamlit_xsrf"]} if "_streamlit_xsrf" in cookies else {}
