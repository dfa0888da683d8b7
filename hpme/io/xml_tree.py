"""XML, read within the limits and without anything that it refers to."""

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from hpme import limits
from hpme.io.text import seen
from hpme.limits import cap


def parse_xml(content: bytes, what: str) -> Element:
    """Returns the root of a document whose root is named as its format is, in any case.

    Args:
        content: The file's bytes.
        what: The format, such as ``"GraphML"``.

    Raises:
        ValueError: If it is no such document, or one with a document type, too deep or too long.
    """
    cap("tags", content.count(b"<"))
    depth, root = 0, Element("none")
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            depth, root = depth + (1 if event == "start" else -1), element
            if depth > limits.LIMITS.depth:
                break
    except (SyntaxError, ValueError, LookupError) as error:
        words = " ".join(str(error).split())[:120]
        raise ValueError(f"Expected {what} (got XML that is refused: {words}); save it again") from None
    if depth:
        raise ValueError(
            f"Expected {what} of at most {limits.LIMITS.depth} levels (got <{seen(tag(root)[:40])}> below); "
            "save the graph without what is nested in it"
        )
    if tag(root).lower() != what.lower():
        raise ValueError(f"Expected {what} (got <{seen(tag(root)[:40])}> at the root); save it as {what}")
    return root


def children(element: Element, name: str) -> Iterator[Element]:
    """Yields the elements of a name directly in another."""
    return (child for child in element if tag(child) == name)


def tag(element: Element) -> str:
    """Returns an element's name without its namespace."""
    return local(str(element.tag))


def local(name: str) -> str:
    """Returns a name without its namespace."""
    return name.rpartition("}")[2]


def attribute(element: Element, key: str) -> str:
    """Returns an attribute.

    Raises:
        ValueError: If there is none.
    """
    value = element.get(key)
    if value is None:
        raise ValueError(f"Expected an attribute {key!r} at each {tag(element)} (got none); add it")
    return value
