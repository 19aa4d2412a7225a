// Everybody sees where the others point. Who is here is the presence of one topic, which has no history: where somebody pointed
// a minute ago is of no interest.

import { connect } from '/whirlwind/client.js';
import { $, avatar, element, followState, hue, random } from './page.js';

const EVERY = 40; // milliseconds between two messages of ours
const QUIET = 8_000; // after which a cursor fades
const WAYS = ['Quick', 'Quiet', 'Brave', 'Bright', 'Calm', 'Clever', 'Early', 'Gentle', 'Happy', 'Lucky', 'Merry', 'Patient', 'Swift', 'Wise'];
const BEINGS = ['Badger', 'Crane', 'Dormouse', 'Falcon', 'Heron', 'Kestrel', 'Lynx', 'Marten', 'Otter', 'Owl', 'Puffin', 'Raven', 'Stoat', 'Swallow'];

const any = list => list[Math.floor(Math.random() * list.length)];
const kept = (name, otherwise) => localStorage[name] ??= otherwise; // two windows of a browser are one user

const session = kept('session', random());
let name = kept('cursor-name', `${any(WAYS)} ${any(BEINGS)}`);

const field = $('field');
const cursors = new Map(); // by user: {shown, label, x, y, from, at, seen}
let others = []; // members
let hub;
let topic;

function come() {
  hub?.close();
  hub = connect({ token: { session, name } });
  followState(hub);
  topic = hub.subscribe('cursors');
  topic.on('presence', showPeople);
  topic.on('leave', ({ user }) => remove(user));
  topic.on('message', ({ user, data }) => user !== hub.user && move(user, data));
}

// ---- who is here ----

function showPeople(all) {
  const me = all.find(({ user }) => user === hub.user);
  others = all.filter(member => member !== me);
  $('headline').textContent = ['Only you are here', 'One other is here'][others.length] ?? `${others.length} others are here`;
  $('others').replaceChildren(...others.map(person));
  for (const user of cursors.keys()) if (!others.some(other => other.user === user)) remove(user);
  for (const { user, info } of others) cursors.get(user)?.label.replaceChildren(info.name);
  $('mine').hidden = !me;
  if (!me) return;
  $('mine').style.setProperty('--hue', hue(me.user));
  $('my-avatar').replaceWith(Object.assign(avatar(me.info.name), { id: 'my-avatar' }));
  $('windows').textContent = times(me);
}

const times = ({ connections }) => (connections > 1 ? `× ${connections}` : '');

function person(member) {
  const made = element('li', 'person', avatar(member.info.name), element('bdi', '', member.info.name), element('span', 'note', times(member)));
  made.style.setProperty('--hue', hue(member.user));
  return made;
}

$('me').value = name;
$('me').onchange = ({ target }) => {
  name = localStorage['cursor-name'] = target.value.trim() || name;
  target.value = name;
  target.blur();
  come();
};

// ---- the others' cursors ----

function cursor(user) {
  const label = element('bdi', '', others.find(other => other.user === user)?.info.name ?? '');
  const made = element('div', 'cursor', $('arrow').content.cloneNode(true), label);
  made.style.setProperty('--hue', hue(user));
  $('cursors').append(made);
  return { shown: made, label, x: null, y: null };
}

function move(user, { x, y, press }) {
  if (!cursors.has(user)) cursors.set(user, cursor(user));
  const it = cursors.get(user);
  const now = performance.now();
  Object.assign(it, { from: it.x === null ? { x, y } : place(it, now), x, y, at: now, seen: now });
  if (press) ripple(x, y, hue(user));
}

function remove(user) {
  cursors.get(user)?.shown.remove();
  cursors.delete(user);
}

/** On the way from where it was to where it is: between two messages a cursor goes on moving. */
function place({ from, x, y, at }, now) {
  const part = Math.min(1, (now - at) / (2 * EVERY));
  return { x: from.x + (x - from.x) * part, y: from.y + (y - from.y) * part };
}

function draw(now) {
  const { clientWidth: width, clientHeight: height } = field;
  for (const it of cursors.values()) {
    const { x, y } = place(it, now);
    it.shown.style.transform = `translate(${x * width}px, ${y * height}px)`;
    it.shown.classList.toggle('quiet', now - it.seen > QUIET);
  }
  requestAnimationFrame(draw);
}

function ripple(x, y, colour) {
  const made = element('div', 'ripple');
  made.style.setProperty('--hue', colour);
  made.style.left = `${x * 100}%`;
  made.style.top = `${y * 100}%`;
  $('cursors').append(made);
  made.animate([{ scale: 0.1, opacity: 1 }, { scale: 1.6, opacity: 0 }], { duration: 700, easing: 'ease-out' }).onfinish = () => made.remove();
}

// ---- ours ----

let pending = null; // where we point, not told yet
let timer = 0;

/** Parts of the field, so that it means the same in a window of another size. */
function point({ clientX, clientY }, press) {
  const { left, top, width, height } = field.getBoundingClientRect();
  const part = (value, from, length) => Math.round(Math.min(1, Math.max(0, (value - from) / length)) * 10_000) / 10_000;
  pending = { x: part(clientX, left, width), y: part(clientY, top, height), ...((press || pending?.press) && { press: true }) };
  if (press) ripple(pending.x, pending.y, hue(hub.user ?? ''));
  if (!timer) tell();
}

function tell() {
  timer = 0;
  if (!pending) return;
  if (hub.state === 'open') topic.publish(pending).catch(() => {}); // the next one says more
  pending = null;
  timer = setTimeout(tell, EVERY);
}

field.addEventListener('pointermove', event => point(event, false));
field.addEventListener('pointerdown', event => point(event, true));

come();
requestAnimationFrame(draw);
