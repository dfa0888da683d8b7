"""What a page may say on its websocket: to others, Streamlit would clear the caches of all at one word."""

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

HEARD = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
OPERATIONS = {"deferred_file", "dataframe_chunk"}  # what pages show bit by bit, and files made on demand
MOST_FILES = 1_000  # in one message
LONG = 200  # for the name of a part of a page


def parsed(data: bytes | None) -> BackMsg | None:
    """Returns a message of a page; None if it is none."""
    try:
        return None if data is None else BackMsg.FromString(data)
    except DecodeError:
        return None


def is_heard(said: BackMsg) -> bool:
    """Returns whether a message is one that our pages send, and asks for no more than they do."""
    kind = said.WhichOneof("type")
    if kind == "backend_operation_request":
        return said.backend_operation_request.WhichOneof("payload") in OPERATIONS
    if kind == "file_urls_request":
        return len(said.file_urls_request.file_names) <= MOST_FILES
    part = said.rerun_script.fragment_id  # stands in the log where there is none of that name
    return kind in HEARD and len(part) < LONG and part.isprintable()


def files(said: BackMsg) -> set[str]:
    """Returns the ids of the files that the boxes of a page hold."""
    states = said.rerun_script.widget_states.widgets
    return {info.file_id for state in states for info in state.file_uploader_state_value.uploaded_file_info}
