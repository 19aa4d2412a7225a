// The conversation by long polling: who we are, what we have seen, what is still to be sent, and attempts to come back. What
// chat.js leaves to the client of the hub is done by hand here.

import { edit, onNamed, onWritten } from './composer.js';
import { $, random, remembered } from './page.js';
import { connect } from './polling.js';
import { showMessage, showNote, showPending, showPeople, showState } from './view.js';

const FIRST_DELAY = 500; // milliseconds before the first attempt to reconnect; doubled by each that fails
const LONGEST_DELAY = 15_000;
const PATIENCE = 1_000; // a message that takes longer is marked as being sent
const ECHO_LIMIT = 10_000; // a message that has not come back by then was lost, and the connection with it

const author = remembered('author', random()); // begins the key of each of our messages: that is how we know them
const session = random(); // tells the server that a new connection is the same visitor
let name = null;
let here = []; // names
let missing = []; // who was here when the connection was lost, and is not yet again
let lastId = 0;
const seen = new Set(); // ids of what is shown
const unsent = []; // {key, text, shown}, in the order they were written

let link = null; // the connection, if there is one
let open = false; // whether the server has welcomed us on it
let attempts = 0;
let nextAttempt; // timer
let patience; // timer
let echo; // timer

// ---- the connection ----

function dial() {
  clearInterval(nextAttempt);
  if (link || !name) return;
  showState('connecting', attempts ? 'Reconnecting…' : 'Connecting…');
  const mine = (link = connect({ name, session, after: lastId }, {
    welcome, said, joined, left, refused,
    closed: () => mine === link && closed(),
  }));
}

function hangUp() {
  const gone = link;
  closed();
  gone?.close();
}

function closed() {
  link = null;
  open = false;
  stopWaiting();
  unsent.forEach(message => message.shown.waiting('Waiting for the connection'));
  // Twice as long each time, and somewhat at random: a restarted server is not met by everybody at once.
  const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempts++) * (0.5 + Math.random() / 2);
  const due = Date.now() + delay;
  const tick = () => {
    const seconds = Math.ceil((due - Date.now()) / 1000);
    if (seconds <= 0) dial();
    else showState('waiting', attempts < 3 ? 'Connection lost' : `Offline, next try in ${seconds} s`);
  };
  clearInterval(nextAttempt);
  nextAttempt = setInterval(tick, 100);
  tick();
}

function dialNow() {
  if (!link && name) {
    attempts = Math.min(attempts, 1);
    dial();
  }
}

addEventListener('online', dialNow);
addEventListener('offline', () => link && hangUp());
document.addEventListener('visibilitychange', () => document.hidden || dialNow());
$('retry').onclick = dialNow;

// ---- what the server says ----

function welcome({ name: given, people, messages }) {
  attempts = 0;
  open = true;
  if (given !== name) showNote(`“${name}” is taken: you are ${given} here.`);
  name = renamed(given);
  missing = here.filter(who => !people.includes(who));
  here = people;
  showHere();
  showState('open', 'Connected');
  messages.forEach(message => show(message, lastId > 0));
  send();
}

const said = message => show(message, true);

function show(message, live) {
  if (seen.has(message.id)) return;
  seen.add(message.id);
  lastId = Math.max(lastId, message.id);
  const ours = unsent.findIndex(({ key }) => key === message.key);
  if (ours >= 0) {
    stopWaiting();
    unsent.splice(ours, 1)[0].shown.sent();
  }
  showMessage(message, message.key.startsWith(`${author}.`), live);
  if (ours >= 0) send();
}

const showHere = () => showPeople(here.map(who => ({ user: who, name: who })), name);

function joined({ name: who }) {
  here = [...here, who];
  showHere();
  if (!missing.includes(who)) showNote(`${who} joined`); // or a restarted server looks like a crowd
  missing = missing.filter(other => other !== who);
}

function left({ name: who }) {
  here = here.filter(other => other !== who);
  showHere();
  showNote(`${who} left`);
}

function refused({ key, reason, retryMillis }) {
  stopWaiting();
  const ours = unsent.findIndex(message => message.key === key);
  if (ours < 0) return;
  if (retryMillis > 0) {
    unsent[ours].shown.waiting(`${reason}: sent in a moment`);
    setTimeout(send, retryMillis);
  } else {
    unsent.splice(ours, 1)[0].shown.failed(reason, edit);
    send();
  }
}

// ---- what we say ----

/**
 * Sends the oldest message that is not sent. The next one follows when it has come back, so that the order stays and at most
 * one is in doubt when the connection breaks; its key keeps the server from taking it twice.
 */
function send() {
  if (!open || unsent.length === 0) return;
  const [{ key, text, shown }] = unsent;
  link.say({ key, text });
  stopWaiting();
  patience = setTimeout(() => shown.waiting('Sending…'), PATIENCE);
  echo = setTimeout(hangUp, ECHO_LIMIT);
}

function stopWaiting() {
  clearTimeout(patience);
  clearTimeout(echo);
}

function say(text) {
  unsent.push({ key: `${author}.${random()}`, text, shown: showPending({ name, text }) });
  if (!open) unsent.at(-1).shown.waiting('Waiting for the connection');
  if (unsent.length === 1) send();
}

// ---- coming in ----

const renamed = onNamed(wanted => {
  name = wanted;
  attempts = 0;
  if (link) hangUp();
  dialNow();
});

showPeople([], null);
if (!name) showState('idle', '');
onWritten(say);
