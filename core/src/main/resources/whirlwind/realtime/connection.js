/**
 * The connection below client.js: three transports, one after the other where the better ones are blocked, attempts to
 * reconnect, silence noticed, questions and their answers. It knows nothing of topics. docs/realtime-protocol.md says
 * what goes over the wire.
 */

const SUBPROTOCOL = 'whirlwind.v1';
const VERSION = 1;

// Milliseconds.
const FIRST_PAUSE = 500; // the longest pause before the first attempt to reconnect; doubled for each further one
const LONGEST_PAUSE = 20_000;
const CONNECT_LIMIT = 10_000; // a transport that has not connected by then is given up
const ANSWER_LIMIT = 10_000; // a question without an answer fails, unless it says otherwise
const HEARTBEAT = 25_000; // unless the server says otherwise

const MISSES = 3; // so many attempts in a row must fail before others are tried again beside what had worked
const BATCH = 100; // frames in one POST

/** Kinds of failures that may be gone in a moment. */
const TRANSIENT = new Set(['disconnected', 'internal', 'limit', 'rate', 'timeout', 'unavailable']);

/** By the hub's address, the best of the transports that have ever connected from this page. */
const worked = new Map();

/** A failure; `code` says the kind: one of the protocol's, or closed, disconnected, overflow or timeout. */
export class HubError extends Error {
  constructor(code, message = code) {
    super(message);
    this.name = 'HubError';
    this.code = code;
  }

  /** Whether the same may succeed later. */
  get isTransient() { return TRANSIENT.has(this.code); }
}

const broken = message => new HubError('disconnected', message);

/** At random between nothing and a bound that doubles: after a restart not everybody comes back at once. */
export const pause = before => Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** before);

// ---- transports: each takes the hub's address, the first frame, and whom to tell what comes and, once, the end ----

function webSocket(base, hello, on) {
  const address = new URL('ws', base);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address, SUBPROTOCOL);
  const send = frame => socket.send(JSON.stringify(frame));
  socket.onopen = () => send(hello);
  socket.onmessage = ({ data }) => on.text(data);
  socket.onclose = ({ code, reason }) => on.end(broken(`WebSocket closed: ${code} ${reason}`));
  return { send, close: () => socket.close() };
}

function serverSentEvents(base, hello, on) {
  return session('sse', base, hello, on, ({ address, connected, signal }) => new Promise((_, reject) => {
    const events = new EventSource(address('events'));
    signal.addEventListener('abort', () => events.close());
    events.onerror = () => reject(broken('the event stream ended'));
    events.onmessage = ({ data }) => {
      if (connected) on.text(connected); // held back until something comes through: some proxies hoard a stream
      connected = null;
      on.text(data);
    };
  }));
}

function longPolling(base, hello, on) {
  return session('longpoll', base, hello, on, async ({ address, connected, post }) => {
    on.text(connected);
    // A poll is answered within a heartbeat, with or without news.
    for (let n = 1; ; n++) on.text(await post(address('poll', n)));
  });
}

/** What those two share: the first frame makes a session, and further ones are posted to it in order. */
function session(transport, base, hello, on, listen) {
  const end = new AbortController();
  const unsent = [];
  let sending = false;
  let sent = 0;
  let address;
  let patience = CONNECT_LIMIT; // then longer: an answer comes when frames have been carried out

  async function post(url, body) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.any([end.signal, AbortSignal.timeout(patience)]),
    });
    if (response.ok) return response.text();
    const { code, message } = await response.json().catch(() => ({}));
    throw new HubError(code ?? 'disconnected', message ?? `${url.pathname} answers ${response.status}`);
  }

  async function flush() {
    if (sending) return;
    sending = true;
    await null; // what else is said in this turn goes along
    while (unsent.length > 0) await post(address('messages', ++sent), unsent.splice(0, BATCH));
    sending = false;
  }

  const guard = promise => promise.catch(error => {
    if (end.signal.aborted) return;
    end.abort();
    on.end(error instanceof HubError ? error : broken(String(error)));
  });

  guard(post(new URL(`session?transport=${transport}`, base), hello).then(connected => {
    const { type, session: id, heartbeat = HEARTBEAT } = JSON.parse(connected);
    if (type !== 'connected') return on.text(connected); // refused
    const query = `?session=${encodeURIComponent(id)}`;
    patience = 2 * heartbeat;
    // Browsers repeat a request whose connection has ended without an answer: numbers tell the hub.
    address = (path, number) => new URL(path + query + (number ? `&number=${number}` : ''), base);
    return listen({ address, connected, post, signal: end.signal });
  }));

  return {
    send(frame) {
      unsent.push(frame);
      guard(flush());
    },
    close: () => end.abort(),
  };
}

const TRANSPORTS = { websocket: webSocket, sse: serverSentEvents, longpoll: longPolling };

// ---- the connection ----

export class Connection {
  state = 'connecting'; // or open, waiting, closed
  transport = null; // its name, while open
  user = null;

  #base;
  #token;
  #names;
  #on;
  #line = null; // the transport in use or being tried
  #hello; // the id of its first frame
  #round = []; // names of what else is to be tried before a pause
  #misses = 0; // attempts in a row that did not connect
  #pauses = 0; // in a row
  #opened = 0; // when
  #heard = 0; // when
  #patience = 0; // milliseconds of silence
  #timer; // of an attempt, a pause, or looking for silence
  #calls = new Map(); // by id
  #lastId = 0;
  #page = new AbortController(); // ends listening to the page

  /** @param on whom to tell: state(change), opened(), interrupted(), closed(error), frame(frame), failed(error) */
  constructor({ base, token, transports = Object.keys(TRANSPORTS) }, on) {
    const unknown = transports.find(name => !Object.hasOwn(TRANSPORTS, name));
    if (unknown || transports.length === 0) {
      throw new TypeError(`transports: ${unknown ?? 'none'} (expected some of ${Object.keys(TRANSPORTS)})`);
    }
    this.#base = base;
    this.#token = token;
    this.#names = transports;
    this.#on = on;
    const listen = (target, type, listener) => target?.addEventListener?.(type, listener, { signal: this.#page.signal });
    listen(globalThis, 'online', () => this.reconnect());
    listen(globalThis, 'offline', () => this.#end(this.#line, broken('the browser is offline')));
    listen(globalThis, 'pagehide', () => this.#suspend()); // with a connection the page would not be kept for "back"
    listen(globalThis, 'pageshow', ({ persisted }) => persisted && this.reconnect());
    listen(globalThis.document, 'visibilitychange', () => document.hidden || this.#wake());
    this.#dial();
  }

  // -- coming and going --

  async #dial() {
    clearTimeout(this.#timer);
    if (this.#round.length === 0) this.#round = this.#nextRound();
    const line = (this.#line = { name: this.#round.shift() });
    const end = error => this.#end(line, error);
    this.#timer = setTimeout(() => end(broken(`no connection within ${CONNECT_LIMIT} ms`)), CONNECT_LIMIT);
    this.#become('connecting');
    try {
      const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
      if (line !== this.#line) return;
      const hello = { type: 'connect', id: (this.#hello = ++this.#lastId), version: VERSION, token };
      Object.assign(line, TRANSPORTS[line.name](this.#base, hello, { text: text => this.#hear(line, text), end }));
    } catch (error) {
      end(error instanceof HubError ? error : broken(String(error)));
    }
  }

  /** What has worked; or everything, if nothing has, or if that does not any more. */
  #nextRound() {
    const name = worked.get(this.#base.href);
    return this.#names.includes(name) && this.#misses < MISSES ? [name] : [...this.#names];
  }

  #open({ user, heartbeat = HEARTBEAT }) {
    const rank = name => (this.#names.includes(name) ? this.#names.indexOf(name) : Infinity);
    const { name } = this.#line;
    if (rank(name) < rank(worked.get(this.#base.href))) worked.set(this.#base.href, name);
    clearTimeout(this.#timer);
    this.#timer = setInterval(() => this.#wake(), heartbeat / 2);
    this.#patience = 2 * heartbeat;
    this.#round = [];
    this.#misses = 0;
    this.#opened = Date.now();
    this.user = user;
    this.transport = name;
    this.#on.opened(); // before others hear of it, who may subscribe to more
    this.#become('open');
    for (const call of this.#calls.values()) if (!call.sent) this.#ask(call);
  }

  /** A line has ended, or never was one. */
  #end(line, error, after = 0) {
    if (line === null || line !== this.#line) return;
    const wasOpen = this.isOpen;
    this.#hangUp(error);
    if (!wasOpen && !error.isTransient) return this.close(error);
    if (wasOpen && Date.now() - this.#opened > LONGEST_PAUSE) this.#pauses = 0;
    if (!wasOpen) this.#misses++;
    if (error.code !== 'disconnected') this.#round = []; // the hub has answered: another transport is no better
    if (!wasOpen && this.#round.length > 0) return this.#dial();
    const delay = after + pause(this.#pauses++);
    this.#timer = setTimeout(() => this.#dial(), delay);
    this.#become('waiting', { error, delay });
  }

  #hangUp(error) {
    clearTimeout(this.#timer); // or interval
    const line = this.#line;
    const wasOpen = this.isOpen;
    this.#line = this.transport = null;
    line?.close?.();
    if (wasOpen) this.#on.interrupted();
    for (const [id, call] of [...this.#calls]) {
      if (call.again) call.sent = false;
      else if (call.sent) this.#settle(id).fail(broken(`${error.message}; what was asked may have been done or not`));
    }
  }

  #suspend() {
    if (this.state === 'closed') return;
    this.#hangUp(broken('the page is hidden'));
    this.#become('waiting', {});
  }

  /** Tries now what would be tried after a pause. */
  reconnect() {
    if (this.state !== 'waiting') return;
    this.#pauses = Math.min(this.#pauses, 1);
    this.#dial();
  }

  /** The page is seen again, or some time has passed. */
  #wake() {
    this.reconnect();
    const silence = Date.now() - this.#heard;
    if (this.isOpen && silence > this.#patience) this.#end(this.#line, broken(`nothing came for ${silence} ms`));
  }

  /** For good. */
  close(error) {
    if (this.state === 'closed') return;
    this.#page.abort();
    this.#hangUp(error ?? broken('closed'));
    this.#become('closed', { error });
    for (const id of [...this.#calls.keys()]) this.#settle(id).fail(error ?? new HubError('closed'));
    this.#on.closed(error);
  }

  get isOpen() { return this.transport !== null; }

  #become(state, details) {
    this.state = state;
    this.#on.state({ state, transport: this.transport, ...details });
  }

  // -- what comes --

  #hear(line, text) {
    if (line !== this.#line) return;
    this.#heard = Date.now();
    let frames;
    try {
      frames = [].concat(JSON.parse(text)); // one, or an array of them
      for (const { type } of frames) if (typeof type !== 'string') throw new TypeError('a frame has no type');
    } catch (error) {
      return this.#end(line, broken(`what came makes no sense: ${error.message}`));
    }
    for (const frame of frames) if (line === this.#line) this.#take(frame);
  }

  #take(frame) {
    const { type, id, code, message } = frame;
    if (type === 'error' && id === this.#hello) this.#end(this.#line, new HubError(code, message));
    else if (type === 'error') (this.#settle(id)?.fail ?? this.#on.failed)(new HubError(code, message));
    else if (type === 'connected') this.#open(frame);
    else if (type === 'ping') this.send({ type: 'pong' });
    else if (type === 'disconnect') this.#dismissed(frame);
    else if (type !== 'request' && this.#calls.has(id)) this.#settle(id).done(frame);
    else this.#on.frame(frame);
  }

  #dismissed({ code, message, reconnect, after }) {
    if (reconnect) this.#end(this.#line, broken(`${code}: ${message}`), after);
    else this.close(new HubError(code, message));
  }

  // -- what goes --

  send(frame) {
    if (this.isOpen) this.#line.send(frame);
  }

  /**
   * Asks the server, once there is a connection.
   *
   * @param done takes the answer, before anything that came after it
   * @param fail takes a HubError
   * @param again whether to ask again if the connection breaks meanwhile; or that fails
   */
  call(frame, done, fail, { timeout = ANSWER_LIMIT, again = false } = {}) {
    const id = ++this.#lastId;
    const late = () => this.#settle(id).fail(new HubError('timeout', `${frame.type}: no answer within ${timeout} ms`));
    const call = { frame: { ...frame, id }, done, fail, again, sent: false, timer: setTimeout(late, timeout) };
    this.#calls.set(id, call);
    if (this.isOpen) this.#ask(call);
  }

  #ask(call) {
    call.sent = true;
    this.send(call.frame);
  }

  #settle(id) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    clearTimeout(call?.timer);
    return call;
  }
}
