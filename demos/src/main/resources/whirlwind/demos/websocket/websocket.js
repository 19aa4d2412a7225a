const $ = id => document.getElementById(id);

const address = new URL('/echo', location.href);
address.protocol = address.protocol.replace('http', 'ws');
const socket = new WebSocket(address);

socket.onopen = () => ($('state').textContent = 'Connected.');
socket.onclose = () => ($('state').textContent = 'Connection lost: reload to try again.');

socket.onmessage = ({ data }) => {
  const item = document.createElement('li');
  item.textContent = data;
  $('log').prepend(item);
};

$('form').onsubmit = event => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send($('text').value);
  $('text').value = '';
};
