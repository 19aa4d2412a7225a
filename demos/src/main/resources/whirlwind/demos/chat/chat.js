// The conversation: who we are, which room we are in, who is there, what is still to be sent. The connection, and what was
// missed while there was none, is the business of the hub's client.

import { connect } from '/whirlwind/client.js';
import { edit, onNamed, onWritten } from './composer.js';
import { $, element, followState, random, remembered, showState } from './page.js';
import { clearMessages, setTitle, showMessage, showNote, showPending, showPeople, showTyping } from './view.js';

const ROOMS = ['lobby', 'workshop', 'garden'];
const REMEMBERED = 200; // messages; the server keeps no more
const PATIENCE = 1_000; // milliseconds; a message that takes longer is marked as being sent
const SLOW_DOWN = 1_000; // before a message is tried again that was one too many
const TYPING_EVERY = 2_000; // milliseconds between two signs that somebody types
const TYPING_LASTS = 3_500;

const author = remembered('author', random()); // begins the key of each of our messages: that is how we know them
const session = remembered('session', random()); // tells the server that a new connection is the same visitor

let hub = null;
let room = null; // {name, messages, typing: subscriptions, members, missing, seen}
const unsent = []; // {room, key, text, shown, again}, in the order they were written
let sending = false;
let told = 0; // when we told last that we type

// ---- coming in ----

onNamed(name => {
  hub?.close();
  hub = connect({ token: { session, name } });
  hub.me = name;
  followState(hub);
  hub.on('state', ({ state, error }) => {
    if (state === 'closed' && error) showNote(`You can't come in: ${error.message}`);
    if (state === 'open') send();
    else unsent.forEach(({ shown }) => shown.waiting('Waiting for the connection'));
  });
  enter();
});

function enter() {
  if (!hub) return;
  const name = wanted();
  room?.messages.unsubscribe();
  room?.typing.unsubscribe();
  clearMessages();
  showRooms(name);
  const mine = (room = {
    name,
    members: [],
    missing: new Set(), // who was here when the connection broke, and is not yet again
    seen: new Set(), // keys of what is shown
    messages: hub.subscribe(`chat.${name}`, { last: REMEMBERED }),
    typing: hub.subscribe(`typing.${name}`),
  });
  const { messages, typing } = mine;
  let present = 0; // the offset that the room was at when we came
  const here = act => value => mine === room && act(value); // not in another room meanwhile
  messages.on('subscribed', here(({ position, recovered }) => {
    if (!recovered) present = position.offset;
    mine.missing = new Set(mine.members.map(({ user }) => user));
  }));
  messages.on('message', here(message => show(message, message.offset > present)));
  messages.on('presence', here(members => {
    mine.members = members;
    members.forEach(({ user }) => mine.missing.delete(user));
    showPeople(members.map(named), hub.user);
  }));
  messages.on('join', here(({ user, info }) => mine.missing.has(user) || user === hub.user || showNote(`${info.name} joined`)));
  messages.on('leave', here(({ info }) => showNote(`${info.name} left`)));
  messages.on('lost', here(({ since }) => since && showNote('Something may be missing here')));
  messages.on('unsubscribed', here(error => error && showNote(`This room is closed: ${error.message}`)));
  typing.on('message', here(({ user }) => user !== hub.user && somebodyTypes(user)));
}

const named = ({ user, info }) => ({ user, name: info?.name ?? 'Somebody' });

// ---- rooms ----

const wanted = () => /^#[a-z0-9-]{1,24}$/.test(location.hash) ? location.hash.slice(1) : ROOMS[0];

function showRooms(current) {
  const rooms = ROOMS.includes(current) ? ROOMS : [...ROOMS, current];
  $('rooms').replaceChildren(...rooms.map(name => {
    const link = element('a', 'room-link', name);
    link.href = `#${name}`;
    if (name === current) link.setAttribute('aria-current', 'page');
    return element('li', '', link);
  }));
  setTitle(`${current} · Whirlwind chat`);
}

addEventListener('hashchange', enter);

// ---- what is said ----

function show({ data: { key, name, text }, user, time }, live) {
  if (room.seen.has(key)) return; // said again while it was in doubt
  room.seen.add(key);
  nobodyTypes(user);
  showMessage({ name, user, text, time: time.getTime() }, key.startsWith(`${author}.`), live);
  done(key);
}

function say(text) {
  const shown = showPending({ name: hub.me, user: hub.user ?? undefined, text });
  told = 0; // with the next letter we type again
  unsent.push({ room: room.name, key: `${author}.${random()}`, text, shown, again: false });
  if (hub.state !== 'open') shown.waiting('Waiting for the connection');
  send();
}

/**
 * Sends the oldest message that is not sent, and then the next: so the order stays, and at most one is in doubt when the
 * connection breaks. That one is said again with the same key, which keeps the server from taking it twice.
 */
async function send() {
  if (sending || unsent.length === 0 || hub.state !== 'open') return;
  sending = true;
  const message = unsent[0];
  const patience = setTimeout(() => message.shown.waiting('Sending…'), PATIENCE);
  try {
    const { room, key, text, again } = message;
    await hub.request('say', { room, key, text, again });
    done(message.key);
  } catch (error) {
    await refused(message, error);
  }
  clearTimeout(patience);
  sending = false;
  send();
}

async function refused(message, error) {
  if (!error.isTransient && error.code !== 'closed') {
    unsent.splice(unsent.indexOf(message), 1);
    message.shown.failed(error.message, edit);
    return;
  }
  if (error.code !== 'rate') message.again = true;
  if (hub.state === 'open') {
    message.shown.waiting(error.code === 'rate' ? 'Too many messages: sent in a moment' : 'Sent in a moment');
    await new Promise(resolve => setTimeout(resolve, SLOW_DOWN));
  }
}

/** One of our messages has been taken. */
function done(key) {
  const index = unsent.findIndex(message => message.key === key);
  if (index >= 0) unsent.splice(index, 1)[0].shown.sent();
}

// ---- who types ----

const typists = new Map(); // timers by user

function typing() {
  if (Date.now() - told < TYPING_EVERY || hub.state !== 'open') return;
  told = Date.now();
  room.typing.publish(null).catch(() => {}); // not worth a word
}

function somebodyTypes(user) {
  clearTimeout(typists.get(user));
  typists.set(user, setTimeout(nobodyTypes, TYPING_LASTS, user));
  showTypists();
}

function nobodyTypes(user) {
  clearTimeout(typists.get(user));
  if (typists.delete(user)) showTypists();
}

function showTypists() {
  showTyping(room.members.filter(({ user }) => typists.has(user)).map(member => named(member).name));
}

if (!hub) {
  showPeople([], null);
  showState('idle', '');
}
onWritten(say, typing);
