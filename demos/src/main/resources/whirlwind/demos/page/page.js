// What the pages of the demos share.

export const $ = id => document.getElementById(id);

export function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content); // strings become text nodes: what people typed is never markup
  return made;
}

export const random = () => [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(36)).join('');

/** A value that stays with this tab: it survives a reload, and another tab has its own. */
export function remembered(name, otherwise) {
  if (sessionStorage.getItem(name) === null) sessionStorage.setItem(name, otherwise);
  return sessionStorage.getItem(name);
}

/** The colour of a person, one of twelve: the same everywhere and on every visit. */
export function hue(id) {
  let hash = 2166136261; // FNV-1a
  for (const character of id) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  return ((hash ^ (hash >>> 15)) >>> 0) % 12 * 30 + 10;
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map(word => [...word][0]).join('').toUpperCase() || '?';
}

export function avatar(name) {
  const made = element('span', 'avatar', initials(name));
  made.setAttribute('aria-hidden', 'true');
  return made;
}

/** @param state open, connecting, waiting or idle @param text what to say about it */
export function showState(state, text) {
  $('state').dataset.state = state;
  if ($('state-text').textContent !== text) $('state-text').textContent = text; // or it is read out again
  $('retry').hidden = state !== 'waiting';
}

const TRANSPORTS = { websocket: 'WebSocket', sse: 'server-sent events', longpoll: 'long polling' };

let countdown; // timer
let attempts = 0; // in a row

/** Shows how a hub's connection is, and lets people end a pause. Returns a function that ends it. */
export function followState(hub) {
  const show = ({ state, transport, delay = 0 }) => {
    clearInterval(countdown);
    if (state === 'open') {
      attempts = 0;
      showState('open', 'Connected');
      $('state-text').title = `by ${TRANSPORTS[transport]}`;
    } else if (state === 'waiting') {
      attempts++;
      const due = Date.now() + delay;
      const tick = () => {
        const seconds = Math.max(0, Math.ceil((due - Date.now()) / 1000));
        showState('waiting', attempts < 4 ? 'Connection lost' : `Offline, next try in ${seconds} s`);
      };
      countdown = setInterval(tick, 500);
      tick();
    } else {
      showState(state === 'closed' ? 'idle' : 'connecting', state === 'closed' ? '' : attempts ? 'Reconnecting…' : 'Connecting…');
    }
  };
  $('retry').onclick = () => hub.reconnect();
  show(hub);
  return hub.on('state', show);
}
