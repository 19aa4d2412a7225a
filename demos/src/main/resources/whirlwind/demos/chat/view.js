// What the page shows. Whatever people typed enters the document as text, never as markup.

const KEPT = 500; // rows of the conversation that stay in the page
const GROUP_MILLIS = 5 * 60 * 1000; // messages of one person within this time stand under one name

const $ = id => document.getElementById(id);
const scroller = $('scroller');
const messages = $('messages');
const outbox = $('outbox');
const people = $('people');
const newer = $('newer');

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const title = document.title;

let last = null; // the last message shown, for grouping
let unread = 0;
let below = 0; // messages that arrived below what is in view

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content); // strings become text nodes
  return made;
}

/** The colour of a name, one of twelve: the same everywhere and on every visit. */
function hue(name) {
  let hash = 2166136261; // FNV-1a
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  return ((hash ^ (hash >>> 15)) >>> 0) % 12 * 30 + 10;
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map(word => [...word][0]).join('').toUpperCase() || '?';
}

function avatar(name) {
  const made = element('span', 'avatar', initials(name));
  made.setAttribute('aria-hidden', 'true');
  return made;
}

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

/** A row for a message that the server has ({name, text, time}) or has not yet ({name, text}). */
function row({ name, text, time }, own) {
  const who = element('p', 'who', element('bdi', '', own ? 'You' : name));
  if (time) who.append(timestamp(time));
  const made = element('li', own ? 'message own' : 'message', avatar(name), who, element('p', 'bubble', text));
  made.style.setProperty('--hue', hue(name));
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
    const first = last?.name !== message.name || message.time - last.time > GROUP_MILLIS;
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
export function showPending(name, text) {
  const made = row({ name, text }, true);
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
        edit(text);
      };
      change(() => fate.replaceChildren(`Not sent: ${reason}`, button));
    },
  };
}

export function showPeople(names, me) {
  const others = names.filter(name => name !== me).sort((a, b) => a.localeCompare(b));
  const here = names.includes(me) ? [me, ...others] : others;
  people.replaceChildren(...here.map(name => {
    const label = element('span', 'label', element('bdi', '', name));
    if (name === me) label.append(element('span', 'you', ' (you)'));
    const made = element('li', 'person', avatar(name), label);
    made.style.setProperty('--hue', hue(name));
    made.title = name;
    return made;
  }));
  $('count').textContent = here.length ? `· ${here.length}` : '';
}

/** @param state open, connecting, waiting or idle @param text what to say about it */
export function showState(state, text) {
  $('state').dataset.state = state;
  if ($('state-text').textContent !== text) $('state-text').textContent = text; // or it is read out again
  $('retry').hidden = state !== 'waiting';
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
