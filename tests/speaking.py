"""The words of a page as a screen reader says them: the accessibility tree of Chromium, in its order."""

from __future__ import annotations

from collections.abc import Iterator

_SAID = {
    "banner", "button", "checkbox", "combobox", "contentinfo", "DisclosureTriangle", "heading", "link",
    "main", "navigation", "option", "region", "search", "searchbox", "status", "table", "textbox", "Date",
    "columnheader", "rowheader", "cell", "article", "mark", "deletion", "insertion", "figure", "listbox",
    "image", "form", "alert",
}  # fmt: skip
"""Roles that are said before a name. Others are said by their text alone."""
_WHOLE = {
    "StaticText", "button", "checkbox", "combobox", "DisclosureTriangle", "link", "option", "textbox",
}  # fmt: skip
"""Roles whose name holds all that is inside of them."""


def spoken(browser) -> list[str]:
    """Return what is said, an element a line: its role, the level or the number of its items, and its
    name. Texts outside of links and headings are lines of their own."""
    tree = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return list(_lines({one["nodeId"]: one for one in tree}, tree[0]))


def _lines(nodes, node) -> Iterator[str]:
    role, held = _role(node), _held(nodes, node)
    line = "" if node.get("ignored") else _line(nodes, node)
    if line:
        yield line
    if line and role in _WHOLE:
        return
    for one in held:
        # The name of a heading has its texts.
        if role != "heading" or _role(one) != "StaticText":
            yield from _lines(nodes, one)


def _line(nodes, node) -> str:
    role, name = _role(node), " ".join(str(node.get("name", {}).get("value", "")).split())
    if role == "StaticText":
        return name
    if role == "list":
        count = sum(_role(one) == "listitem" for one in _shown(nodes, node))
        return f"list {count}: {name}".removesuffix(": ")
    properties = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    level = f" {properties['level']}" if role == "heading" else ""
    return f"{role}{level}: {name}".removesuffix(": ") if role in _SAID else ""


def _role(node) -> str:
    return node.get("role", {}).get("value", "")


def _held(nodes, node) -> list:
    return [nodes[one] for one in node.get("childIds", ()) if one in nodes]


def _shown(nodes, node) -> Iterator:
    """Yield the elements in one, and instead of those that are ignored what is in them."""
    for one in _held(nodes, node):
        if one.get("ignored"):
            yield from _shown(nodes, one)
        else:
            yield one
