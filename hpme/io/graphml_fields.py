"""What GraphML says of nodes, edges and graphs: keys, their types and defaults, and the drawings of yEd."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from hpme.io.record import Fields
from hpme.io.text import quote, shown, to_float
from hpme.io.xml_tree import children, local, tag
from hpme.limits import cap

LABELS = ("NodeLabel", "EdgeLabel")  # of yEd
OWN = {"id", "source", "target", "directed", "edgedefault"}  # attributes that the reader takes
PLURALS = {"node": "at nodes", "edge": "at edges", "graph": "of the graph", "graphml": "of the file"}


def _whole(text: str) -> int:
    return int(text) if text.lstrip("+-").isdigit() else _whole_float(to_float(text))


def _whole_float(value: float) -> int:
    if not value.is_integer():
        raise ValueError(value)
    return int(value)


KINDS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda text: {"true": True, "1": True, "false": False, "0": False}[text.lower()],
    **dict.fromkeys(("int", "integer", "long", "short", "byte"), _whole),
    **dict.fromkeys(("float", "double", "real", "decimal"), to_float),
}


class Key(NamedTuple):
    """What a piece of data means."""

    name: str
    kind: str = "string"
    default: Any = None


class Keys:
    """The keys of a file, and what of its data has no place in a graph."""

    def __init__(self, root: Element) -> None:
        """Reads the keys that stand in the root or in a graph.

        Raises:
            ValueError: If a default is not of its key's type.
        """
        self._lost: dict[str, None] = {}  # words for each
        self._keys: dict[tuple[str, str], Key] = {}
        self._of_id: dict[str, Key] = {}  # for data whose key is said to be for something else
        self._defaults: dict[str, Fields] = {}
        self._given = 0  # values that defaults gave to elements, in all graphs
        for parent in (root, *children(root, "graph")):
            for element in children(parent, "key"):
                self._add(element)

    def _add(self, element: Element) -> None:
        place, key_id = element.get("for", "all"), element.get("id", "")
        name = next((element.get(a) for a in ("attr.name", "yfiles.type") if element.get(a)), None) or key_id
        kind = element.get("attr.type", "string").lower().rpartition(":")[2]
        text = "".join(default.text or "" for default in children(element, "default"))
        key = Key(name, kind, value(name, kind, text))
        self._keys[place, key_id] = self._of_id[key_id] = key
        if key.default is not None:
            self._defaults.setdefault(place, {})[name] = key.default

    def fields(self, elements: Sequence[Element]) -> list[Fields]:
        """Returns the data of each of several elements of one name.

        Raises:
            ValueError: If a value is not of its key's type, or there are too many defaults.
        """
        place = tag(elements[0]) if elements else "graphml"
        everywhere = {} if place == "graphml" else self._defaults.get("all", {})
        defaults = everywhere | self._defaults.get(place, {})
        self._given += len(defaults) * len(elements)
        cap("values", self._given)
        rows = [self._fields(element) for element in elements]
        return (
            [row | {k: v for k, v in defaults.items() if k not in row} for row in rows] if defaults else rows
        )

    def _fields(self, element: Element) -> Fields:
        fields: Fields = {}
        place = tag(element)
        for name in element.attrib:
            if place != "graphml" and name not in OWN and not local(name).startswith("parse."):
                self.lose(f"{shown(local(name))} {PLURALS[place]} (an attribute)")
        for data in children(element, "data"):
            key_id = data.get("key", "")
            key = self._keys.get((place, key_id)) or self._keys.get(("all", key_id))
            key = key or self._of_id.get(key_id) or Key(key_id)
            if len(data):
                new = {"label": label} if (label := self._drawing(key, data, place)) else {}
            else:
                new = {key.name: value(key.name, key.kind, data.text or "")}
            for name, held in new.items():
                if fields.setdefault(name, held) != held:
                    self.lose(f"{shown(name)} {PLURALS[place]} (where it is given again, unlike)")
        return fields

    def _drawing(self, key: Key, data: Element, place: str) -> str:
        """Returns the first label in data that is XML, and notes the rest of it."""
        what = "drawing" if key.name.endswith("graphics") else "XML"
        labels = [text for part in data.iter() if tag(part) in LABELS and (text := (part.text or "").strip())]
        if len(labels) > 1:
            self.lose(f"further labels {PLURALS[place]}")
        if any(len(part) or part.attrib or (part.text or "").strip() for part in data):
            self.lose(f"{shown(key.name)} {PLURALS[place]} ({what})")
        return labels[0] if labels else ""

    def lose(self, words: str) -> None:
        """Notes what has no place in a graph, once."""
        self._lost[words] = None

    def take_lost(self) -> list[str]:
        """Returns what was noted since the last call."""
        lost, self._lost = [*self._lost], {}
        return lost


def value(name: str, kind: str, text: str) -> Any:
    """Returns a value of one of the types of GraphML; None for an empty one that is no text, and for NaN.

    Raises:
        ValueError: If the text is not of that type.
    """
    text = text.strip()
    if not text:
        return None
    try:
        held = KINDS.get(kind, str)(text)
        return held if held == held else None
    except (KeyError, ValueError, OverflowError):
        wanted = f"{quote(name, 40)} of type {quote(kind, 20)}"
        raise ValueError(f"Expected {wanted} (got {quote(text, 40)}); change it") from None
