"""Tornado's curl client in the place of the class Gets: tornado_gets.py URL IN_FLIGHT."""

import sys

from tornado.curl_httpclient import CurlAsyncHTTPClient
from tornado.ioloop import IOLoop

url, in_flight = sys.argv[1], int(sys.argv[2])
limit = in_flight
succeeded = failed = 0


async def get(client, number):
    global succeeded, failed
    while number < limit:
        response = await client.fetch(url, raise_error=False)
        if response.code == 200 and len(response.body) == 13:
            succeeded += 1
        else:
            failed += 1


def command(stdin, events):
    """A line has come: no more requests than it says, from now on."""
    global limit
    line = stdin.readline()
    if not line:
        loop.stop()
        return
    limit = int(line)
    print(succeeded, failed, flush=True)


loop = IOLoop.current()
loop.add_handler(sys.stdin, command, IOLoop.READ)


async def start():
    client = CurlAsyncHTTPClient(max_clients=in_flight)
    for i in range(in_flight):
        loop.spawn_callback(get, client, i)


loop.add_callback(start)
loop.start()
