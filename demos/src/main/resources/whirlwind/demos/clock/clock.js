const $ = id => document.getElementById(id);

const source = new EventSource('/events'); // which connects again by itself
let ticks = 0;

source.onopen = () => ($('state').textContent = 'Connected');
source.onerror = () => {
  const over = source.readyState === EventSource.CLOSED; // it doesn't come back to who answers with an error
  $('state').textContent = over ? 'Connection lost: reload to try again' : 'Connection lost: trying again';
};

source.addEventListener('tick', ({ data }) => {
  ticks += 1;
  $('time').textContent = new Date(data).toLocaleTimeString();
  $('time').dateTime = data;
  $('count').textContent = `, ${ticks} ${ticks === 1 ? 'tick' : 'ticks'}`;
});
