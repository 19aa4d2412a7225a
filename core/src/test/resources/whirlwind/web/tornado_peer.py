"""A real Tornado for tests to talk to: it signs and reads values, and guards forms by XSRF tokens.

Prints one line, the ports of two servers, whose tokens have version 1 and 2; ends when its
standard input does.
"""
import base64
import json
import sys

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web


class Question(tornado.web.RequestHandler):
    def check_xsrf_cookie(self):
        pass

    def prepare(self):
        self.question = json.loads(self.request.body)
        secrets = self.question["secrets"]
        self.secret = secrets["0"] if len(secrets) == 1 else {int(k): v for k, v in secrets.items()}

    def clock(self):
        return self.question["clock"]


class Sign(Question):
    def post(self):
        q = self.question
        self.write(tornado.web.create_signed_value(
            self.secret, q["name"], base64.b64decode(q["value"]), version=q["version"],
            clock=self.clock, key_version=q["keyVersion"]))


class Read(Question):
    def post(self):
        q = self.question
        value = tornado.web.decode_signed_value(
            self.secret, q["name"], q["signed"], clock=self.clock)
        self.write("absent" if value is None else "=" + base64.b64encode(value).decode())


class Form(tornado.web.RequestHandler):
    def get(self):
        self.write(self.xsrf_token)

    def post(self):
        self.write("done")


def serve(version):
    routes = [("/sign", Sign), ("/read", Read), ("/form", Form)]
    application = tornado.web.Application(
        routes, xsrf_cookies=True, xsrf_cookie_version=version)
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    tornado.httpserver.HTTPServer(application).add_sockets(sockets)
    return sockets[0].getsockname()[1]


loop = tornado.ioloop.IOLoop.current()
print(serve(1), serve(2), flush=True)
loop.add_handler(sys.stdin, lambda fd, events: loop.stop(), loop.READ)
loop.start()
