// Has to compile: client.d.ts beside a page that uses all of it, and beside what client.js really has (as module.js).

import { connect, HubError, type Hub, type Member, type Position, type Subscription } from './client.js';
import * as types from './client.js';
import * as module from './module.js';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type RealHub = ReturnType<typeof module.connect>;
const exports: Same<keyof typeof types, keyof typeof module> = true;
const ofHub: Same<keyof Hub, keyof RealHub> = true;
const ofSubscription: Same<keyof Subscription, keyof ReturnType<RealHub['subscribe']>> = true;
const ofError: Same<keyof HubError, keyof module.HubError> = true;

interface Line { text: string }
interface Person { name: string }

async function page(): Promise<void> {
  const hub: Hub = connect({ url: new URL('https://example.com/hub/'), token: async () => 'secret', transports: ['sse'] });
  const off: () => void = hub.on('state', ({ state, transport, delay, error }) => {
    if (state === 'waiting') console.log(transport, delay?.toFixed(), error?.code);
  });
  hub.on('message', message => console.log(message));
  hub.on('error', ({ code, isTransient }) => console.log(code, isTransient));
  off();

  const room: Subscription<Line, Person> = hub.subscribe('room.1', { last: 50, since: { epoch: 'e', offset: 1 } });
  room.on('message', ({ data, offset, user, time }) => console.log(data.text, offset + 1, user?.length, time?.getTime()));
  room.on('subscribed', ({ recovered, position }) => console.log(recovered, position?.epoch));
  room.on('lost', ({ since, position, error }) => console.log(since, position, error));
  room.on('unsubscribed', error => console.log(error?.message));
  room.on('join', ({ user, info }) => console.log(user, info?.name));
  room.on('leave', ({ user }) => console.log(user));
  room.on('presence', members => console.log(members.map(({ user }) => user), members.count));
  for await (const { data } of room) console.log(data.text);

  const position: Position = await room.publish({ text: 'Hello' }, { timeout: 1_000 });
  const members: Member<Person>[] = await room.presence();
  const { messages, complete } = await room.history({ since: position, limit: 10 });
  const rooms = await hub.request<string[]>('rooms', { open: true });
  hub.onRequest(async data => ({ data }));
  console.log(members, messages[0]?.data.text, complete, rooms[0], hub.user, hub.transport, room.topic, room.position);
  room.unsubscribe();
  hub.reconnect();
  hub.close();

  // @ts-expect-error no such transport
  connect({ transports: ['telegraph'] });
  // @ts-expect-error no such event
  room.on('massage', () => {});
  // @ts-expect-error not what is said in this room
  room.publish(42);
  // @ts-expect-error only the server says so
  hub.user = 'ada';
}

console.log(page, exports, ofHub, ofSubscription, ofError);
