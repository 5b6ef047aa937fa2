"""A reverse proxy as one's own would be, in a process of its own: `python -m tests.proxy PORT UPSTREAM_PORT`.

It adds the address that it sees to X-Forwarded-For, and says how the visitor came."""

import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LISTEN, UPSTREAM = (int(port) for port in sys.argv[1:3])


class Forward(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        seen = [self.headers["X-Forwarded-For"]] if "X-Forwarded-For" in self.headers else []
        headers["X-Forwarded-For"] = ", ".join([*seen, self.client_address[0]])
        headers.setdefault("X-Forwarded-Proto", "http")
        upstream = http.client.HTTPConnection("127.0.0.1", UPSTREAM)
        upstream.request(self.command, self.path, body, headers)
        answer = upstream.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        upstream.close()

    do_GET = do_POST = forward

    def log_message(self, *_):
        """Nothing."""


ThreadingHTTPServer(("127.0.0.1", LISTEN), Forward).serve_forever()
