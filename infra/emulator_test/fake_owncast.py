"""The part of Owncast's integrations API that the functions call, and a record of what they sent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WHISPER = "/api/integrations/chat/system/client/"
# The moderator's view of a viewer, which is the only call that shows whose a connection is.
SOMEBODY = "/api/integrations/moderation/chat/user/"


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Ignores errors, because a function that is killed breaks its connections."""


class FakeOwncast:
    def __init__(self, token: str):
        self.token = token
        # Lines for everybody; lines for one connection, with its number.
        self.said: list[str] = []
        self.whispered: list[tuple[int, str]] = []
        self.watching: list[dict] = []
        # Who is connected to the chat, by id: their user and the numbers of their connections.
        self.connected: dict[str, tuple[dict, list[int]]] = {}
        # The status, and the newest messages of the chat.
        self.online = False
        self.changed: str | None = None
        self.history: list[dict] = []
        # Responds with 502 to every request, like a proxy in front of an Owncast that is down.
        self.down = False
        fake = self

        class Handler(BaseHTTPRequestHandler):
            # Connections are kept alive, as by Owncast.
            protocol_version = "HTTP/1.1"

            def reply(self, status, value):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def reply_about(self, identifier):
                if identifier not in fake.connected:
                    # The body is empty: a 404 with a body would mean that the call does not exist.
                    self.send_response(404)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                user, numbers = fake.connected[identifier]
                clients = [{"connectedAt": "2026-01-01T00:00:00Z", "userAgent": "Mozilla/5.0", "geo": "", "id": number,
                            "messageCount": 1} for number in numbers]  # fmt: skip
                self.reply(200, {"user": user, "connectedClients": clients, "messages": []})

            def refused(self):
                if fake.down:
                    self.reply(502, {})
                elif self.headers.get("Authorization") != f"Bearer {token}":
                    self.reply(401, {"error": "unauthorized"})
                else:
                    return False
                return True

            def do_GET(self):
                # The emoji are public.
                if self.path == "/api/emoji" and not fake.down:
                    self.reply(200, [])
                    return
                if self.refused():
                    return
                if self.path == "/api/integrations/clients":
                    self.reply(200, [{"connectedAt": "2026-01-01T00:00:00Z", "user": user} for user in fake.watching])
                elif self.path == "/api/integrations/status":
                    self.reply(200, fake.status())
                elif self.path == "/api/integrations/chat":
                    self.reply(200, fake.history)
                elif self.path.startswith(SOMEBODY):
                    self.reply_about(self.path[len(SOMEBODY):])
                else:
                    self.reply(404, {"error": "not found"})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.refused():
                    return
                if self.path == "/api/integrations/chat/send":
                    fake.said.append(json.loads(body)["body"])
                elif self.path.startswith(WHISPER):
                    fake.whispered.append((int(self.path[len(WHISPER):]), json.loads(body)["body"]))
                else:
                    self.reply(404, {"error": "not found"})
                    return
                self.reply(200, {"success": True, "message": "sent"})

            def log_message(self, *_):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def streams(self, online: bool, since: str) -> None:
        """Makes the stream live or offline. The caller sends the webhook."""
        self.online, self.changed = online, since

    def status(self) -> dict:
        return {
            "online": self.online, "streamTitle": "Test", "viewerCount": len(self.watching), "versionNumber": "0.3.0",
            "lastConnectTime": self.changed if self.online else None,
            "lastDisconnectTime": None if self.online else self.changed,
        }  # fmt: skip
