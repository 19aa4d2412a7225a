// What tests of the client find in a page.

import { connect, HubError } from '/whirlwind/client.js';

Object.assign(window, { connect, HubError, log: [], watch, outcome });

const TYPES = ['message', 'subscribed', 'lost', 'unsubscribed', 'join', 'leave'];

/** Writes down what a subscription tells. */
function watch(subscription, types = TYPES) {
  for (const type of types) {
    subscription.on(type, ({ data, user, code, recovered, since, position } = {}) => {
      const detail = { message: data, join: user, leave: user, unsubscribed: code, subscribed: recovered,
        lost: since && `${since.epoch}:${since.offset} to ${position.epoch}:${position.offset}` }[type];
      log.push(`${type} ${detail}`);
    });
  }
  return subscription;
}

/** Writes down what becomes of a promise. */
function outcome(name, promise) {
  promise.then(value => log.push(`${name} ${JSON.stringify(value)}`), error => log.push(`${name} failed: ${error.code}`));
}
