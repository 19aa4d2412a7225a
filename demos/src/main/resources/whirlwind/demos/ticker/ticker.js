// A hundred prices. The server sends what has changed and waits until that is drawn: a slow page misses what it could not
// show, never what counts, the latest price.

import { connect } from '/whirlwind/client.js';
import { $, element, followState } from './page.js';

const SHOWN = 120; // seconds in the chart
const SPARK = 60; // seconds in a tile

const price = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 2, signDisplay: 'exceptZero' });
const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

let quotes = []; // {symbol, name, open, price, points: [one a second], tile}
let ready = null; // a promise: the board is there
let chosen = null;
let pace = 0; // milliseconds between two messages, at least
const flow = { changed: 0, received: 0, batches: 0 }; // since the second began

const hub = connect();
followState(hub);
hub.onRequest(draw);
hub.on('state', ({ state }) => {
  if (state === 'open') ready = hub.request('watch').then(begin, () => {}); // if it breaks, there will be another
});

function begin(board) {
  const symbol = chosen?.symbol ?? location.hash.slice(1);
  quotes = board.map(quote => ({ ...quote, tile: tile(quote) }));
  $('board').replaceChildren(...quotes.map(quote => quote.tile.item));
  choose(quotes.find(quote => quote.symbol === symbol) ?? quotes[0]);
  quotes.forEach(show);
  quotes.forEach(drawSpark);
}

/** Draws what has changed; the server sends the next when this is done. */
async function draw({ changes, prices }) {
  await ready;
  await new Promise(resolve => (document.hidden ? setTimeout(resolve, 1_000) : requestAnimationFrame(resolve)));
  flow.changed += changes;
  flow.received += prices.length;
  flow.batches++;
  for (const [index, now] of prices) {
    const quote = quotes[index];
    const before = quote.price;
    quote.price = now;
    show(quote);
    flash(quote.tile.price, now - before);
  }
  if (pace > 0) await new Promise(resolve => setTimeout(resolve, pace));
  return null;
}

// ---- tiles ----

function tile({ symbol, name }) {
  const parts = {
    price: element('span', 'price'),
    change: element('span', 'change'),
    spark: element('canvas'),
  };
  const button = element('button', 'tile', element('span', 'symbol', symbol), parts.change, parts.price, parts.spark);
  button.type = 'button';
  button.title = name;
  button.onclick = () => choose(quotes.find(quote => quote.symbol === symbol));
  return { ...parts, button, item: element('li', '', button) };
}

function show(quote) {
  const change = quote.price / quote.open - 1;
  quote.tile.price.textContent = price.format(quote.price);
  showChange(quote.tile.change, change);
  if (quote === chosen) {
    $('chart-price').textContent = price.format(quote.price);
    showChange($('chart-change'), change);
  }
}

function showChange(where, change) {
  where.textContent = percent.format(Math.abs(change)).replace('+', '');
  where.classList.toggle('up', change >= 0);
  where.classList.toggle('down', change < 0);
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

function flash(where, difference) {
  if (calm.matches || difference === 0 || pace === 0) return; // at full speed all would flicker
  const colour = getComputedStyle(document.documentElement).getPropertyValue(difference > 0 ? '--up' : '--down');
  where.animate([{ backgroundColor: `color-mix(in oklab, ${colour} 35%, transparent)` }, {}], 450);
}

function choose(quote) {
  chosen?.tile.button.setAttribute('aria-pressed', 'false');
  chosen = quote;
  chosen.tile.button.setAttribute('aria-pressed', 'true');
  history.replaceState(null, '', `#${quote.symbol}`);
  $('chart-symbol').textContent = quote.symbol;
  $('chart-name').textContent = quote.name;
  show(quote);
  drawChart();
}

// ---- lines ----

/** A canvas of as many pixels as the screen has, and its size in those of the page. */
function prepared(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const [wide, high] = [width, height].map(length => Math.round(length * devicePixelRatio));
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d');
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

const styles = getComputedStyle(document.documentElement);
const colour = name => styles.getPropertyValue(name);

function trace(context, points, x, y) {
  context.beginPath();
  points.forEach((point, i) => context.lineTo(x(i), y(point)));
}

function drawSpark({ points, open, price: now, tile: { spark } }) {
  const { context, width, height } = prepared(spark);
  const shown = [...points.slice(-SPARK), now];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  context.strokeStyle = colour(now >= open ? '--up' : '--down');
  context.lineWidth = 1.3;
  context.lineJoin = 'round';
  trace(context, shown, i => (width * i) / SPARK, point => height - 3 - ((height - 6) * (point - low)) / (high - low || 1));
  context.stroke();
}

function drawChart() {
  if (!chosen) return;
  const { context, width, height } = prepared($('canvas'));
  const shown = [...chosen.points.slice(-SHOWN), chosen.price];
  const margin = (Math.max(...shown) - Math.min(...shown)) * 0.12 || 0.01;
  const [low, high] = [Math.min(...shown) - margin, Math.max(...shown) + margin];
  const right = width - 56; // the rest is for the scale
  const x = i => (right * (i + SHOWN + 1 - shown.length)) / SHOWN;
  const y = point => height - 18 - ((height - 24) * (point - low)) / (high - low);
  context.font = `11px ${styles.fontFamily}`;
  context.fillStyle = colour('--soft');
  context.strokeStyle = colour('--line');
  context.lineWidth = 1;
  for (let i = 0; i <= 4; i++) {
    const level = low + ((high - low) * i) / 4;
    context.beginPath();
    context.moveTo(0, Math.round(y(level)) + 0.5);
    context.lineTo(right, Math.round(y(level)) + 0.5);
    context.stroke();
    context.fillText(price.format(level), right + 8, y(level) + 4);
  }
  context.textAlign = 'center';
  for (let ago = 0; ago < SHOWN; ago += 30) context.fillText(ago ? `−${ago} s` : 'now', x(shown.length - 1 - ago) - (ago ? 0 : 12), height - 3);
  context.textAlign = 'start';
  const line = colour(chosen.price >= chosen.open ? '--up' : '--down');
  trace(context, shown, x, y);
  context.strokeStyle = line;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.stroke();
  context.lineTo(x(shown.length - 1), height - 18);
  context.lineTo(x(0), height - 18);
  context.globalAlpha = 0.1;
  context.fillStyle = line;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  context.arc(x(shown.length - 1), y(chosen.price), 3.5, 0, 7);
  context.fill();
}

// ---- once a second ----

setInterval(() => {
  for (const [name, value] of Object.entries(flow)) {
    $(name).textContent = count.format(value);
    flow[name] = 0;
  }
  for (const quote of quotes) {
    quote.points.push(quote.price);
    if (quote.points.length > SHOWN) quote.points.shift();
    if (!document.hidden) drawSpark(quote);
  }
}, 1_000);

/** The chart's end moves with the price. */
function follow() {
  drawChart();
  requestAnimationFrame(follow);
}

requestAnimationFrame(follow);
new ResizeObserver(() => quotes.forEach(drawSpark)).observe($('board'));
$('pace').onchange = ({ target }) => { pace = Number(target.value); };
