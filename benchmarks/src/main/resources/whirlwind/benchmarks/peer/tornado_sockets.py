"""The WebSockets of the bench demo on Python's Tornado. The argument is the port."""
import sys

from tornado import ioloop, web, websocket


class Echo(websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message, binary=isinstance(message, bytes))


class Room(websocket.WebSocketHandler):
    members = set()

    def open(self):
        self.members.add(self)

    def on_close(self):
        self.members.discard(self)

    def on_message(self, message):
        for member in self.members:
            member.write_message(message)


app = web.Application([("/echo", Echo), ("/room", Room)], websocket_ping_interval=30)
app.listen(int(sys.argv[1]), "127.0.0.1", backlog=4096)
ioloop.IOLoop.current().start()
