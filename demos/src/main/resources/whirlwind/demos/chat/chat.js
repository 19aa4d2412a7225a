// The conversation: who we are, what we have seen, what is still to be sent, and a connection that comes back by itself.

import { connect } from './transport.js';
import { showMessage, showNote, showPending, showPeople, showState } from './view.js';

const FIRST_DELAY = 500; // milliseconds before the first attempt to reconnect; doubled by each that fails
const LONGEST_DELAY = 15_000;
const PATIENCE = 1_000; // a message that takes longer is marked as being sent
const ECHO_LIMIT = 10_000; // a message that has not come back by then was lost, and the connection with it

const $ = id => document.getElementById(id);
const input = $('text');

const random = () => [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(36)).join('');

/** A value that stays with this tab: it survives a reload, and another tab has its own. */
function remembered(name, otherwise) {
  if (sessionStorage.getItem(name) === null) sessionStorage.setItem(name, otherwise);
  return sessionStorage.getItem(name);
}

const author = remembered('author', random()); // begins the key of each of our messages: that is how we know them
const session = random(); // tells the server that a new connection is the same visitor
let name = sessionStorage.getItem('name');
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
  name = given;
  sessionStorage.setItem('name', name);
  missing = here.filter(who => !people.includes(who));
  here = people;
  showPeople(here, name);
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

function joined({ name: who }) {
  here = [...here, who];
  showPeople(here, name);
  if (!missing.includes(who)) showNote(`${who} joined`); // or a restarted server looks like a crowd
  missing = missing.filter(other => other !== who);
}

function left({ name: who }) {
  here = here.filter(other => other !== who);
  showPeople(here, name);
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
    unsent.splice(ours, 1)[0].shown.failed(reason, text => write([input.value, text].filter(Boolean).join('\n')));
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
  unsent.push({ key: `${author}.${random()}`, text, shown: showPending(name, text) });
  if (!open) unsent.at(-1).shown.waiting('Waiting for the connection');
  if (unsent.length === 1) send();
}

function write(text) {
  input.value = text;
  input.dispatchEvent(new Event('input'));
  input.focus();
}

input.oninput = () => {
  const left = input.maxLength - input.value.length;
  $('left').textContent = left <= 200 ? `${left} characters left` : '';
  $('send').disabled = input.value.trim() === '';
  sessionStorage.setItem('draft', input.value);
};

input.onkeydown = event => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $('composer').requestSubmit();
  }
};

$('composer').onsubmit = event => {
  event.preventDefault();
  const text = input.value.trim();
  if (text) {
    say(text);
    write('');
  }
};

// ---- coming in ----

function askName() {
  $('name').value = name ?? localStorage.getItem('name') ?? '';
  $('join').showModal();
  $('name').select();
}

$('join').oncancel = event => name || event.preventDefault();

$('join-form').onsubmit = () => {
  const wanted = $('name').value.trim();
  localStorage.setItem('name', wanted);
  input.focus();
  if (wanted === name) return;
  name = wanted;
  attempts = 0;
  if (link) hangUp();
  dialNow();
};

$('rename').onclick = askName;

showPeople([], null);
showState('idle', '');
write(sessionStorage.getItem('draft') ?? '');
if (name) dial();
else askName();
