"""An OpenID Connect provider on this machine: code flow with PKCE, tokens signed by a key of its own, userinfo plain or
as a signed JWT. `person` is who signs in there."""

import base64
import hashlib
import json
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "arobase", "a secret of the client"


class Provider:
    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person = {"sub": "42", "email": "agnes@aubaine.example", "email_verified": True}
        self.person |= {"given_name": "Agnès", "usual_name": "Martin"}
        self.signed = True
        # What a test spoils: claims written over those of the identity token, or of userinfo; another key to sign with.
        self.id_claims, self.info_claims, self.info_key = {}, {}, self.key
        self.asked = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                    return
                if parts.path == "/userinfo":
                    assert self.headers["Authorization"] == "Bearer an-access-token"
                    self.say(*provider.userinfo())
                    return
                documents = {"/.well-known/openid-configuration": provider.configuration, "/jwks": provider.keys}
                self.say("application/json", json.dumps(documents[parts.path]()))

            def do_POST(self):
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.say("application/json", json.dumps(provider.token({name: row[0] for name, row in sent.items()})))

            def say(self, kind, text):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        return Handler

    def configuration(self):
        pages = ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("userinfo_endpoint", "userinfo")
        found = {name: f"{self.issuer}/{page}" for name, page in (*pages, ("jwks_uri", "jwks"))}
        return {"issuer": self.issuer, **found}

    def keys(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, query):
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        self.asked = query
        return f"{query['redirect_uri']}?{urlencode({'code': 'a-code', 'state': query['state']})}"

    def token(self, sent):
        assert (sent["client_id"], sent["client_secret"], sent["code"]) == (CLIENT, SECRET, "a-code")
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.asked["code_challenge"]
        claims = {"sub": self.person["sub"], "nonce": self.asked.get("nonce"), **self.id_claims}
        return {"access_token": "an-access-token", "token_type": "Bearer", "id_token": self.sign(claims, self.key)}

    def userinfo(self):
        told = {**self.person, **self.info_claims}
        return (
            ("application/jwt", self.sign(told, self.info_key))
            if self.signed
            else ("application/json", json.dumps(told))
        )

    def sign(self, claims, key):
        whole = {"iss": self.issuer, "aud": CLIENT, "iat": time.time(), "exp": time.time() + 60, **claims}
        return jwt.encode(whole, key, algorithm="RS256", headers={"kid": "1"})


@contextmanager
def running():
    provider = Provider()
    thread = Thread(target=provider.server.serve_forever)
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
    thread.join()
