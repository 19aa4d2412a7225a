/**
 * The browser's side of a hub: topics of a Whirlwind server, over one connection that comes back by itself.
 *
 *     import { connect } from '/whirlwind/client.js';
 *
 *     const hub = connect();
 *     const room = hub.subscribe('room.1', { last: 50 });
 *     room.on('message', ({ data, user }) => show(data, user));
 *     await room.publish({ text: 'Hello' });
 *
 * WebSocket is tried first, then server-sent events, then long polling. After a break each topic goes on behind the last
 * message that came: as far as the server's history reaches, nothing is lost, comes twice, or out of order; where it
 * does not, `lost` tells. client.d.ts has everything that can be called, with its types.
 */

import { Connection, HubError, pause } from './connection.js';

export { HubError };

const BUFFER = 1_000; // messages that wait for a `for await` loop

/** Connects to a hub: the one that this file comes from, unless `url` says otherwise. Does not wait. */
export function connect(options) {
  return new Hub(options);
}

class Events {
  #listeners;

  constructor(...types) {
    this.#listeners = new Map(types.map(type => [type, new Set()]));
  }

  /** Calls `listener` for each event of a type. Returns a function that ends it. */
  on(type, listener) {
    if (!this.#listeners.has(type)) throw new TypeError(`no event "${type}" (one of ${[...this.#listeners.keys()].join(', ')})`);
    this.#listeners.get(type).add(listener);
    return () => this.#listeners.get(type).delete(listener);
  }

  has(type) {
    return this.#listeners.get(type).size > 0;
  }

  emit(type, value) {
    for (const listener of [...this.#listeners.get(type)]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => { throw error; }); // the page reports it, and no other listener goes without
      }
    }
  }
}

class Hub {
  #events = new Events('state', 'message', 'error');
  #topics = new Map(); // by name
  #answer = null; // what answers the server's requests
  #connection;

  constructor({ url = new URL('.', import.meta.url), token, transports } = {}) {
    const base = new URL(url, globalThis.location?.href);
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    this.#connection = new Connection({ base, token, transports }, {
      state: change => this.#events.emit('state', change),
      opened: () => this.#each(topic => topic.subscribe()),
      interrupted: () => this.#each(topic => topic.interrupt()),
      closed: error => this.#each(topic => topic.end(error)),
      failed: error => this.#events.emit('error', error),
      frame: frame => this.#take(frame),
    });
  }

  get state() { return this.#connection.state; }
  get transport() { return this.#connection.transport; }
  get user() { return this.#connection.user; }

  on(type, listener) { return this.#events.on(type, listener); }
  reconnect() { this.#connection.reconnect(); }
  close() { this.#connection.close(); }

  subscribe(name, { since = null, last = 0 } = {}) {
    if (this.state === 'closed') throw new HubError('closed');
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = new Topic(this, this.#connection, name, since, () => this.#topics.delete(name));
      this.#topics.set(name, topic);
    }
    return new Subscription(this, topic, last);
  }

  async publish(topic, data, options) {
    const { epoch, offset } = await this.#ask({ type: 'publish', topic, data: data ?? null }, options);
    return { epoch, offset };
  }

  async request(name, data, options) {
    return (await this.#ask({ type: 'request', name, data: data ?? null }, options)).data;
  }

  async presence(topic, options) {
    const { members, count = members.length } = await this.#ask({ type: 'presence', topic }, { ...options, again: true });
    return counted(members, count);
  }

  async history(topic, { since, limit, ...options } = {}) {
    const question = { type: 'history', topic, since, limit };
    const { epoch, offset, complete, messages } = await this.#ask(question, { ...options, again: true });
    const all = messages.map(message => toMessage({ topic, ...message }));
    return { position: { epoch, offset }, complete, messages: all };
  }

  onRequest(answer) { this.#answer = answer; }

  #ask(frame, options) {
    if (this.state === 'closed') return Promise.reject(new HubError('closed'));
    return new Promise((resolve, reject) => this.#connection.call(frame, resolve, reject, options));
  }

  #each(action) { [...this.#topics.values()].forEach(action); }

  #take(frame) {
    const { type, id, pattern, data, member, code, message } = frame;
    const topic = this.#topics.get(pattern ?? frame.topic);
    if (type === 'request') this.#reply(id, data);
    else if (type === 'message' && !frame.topic) this.#events.emit('message', data);
    else if (type === 'message') topic?.[pattern ? 'pass' : 'message'](frame);
    else if (type === 'lost') topic?.lost(frame);
    else if (type === 'join' || type === 'leave') topic?.member(type, member);
    else if (type === 'unsubscribed' && id === undefined) topic?.refused(new HubError(code, message));
  }

  async #reply(id, data) {
    let frame;
    try {
      if (!this.#answer) throw new HubError('unavailable', 'this page answers no requests');
      frame = { type: 'reply', id, data: (await this.#answer(data)) ?? null };
    } catch (error) {
      frame = { type: 'error', id, code: error.code ?? 'internal', message: error.message };
    }
    this.#connection.send(frame);
  }
}

/** What an application has of a topic or a pattern; several may share one. */
class Subscription {
  #hub;
  #topic;
  #reader;
  #events = new Events('message', 'subscribed', 'lost', 'unsubscribed', 'join', 'leave', 'presence');

  constructor(hub, topic, last) {
    this.#hub = hub;
    this.#topic = topic;
    this.#reader = new Reader(hub, topic.name, this.#events, last);
    topic.add(this.#reader);
  }

  get topic() { return this.#topic.name; }
  get position() { return this.#topic.position; }

  on(type, listener) {
    const off = this.#events.on(type, listener);
    if (type === 'presence') this.#topic.watchPresence();
    return off;
  }

  publish(data, options) { return this.#hub.publish(this.topic, data, options); }
  presence(options) { return this.#hub.presence(this.topic, options); }
  history(options) { return this.#hub.history(this.topic, options); }
  unsubscribe() { this.#topic.remove(this.#reader); }

  /** The messages from now on. Ends with the subscription, and throws if it was not us who ended that. */
  async *[Symbol.asyncIterator]() {
    const messages = [];
    let end = this.#topic.has(this.#reader) ? null : {};
    let wake = () => {};
    const stop = error => {
      end ??= { error };
      wake();
    };
    const off = [this.on('unsubscribed', stop), this.on('message', message => {
      if (messages.length === BUFFER) stop(new HubError('overflow', `more than ${BUFFER} messages are waiting`));
      if (!end) messages.push(message);
      wake();
    })];
    try {
      for (;;) {
        while (messages.length > 0) yield messages.shift();
        if (end?.error) throw end.error;
        if (end) return;
        await new Promise(resolve => { wake = resolve; });
      }
    } finally {
      for (const remove of off) remove();
    }
  }
}

/** Passes messages on to one subscription, after the newest of the topic's history if those are wanted. */
class Reader {
  #hub;
  #name;
  #last; // how many of those
  #held = null; // what comes while they are being asked for

  constructor(hub, name, events, last) {
    this.#hub = hub;
    this.#name = name;
    this.#last = last;
    this.events = events;
  }

  take(message) {
    if (this.#held) this.#held.push(message);
    else this.events.emit('message', message);
  }

  /** The stream begins, for the first time or anew. */
  async begin() {
    if (this.#last <= 0) return;
    const held = (this.#held = []);
    const past = await this.#hub.history(this.#name, { limit: this.#last }).catch(error => ({ error, messages: [] }));
    if (held !== this.#held) return; // begun anew meanwhile
    this.#held = null;
    if (past.error) this.events.emit('lost', { topic: this.#name, error: past.error });
    const all = new Map([...past.messages, ...held].map(message => [message.offset, message]));
    for (const message of [...all.values()].sort((a, b) => a.offset - b.offset)) this.take(message);
  }
}

/** A topic or a pattern on the wire, for all subscriptions to it. */
class Topic {
  position; // of the last message that came; null before the server has said
  #hub;
  #connection;
  #forgotten; // tells the hub
  #readers = new Set(); // of the subscriptions
  #live = false; // from the server's answer on, until the connection breaks
  #refusals = 0; // in a row
  #retry; // timer, for the subscription or then for who is present
  #members = null; // by user, if somebody wants to know and the server has told
  #unnamed = 0; // so many more there were
  #changes = null; // joins and leaves while it is being asked

  constructor(hub, connection, name, since, forget) {
    this.#hub = hub;
    this.#connection = connection;
    this.#forgotten = forget;
    this.name = name;
    this.position = since;
    this.subscribe();
  }

  has(reader) { return this.#readers.has(reader); }

  add(reader) {
    this.#readers.add(reader);
    if (this.#live) reader.begin();
  }

  remove(reader) {
    if (!this.#readers.delete(reader)) return;
    if (this.#readers.size === 0) {
      this.#forget();
      this.#unsubscribe();
    }
    reader.events.emit('unsubscribed');
  }

  /** Ends all subscriptions; without an error if it is us who want it. */
  end(error) {
    this.#forget();
    const readers = [...this.#readers];
    this.#readers.clear();
    for (const { events } of readers) {
      if (error && !events.has('unsubscribed')) {
        console.warn(`whirlwind: the subscription to ${this.name} has ended, and on('unsubscribed', ...) is not there to hear why:`, error);
      }
      events.emit('unsubscribed', error);
    }
  }

  #forget() {
    this.interrupt();
    this.#forgotten();
  }

  #emit(type, value) {
    for (const reader of [...this.#readers]) reader.events.emit(type, value);
  }

  // -- the connection --

  subscribe() {
    if (!this.#connection.isOpen) return; // the hub asks again once it is
    const since = this.position;
    const frame = { type: 'subscribe', topic: this.name, since: since ?? undefined };
    this.#connection.call(frame, answer => this.#subscribed(answer, since), error => this.refused(error));
  }

  #unsubscribe() {
    if (this.#connection.isOpen) this.#connection.call({ type: 'unsubscribe', topic: this.name }, () => {}, () => {});
  }

  #subscribed({ epoch, offset, recovered }, since) {
    const goesOn = since !== null && recovered !== false;
    this.#live = true;
    this.#refusals = 0;
    if (since && !goesOn) this.lost({ epoch, offset });
    else if (!since && epoch) this.position = { epoch, offset }; // a pattern has none
    this.#emit('subscribed', { topic: this.name, position: this.position, recovered: goesOn });
    if (!goesOn) for (const reader of this.#readers) reader.begin();
    this.watchPresence();
  }

  /** The server does not take us, or no longer: for now, or for good. */
  refused(error) {
    if (this.#readers.size === 0) return; // nobody asks any more; the topic may be another one's by now
    this.interrupt();
    if (error.code === 'timeout') this.#unsubscribe(); // an answer that comes too late is not to count
    if (!error.isTransient || error.code === 'limit') this.end(error);
    else if (this.#connection.isOpen) this.#retry = setTimeout(() => this.subscribe(), pause(this.#refusals++));
  }

  interrupt() {
    clearTimeout(this.#retry);
    this.#live = false;
    this.#members = this.#changes = null;
  }

  // -- messages --

  message(frame) {
    if (!this.#live) return; // it comes again after the answer to `subscribe`
    const { epoch, offset } = { ...this.position, ...frame };
    if (epoch === this.position.epoch && offset <= this.position.offset) return;
    if (epoch !== this.position.epoch || offset > this.position.offset + 1) this.lost({ epoch, offset });
    this.position = { epoch, offset };
    this.pass(frame);
  }

  /** Between the last message and a position there were others. */
  lost({ epoch, offset }) {
    const since = this.position;
    this.position = { epoch, offset };
    this.#emit('lost', { topic: this.name, since, position: this.position });
  }

  pass(frame) {
    const message = toMessage(frame);
    for (const reader of [...this.#readers]) reader.take(message);
  }

  // -- presence --

  /** Tells who is there, if somebody wants to know; asks the server first if need be. */
  watchPresence() {
    if (!this.#live || this.#changes || ![...this.#readers].some(({ events }) => events.has('presence'))) return;
    if (this.#members) this.#emit('presence', counted([...this.#members.values()], this.#members.size + this.#unnamed));
    else this.#askWhoIsThere();
  }

  async #askWhoIsThere() {
    const changes = (this.#changes = []);
    const members = await this.#hub.presence(this.name).catch(error => ({ error }));
    if (changes !== this.#changes) return; // interrupted meanwhile
    this.#changes = null;
    if (members.error?.isTransient) this.#retry = setTimeout(() => this.watchPresence(), pause(this.#refusals++));
    if (members.error) return; // not now, or no right to know
    this.#refusals = 0;
    this.#members = new Map(members.map(member => [member.user, member]));
    this.#unnamed = members.count - members.length;
    for (const [type, member] of changes) this.#change(type, member);
    this.watchPresence();
  }

  member(type, member) {
    this.#emit(type, member);
    this.#changes?.push([type, member]);
    if (!this.#members) return;
    this.#change(type, member);
    this.watchPresence();
  }

  #change(type, member) {
    if (type === 'join') this.#members.set(member.user, member);
    else if (!this.#members.delete(member.user)) this.#unnamed = Math.max(0, this.#unnamed - 1);
  }
}

/** Those whom the server names, and how many there are. */
function counted(members, count) {
  return Object.assign(members, { count });
}

function toMessage({ topic, offset, data, user, time }) {
  return { topic, offset, data, user, time: time === undefined ? undefined : new Date(time) };
}
