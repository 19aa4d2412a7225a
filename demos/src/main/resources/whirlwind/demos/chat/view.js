// What the page shows. Whatever people typed enters the document as text, never as markup.

import { $, avatar, element, hue } from './page.js';

export { showState } from './page.js';

const KEPT = 500; // rows of the conversation that stay in the page
const GROUP_MILLIS = 5 * 60 * 1000; // messages of one person within this time stand under one name

const scroller = $('scroller');
const messages = $('messages');
const outbox = $('outbox');
const people = $('people');
const newer = $('newer');

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

let title = document.title;
let last = null; // the last message shown, for grouping
let unread = 0;
let below = 0; // messages that arrived below what is in view

function timestamp(millis) {
  const made = element('time', '', clock.format(millis));
  made.dateTime = new Date(millis).toISOString();
  made.title = new Date(millis).toLocaleString();
  return made;
}

function dayName(millis) {
  const midnight = day => new Date(day).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(millis)) / 86_400_000);
  return ago === 0 ? 'Today' : ago === 1 ? 'Yesterday' : date.format(millis);
}

/** A row for a message that the server has or, without a time, has not yet. Without a user the name is unique. */
function row({ name, user = name, text, time }, own) {
  const who = element('p', 'who', element('bdi', '', own ? 'You' : name));
  if (time) who.append(timestamp(time));
  const made = element('li', own ? 'message own' : 'message', avatar(name), who, element('p', 'bubble', text));
  made.style.setProperty('--hue', hue(user));
  return made;
}

const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;

/** Changes the conversation, and stays at its end if that is where the reader was. */
function change(action, follow = false) {
  const stay = follow || isAtEnd();
  action();
  $('empty').hidden = messages.childElementCount + outbox.childElementCount > 0;
  if (stay) toEnd();
  return stay;
}

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  below = 0;
  newer.hidden = true;
}

function append(item) {
  messages.append(item);
  while (messages.childElementCount > KEPT) messages.firstElementChild.remove();
}

export function showMessage(message, own, live) {
  const inView = change(() => {
    if (!last || dayName(last.time) !== dayName(message.time)) {
      append(element('li', 'day'));
      messages.lastElementChild.dataset.time = message.time;
      for (const day of messages.querySelectorAll('.day')) day.textContent = dayName(Number(day.dataset.time));
      last = null;
    }
    const first = last?.name !== message.name || last.user !== message.user || message.time - last.time > GROUP_MILLIS;
    const made = row(message, own);
    made.classList.toggle('first', first);
    made.classList.toggle('arrives', live && !own);
    append(made);
    last = message;
  });
  if (live && !own && !inView) {
    newer.textContent = ++below === 1 ? '1 new message' : `${below} new messages`;
    newer.hidden = false;
  }
  if (live && !own && document.hidden) document.title = `(${++unread}) ${title}`;
}

export function showNote(text) {
  change(() => append(element('li', 'note', text)));
  last = null;
}

/** Shows a message that is on its way. Returns how to tell its fate: waiting(why) and then sent() or failed(reason, edit). */
export function showPending(message) {
  const made = row(message, true);
  const fate = element('p', 'fate');
  made.classList.add('pending');
  made.append(fate);
  change(() => outbox.append(made), true);
  return {
    waiting: why => change(() => (fate.textContent = why)),
    sent: () => change(() => made.remove()),
    failed(reason, edit) {
      made.classList.add('failed');
      const button = element('button', 'quiet', 'Edit');
      button.type = 'button';
      button.onclick = () => {
        made.remove();
        edit(message.text);
      };
      change(() => fate.replaceChildren(`Not sent: ${reason}`, button));
    },
  };
}

/** @param members [{user, name}] @param me my user */
export function showPeople(members, me) {
  const rank = ({ user }) => (user === me ? 0 : 1);
  const here = members.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  people.replaceChildren(...here.map(({ user, name }) => {
    const label = element('span', 'label', element('bdi', '', name));
    if (user === me) label.append(element('span', 'you', ' (you)'));
    const made = element('li', 'person', avatar(name), label);
    made.style.setProperty('--hue', hue(user));
    made.title = name;
    return made;
  }));
  $('count').textContent = here.length ? `· ${here.length}` : '';
}

export function setTitle(text) {
  title = text;
  unread = 0;
  document.title = title;
}

/** @param names of those who write something just now */
export function showTyping(names) {
  const who = new Intl.ListFormat('en').format(names.slice(0, 3));
  $('typing').textContent = names.length === 0 ? '' : names.length === 1 ? `${who} is typing…` : `${who} are typing…`;
}

/** For another room. */
export function clearMessages() {
  change(() => messages.replaceChildren(), true);
  last = null;
  showTyping([]);
}

// A smaller window or a growing composer must not hide the end of the conversation.
let wasAtEnd = true;
scroller.addEventListener('scroll', () => {
  wasAtEnd = isAtEnd();
  if (wasAtEnd) {
    below = 0;
    newer.hidden = true;
  }
}, { passive: true });
new ResizeObserver(() => wasAtEnd && toEnd()).observe(scroller);
newer.onclick = toEnd;

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    unread = 0;
    document.title = title;
  }
});
