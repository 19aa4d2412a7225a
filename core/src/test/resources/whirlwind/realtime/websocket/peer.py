"""The package websockets as a peer: client URL PARAMETERS... | server PARAMETERS..., each a JSON object
with parameters of permessage-deflate (RFC 7692 section 7.1)."""
import asyncio
import json
import sys

import websockets
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)


def words(length, seed):
    text = []
    while len(text) < length:
        text.append(chr(97 + (seed >> 16) % 26))
        seed = (seed * 1103515245 + 12345) % 2147483648
    return "".join(text)


MESSAGES = ["", "x", "again " * 1000, words(50000, 1), words(50000, 1), "gr\u00fc\u00df \u20ac"]


async def talk(url, parameters):
    parameters.setdefault("client_max_window_bits", True)
    factory = ClientPerMessageDeflateFactory(**parameters)
    async with websockets.connect(url, compression=None, extensions=[factory]) as socket:
        answer = socket.response_headers.get("Sec-WebSocket-Extensions")
        echoes = 0
        for message in MESSAGES:
            await socket.send(message)
            assert await socket.recv() == message
            echoes += 1
    return {"answer": answer, "echoes": echoes, "code": socket.close_code}


async def client(url, *offers):
    for offer in offers:
        print(json.dumps(await talk(url, json.loads(offer))), flush=True)


async def echo(socket, path):
    async for message in socket:
        await socket.send(message)


async def server(*given):
    ports = []
    for parameters in given:
        factory = ServerPerMessageDeflateFactory(**json.loads(parameters))
        made = await websockets.serve(echo, "127.0.0.1", 0, compression=None, extensions=[factory])
        ports.append(made.sockets[0].getsockname()[1])
    print(json.dumps(ports), flush=True)
    await asyncio.Future()


asyncio.run({"client": client, "server": server}[sys.argv[1]](*sys.argv[2:]))
