const $ = id => document.getElementById(id);
const AT_ONCE = 3;

const waiting = [];
let running = 0;

function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; unit++; }
  return `${unit && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)} ${units[unit]}`;
}

function row(list, name, note) {
  const item = document.createElement('li');
  item.append(document.createElement('span'), document.createElement('span'));
  item.children[0].textContent = name;
  item.children[1].textContent = note;
  list.append(item);
  return item;
}

async function listReceived() {
  const files = await (await fetch('/files')).json();
  $('received').replaceChildren();
  files.forEach(file => row($('received'), file.name, size(file.size)));
}

/** With XMLHttpRequest, because fetch tells nothing of what has been sent. */
function send({ file, item, bar }) {
  const request = new XMLHttpRequest();
  running++;
  request.open('PUT', '/files/' + encodeURIComponent(file.name));
  request.upload.onprogress = ({ loaded }) => {
    bar.value = loaded;
    item.children[1].textContent = `${size(loaded)} of ${size(file.size)}`;
  };
  request.onloadend = () => {
    running--;
    if (request.status === 200) {
      item.remove();
      listReceived();
    } else {
      item.children[1].textContent = request.status ? `refused (${request.status})` : 'failed';
    }
    sendNext();
  };
  request.send(file);
}

function sendNext() {
  while (running < AT_ONCE && waiting.length) send(waiting.shift());
}

function add(files) {
  for (const file of files) {
    const item = row($('sending'), file.name, 'waiting');
    const bar = document.createElement('progress');
    bar.max = file.size || 1;
    bar.value = 0;
    item.append(bar);
    waiting.push({ file, item, bar });
  }
  sendNext();
}

$('choose').onchange = ({ target }) => {
  add(target.files);
  target.value = '';
};

const zone = document.querySelector('label');
zone.ondragover = event => { event.preventDefault(); zone.classList.add('over'); };
zone.ondragleave = () => zone.classList.remove('over');
zone.ondrop = event => {
  event.preventDefault();
  zone.classList.remove('over');
  add(event.dataTransfer.files);
};

listReceived();
