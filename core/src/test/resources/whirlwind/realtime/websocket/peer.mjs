// The package ws as a peer: client URL PARAMETERS... | server PARAMETERS..., each a JSON object with
// parameters of permessage-deflate (RFC 7692 section 7.1).
import { WebSocket, WebSocketServer } from "ws";

const [mode, ...rest] = process.argv.slice(2);

const options = (parameters) => ({
  threshold: 0,
  serverNoContextTakeover: parameters.server_no_context_takeover,
  clientNoContextTakeover: parameters.client_no_context_takeover,
  serverMaxWindowBits: parameters.server_max_window_bits,
  clientMaxWindowBits: parameters.client_max_window_bits,
});

const words = (length, seed) => {
  let text = "";
  for (let n = seed; text.length < length; n = (n * 1103515245 + 12345) % 2147483648) {
    text += String.fromCharCode(97 + (n >> 16) % 26);
  }
  return text;
};

const messages = ["", "x", "again ".repeat(1000), words(50000, 1), words(50000, 1), "gr\u00fc\u00df \u20ac"];

const talk = (url, parameters) =>
  new Promise((resolve, reject) => {
    let answer;
    let next = 0;
    const socket = new WebSocket(url, { perMessageDeflate: options(parameters) });
    const send = () => (next < messages.length ? socket.send(messages[next]) : socket.close(1000, "bye"));
    socket.on("upgrade", (response) => { answer = response.headers["sec-websocket-extensions"]; });
    socket.on("open", send);
    socket.on("message", (data) => {
      if (data.toString() !== messages[next++]) reject(new Error("another echo"));
      send();
    });
    socket.on("close", (code) => resolve({ answer, echoes: next, code }));
    socket.on("error", reject);
  });

if (mode === "client") {
  const [url, ...offers] = rest;
  for (const offer of offers) {
    console.log(JSON.stringify(await talk(url, JSON.parse(offer))));
  }
} else {
  const ports = [];
  for (const given of rest) {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: options(JSON.parse(given)) });
    server.on("connection", (socket) => {
      socket.on("message", (data, binary) => socket.send(data, { binary }));
      socket.on("error", () => {});
    });
    await new Promise((listening) => server.on("listening", listening));
    ports.push(server.address().port);
  }
  console.log(JSON.stringify(ports));
}
