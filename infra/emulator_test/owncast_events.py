"""Webhooks as Owncast 0.3.0 sends them."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass
class Viewer:
    """A viewer in chat."""

    name: str
    client: int
    moderator: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    former: list[str] = field(default_factory=list)

    def user(self) -> dict:
        user = {
            "id": self.id, "displayName": self.name, "displayColor": 3, "createdAt": "2026-01-01T00:00:00Z",
            "previousNames": [*self.former, self.name], "isBot": False, "authenticated": False,
        }  # fmt: skip
        return user | ({"scopes": ["MODERATOR"]} if self.moderator else {})


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def event(kind: str, **data) -> dict:
    status = {"online": True, "viewerCount": 1, "versionNumber": "0.3.0"}
    return {"type": kind, "eventData": {"id": secrets.token_hex(8), "timestamp": now(), "status": status} | data}


def chat(viewer: Viewer, text: str, event_id: str | None = None) -> dict:
    line = {"user": viewer.user(), "clientId": viewer.client, "body": f"<p>{text}</p>", "rawBody": text, "visible": True}
    return event("CHAT", **line, **({"id": event_id} if event_id else {}))


def joined(viewer: Viewer) -> dict:
    return event("USER_JOINED", user=viewer.user())


def renamed(viewer: Viewer, name: str) -> dict:
    """A rename. Owncast forwards the client's own event, without id and time."""
    viewer.former.append(viewer.name)
    viewer.name = name
    return event("NAME_CHANGE", user=viewer.user(), newName=name, id="", timestamp="0001-01-01T00:00:00Z")


def stream_started(title: str) -> dict:
    return event("STREAM_STARTED", name="Test", streamTitle=title, summary="")


def stream_stopped() -> dict:
    return event("STREAM_STOPPED", name="Test", streamTitle="", summary="")
