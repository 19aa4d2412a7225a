// How longpoll.js talks to the room: it asks for news, and the server answers when there are some.

const LIMIT = 40_000; // milliseconds; the server answers earlier, with or without news

export function connect(hello, on) {
  const end = new AbortController();

  async function ask(path, message) {
    const response = await fetch(path, {
      method: message ? 'POST' : 'GET',
      cache: 'no-store', // or a second window that asks the same waits for the first one's answer to be cached
      body: message && JSON.stringify(message),
      headers: { 'Content-Type': 'application/json', 'X-Session': hello.session },
      signal: AbortSignal.any([end.signal, AbortSignal.timeout(LIMIT)]),
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return response.json();
  }

  const tell = ({ type, ...event }) => on[type]?.(event);

  async function listen() {
    const welcome = await ask('/join', { type: 'hello', ...hello });
    tell(welcome);
    for (let after = welcome.id; ;) {
      for (const event of await ask(`/messages?after=${after}`)) {
        tell(event);
        after = event.id;
      }
    }
  }

  listen().catch(error => {
    if (!end.signal.aborted) console.info(`${error}`); // a lost connection is nothing special
    end.abort();
    on.closed();
  });

  return {
    say: message => ask('/messages', { type: 'say', ...message }).then(answers => answers.forEach(tell), () => end.abort()),
    close: () => end.abort(),
  };
}
