// How the page talks to the room: one WebSocket. longpoll.js does the same by long polling.

/**
 * Opens a connection and introduces the visitor.
 *
 * @param hello {name, session, after}: who comes, and the last message that is known already
 * @param on what to call: welcome, said, joined, left and refused with what the server sent, and closed at the end, once
 * @return {say, close}
 */
export function connect(hello, on) {
  const address = new URL('/socket', location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address);
  const send = (type, message) => socket.send(JSON.stringify({ type, ...message }));

  socket.onopen = () => send('hello', hello);
  socket.onmessage = event => {
    const { type, ...message } = JSON.parse(event.data);
    on[type]?.(message);
  };
  socket.onclose = () => on.closed();

  return {
    say: message => send('say', message),
    close: () => socket.close(),
  };
}
