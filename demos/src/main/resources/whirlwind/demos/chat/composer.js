// Where one writes, and the dialog that asks for a name.

import { $ } from './page.js';

const input = $('text');

/** Puts a text where one writes. */
export function write(text) {
  input.value = text;
  input.dispatchEvent(new Event('input'));
  input.focus();
}

/** Puts a text that was not sent before what has been written since. */
export const edit = text => write([input.value, text].filter(Boolean).join('\n'));

/** Calls `say` with each message that is written, and `typing` while one is. */
export function onWritten(say, typing = () => {}) {
  input.oninput = () => {
    const left = input.maxLength - input.value.length;
    $('left').textContent = left <= 200 ? `${left} characters left` : '';
    $('send').disabled = input.value.trim() === '';
    sessionStorage.setItem('draft', input.value);
    if (input.value) typing();
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

  write(sessionStorage.getItem('draft') ?? '');
}

/** Calls `come` with the visitor's name: that of this tab at once, else and later what they choose. */
export function onNamed(come) {
  let name = sessionStorage.getItem('name');

  $('rename').onclick = () => {
    $('name').value = name ?? localStorage.getItem('name') ?? '';
    $('join').showModal();
    $('name').select();
  };

  $('join').oncancel = event => name || event.preventDefault();

  $('join-form').onsubmit = () => {
    const wanted = $('name').value.trim();
    localStorage.setItem('name', wanted);
    input.focus();
    if (wanted !== name) come(named(wanted));
  };

  function named(wanted) {
    name = wanted;
    sessionStorage.setItem('name', name);
    return name;
  }

  if (name) come(name);
  else $('rename').click();
  return named; // for a name that the server has changed
}
