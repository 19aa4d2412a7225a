/** The browser's side of a Whirlwind hub: types of client.js, and what its parts do. */

/** Connects to a hub. Does not wait: what is asked of the hub before there is a connection is asked then. */
export function connect(options?: ConnectOptions): Hub;

export type Transport = "websocket" | "sse" | "longpoll";

export interface ConnectOptions {
  /** Where the hub is mounted. Default: where client.js comes from. */
  url?: string | URL;
  /**
   * Passed to the server's `HubAccess.connect`. A function is asked before each attempt to connect, and may be
   * asynchronous; if it fails there is another attempt, unless it fails with a HubError that is not transient.
   */
  token?: unknown | (() => unknown | Promise<unknown>);
  /** What to try, best first. Default: websocket, sse, longpoll. What has worked on this page is tried first. */
  transports?: Transport[];
}

/** Options of a question to the server. */
export interface CallOptions {
  /** Milliseconds until it fails with code "timeout", waiting for a connection included. Default: 10,000. */
  timeout?: number;
}

/** A place in a topic's stream: behind the message that has this offset. */
export interface Position {
  /** Another one means that the server has started to count anew. */
  epoch: string;
  offset: number;
}

export interface Message<T = unknown> {
  topic: string;
  /** Counts the topic's messages. */
  offset: number;
  data: T;
  /** Who published it; undefined if the server did. */
  user?: string;
  time?: Date;
}

/** A user who is present in a topic. */
export interface Member<I = unknown> {
  user: string;
  /** What the server tells others of the user. */
  info?: I;
  /** How many there were when the server was asked; not known of who came since. */
  connections?: number;
}

/** Who is present: everybody, or of a crowd 1,000 at most. */
export interface Members<I = unknown> extends Array<Member<I>> {
  /** How many there are; about, if that is more than are named. */
  count: number;
}

export interface History<T = unknown> {
  /** Oldest first. */
  messages: Message<T>[];
  /** Whether nothing is missing behind `since`. */
  complete: boolean;
  /** Where the topic stands. */
  position: Position;
}

export interface StateChange {
  /** "waiting" is the pause before another attempt; "closed" is for good. */
  state: "connecting" | "open" | "waiting" | "closed";
  /** What connects, while open. */
  transport: Transport | null;
  /** Milliseconds of the pause; undefined if it lasts until the page is shown again. */
  delay?: number;
  /** Why there is no connection. */
  error?: HubError;
}

export interface HubEvents {
  state: StateChange;
  /** What the server sends to this connection alone. */
  message: unknown;
  /** The server could not make sense of something that is no question. */
  error: HubError;
}

export interface Hub {
  readonly state: StateChange["state"];
  readonly transport: Transport | null;
  /** Who we are to the server, once connected. */
  readonly user: string | null;
  /** Calls `listener` for each event of a type, throws a TypeError if there is none; returns a function that ends it. */
  on<E extends keyof HubEvents>(type: E, listener: (event: HubEvents[E]) => void): () => void;
  /**
   * Subscribes to a topic, or to all topics of a pattern: `*` stands for one segment, a last `**` for one or more. A
   * pattern has neither history nor presence, and what is published while the connection is broken does not come.
   * Subscriptions to the same topic share what goes over the wire.
   */
  subscribe<T = unknown, I = unknown>(topic: string, options?: SubscribeOptions): Subscription<T, I>;
  /** Resolves with the topic's position behind the message. Fails with "disconnected" if it may be there or not. */
  publish(topic: string, data: unknown, options?: CallOptions): Promise<Position>;
  /** Asks `HubAccess.onRequest`, and resolves with its answer. */
  request<R = unknown>(name: string, data?: unknown, options?: CallOptions): Promise<R>;
  /** Who is present in a topic. */
  presence<I = unknown>(topic: string, options?: CallOptions): Promise<Members<I>>;
  /** Messages behind a position, or the newest ones. */
  history<T = unknown>(topic: string, options?: HistoryOptions): Promise<History<T>>;
  /** Answers the server's requests: with what `answer` returns or resolves with, or its failure. */
  onRequest(answer: (data: unknown) => unknown): void;
  /** Ends a pause now. */
  reconnect(): void;
  /** Ends all subscriptions and the connection for good. */
  close(): void;
}

export interface SubscribeOptions {
  /** Go on behind this position, that of an earlier page perhaps. Only the first subscription to a topic can say so. */
  since?: Position;
  /** Begin with so many of the newest messages in the topic's history. Default: 0. */
  last?: number;
}

export interface HistoryOptions extends CallOptions {
  since?: Position;
  limit?: number;
}

export interface SubscriptionEvents<T, I> {
  message: Message<T>;
  /** The stream has begun, or goes on after a break: `recovered` tells whether without a gap. */
  subscribed: { topic: string; position: Position | null; recovered: boolean };
  /** Messages between two positions, or those of the history that were wanted, are gone. */
  lost: { topic: string; since?: Position; position?: Position; error?: HubError };
  /** The subscription has ended: undefined if it is us who wanted it. */
  unsubscribed: HubError | undefined;
  join: Member<I>;
  leave: Member<I>;
  /** Who is present, at first and after each change. */
  presence: Members<I>;
}

/** A topic or a pattern, subscribed to. Iterating gives the messages from then on; at most 1,000 may wait. */
export interface Subscription<T = unknown, I = unknown> extends AsyncIterable<Message<T>> {
  readonly topic: string;
  /** Behind the last message that came; null before the server has answered. */
  readonly position: Position | null;
  /** Calls `listener` for each event of a type, throws a TypeError if there is none; returns a function that ends it. */
  on<E extends keyof SubscriptionEvents<T, I>>(type: E, listener: (event: SubscriptionEvents<T, I>[E]) => void): () => void;
  publish(data: T, options?: CallOptions): Promise<Position>;
  presence(options?: CallOptions): Promise<Members<I>>;
  history(options?: HistoryOptions): Promise<History<T>>;
  unsubscribe(): void;
}

/** A failure of the hub. */
export class HubError extends Error {
  constructor(code: string, message?: string);
  /**
   * The kind: one of the protocol's (malformed, version, unauthorized, forbidden, limit, rate, unavailable, timeout,
   * internal), one of the application's own, or
   * - disconnected: the connection broke before the answer came;
   * - overflow: more messages wait for a loop than it may have;
   * - closed: the hub was closed.
   */
  readonly code: string;
  /** Whether the same may succeed later. */
  readonly isTransient: boolean;
}
