"""Calls of a running explorer that no browser makes, and what the explorer itself calls."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
}
LISTEN = """
import os, sys
def hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["HEARD"], "a") as file:
            print(event, *arguments, file=file)
sys.addaudithook(hear)
open(os.environ["HEARD"], "a").close()
"""


def call(address, path="/", method="GET", body=None, **headers):
    """Status and text of an answer; dashes in the names of headers are underscores."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=30)) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def knock(address, **headers):
    """Status of the answer to a websocket's first call: 101 where it is let in."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=30)) as connection:
        connection.request("GET", "/_stcore/stream", headers=HANDSHAKE | headers)
        return connection.getresponse().status


def listening(folder):
    """Variables with which a Python process writes all its calls on the network to the file "heard" there."""
    (folder / "sitecustomize.py").write_text(LISTEN)
    return {"PYTHONPATH": str(folder), "HEARD": str(folder / "heard")}
