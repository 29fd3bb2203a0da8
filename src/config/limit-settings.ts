import { z } from 'zod';
import { numberSetting } from './setting-kinds.ts';

const mebibyte = 1_048_576;

/** Every limit has both a lowest and a highest value: none can be switched off. */
export const limitSettings = z.strictObject({
  depth: numberSetting('Deepest nesting of fields in a document, fragments expanded.', {
    min: 3,
    max: 50,
    default: 15,
  }),
  cost: numberSetting('Highest cost of a document: fields times page sizes; an introspection costs 20000.', {
    min: 25_000,
    max: 10_000_000,
    default: 100_000,
  }),
  tokens: numberSetting('Most tokens in a document.', { min: 500, max: 100_000, default: 5_000 }),
  // A cluster keeps values of 1 MiB in one ConfigMap or Secret, which are 1.34 MiB as base64 in JSON.
  bodyBytes: numberSetting('Largest request body in bytes.', {
    min: 16_384,
    max: 16 * mebibyte,
    default: 2 * mebibyte,
  }),
  aliases: numberSetting('Most aliases in a document, fragments expanded.', { min: 1, max: 1_000, default: 50 }),
  directives: numberSetting('Most directives in a document, fragments expanded.', { min: 1, max: 1_000, default: 50 }),
  pageSize: numberSetting('Most items in one page of a list (`first`, `last`).', {
    min: 10,
    max: 1_000,
    default: 1_000,
  }),
  inFlight: numberSetting(
    'Most requests that are executed at one time; as many wait for a second at most, by turns of callers, beyond it OVERLOADED.',
    {
      min: 1,
      max: 10_000,
      default: 200,
    },
  ),
  inFlightPerPrincipal: numberSetting('Most requests of one caller that are executed at one time, and that wait.', {
    min: 1,
    max: 10_000,
    default: 50,
  }),
  costPerMinute: numberSetting(
    'What one caller may ask for in a minute, in the unit of `cost`, a sixth of it at once; beyond it RATE_LIMITED. A request counts for 500 at least, a mutation or a stream for 5000, an answer that is given again for a twentieth.',
    { min: 1_000_000, max: 1_000_000_000_000, default: 30_000_000, devDefault: 1_000_000_000 },
  ),
  failedSignInsPerMinute: numberSetting(
    'Sign-ins from one address that may fail in a minute; beyond it only tokens that were valid there lately are looked at.',
    { min: 60, max: 1_000_000, default: 3_000, devDefault: 100_000 },
  ),
  subscriptionsPerSocket: numberSetting('Most subscriptions over one WebSocket.', { min: 1, max: 1_000, default: 100 }),
  socketsPerPrincipal: numberSetting('Most WebSockets and event streams of one caller.', {
    min: 1,
    max: 10_000,
    default: 50,
  }),
  terminals: numberSetting('Most terminals that are open through one gateway.', { min: 1, max: 10_000, default: 500 }),
  answerCacheBytes: numberSetting(
    'Most bytes of answers, and of rows of lists, kept to be given again while nothing they show has changed; 0 keeps none.',
    {
      min: 0,
      max: 4_096 * mebibyte,
      default: 64 * mebibyte,
    },
  ),
  queueMessages: numberSetting('Most messages that wait for one slow subscriber; beyond it one RESYNC.', {
    min: 10,
    max: 100_000,
    default: 1_000,
  }),
  queueBytes: numberSetting('Most bytes that wait for one slow subscriber; beyond it one RESYNC.', {
    min: 65_536,
    max: 64 * mebibyte,
    default: mebibyte,
  }),
});
