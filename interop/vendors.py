"""Every provider, played: below `/<place>` it answers with the file of that cell, whatever it is asked, and remembers it.

It prints its port. `GET /sent?place=...` tells the requests that came for a place: path, headers and body.
"""

import json
import struct
import sys
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import fixtures

REPLIES = {cell.place: cell.reply() for cell in fixtures.cells()}
SENT = {}
LOCK = threading.Lock()


def framed(headers, payload):
    """One message of Amazon's event stream."""
    told = b"".join(
        struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", 7, len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", 16 + len(told) + len(payload), len(told))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + told + payload
    return message + struct.pack(">I", zlib.crc32(message))


def frames(text):
    for name, data in fixtures.events(text):
        kind = "exception" if fixtures.is_exception(text, name) else "event"
        headers = {":message-type": kind, f":{kind}-type": name, ":content-type": "application/json"}
        yield framed(headers, data.encode())


class Vendor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        place = parse_qs(urlparse(self.path).query).get("place", [""])[0]
        with LOCK:
            sent = list(SENT.get(place, []))
        self.answer(200, "application/json", json.dumps(sent).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _, place, path = self.path.split("/", 2)
        with LOCK:
            headers = {name.lower(): value for name, value in self.headers.items()}
            SENT.setdefault(place, []).append({"path": f"/{path}", "headers": headers, "body": json.loads(body)})
        reply = REPLIES.get(place)
        if reply is None:
            return self.answer(500, "application/json", b'{"error": "there is no such reply"}')
        status, kind, text = reply
        payload = b"".join(frames(text)) if kind == "frames" else text.encode()
        self.answer(status, fixtures.CONTENT_TYPES[kind], payload)

    def answer(self, status, content_type, payload):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(payload)))
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(payload)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Vendor)
    print(server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
