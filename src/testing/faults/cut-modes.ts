/**
 * Every way in which the watch of a cluster is known to break:
 *
 * - `reset` the connection ends with RST.
 * - `close` the answer ends as it should, only earlier.
 * - `black-hole` nothing arrives any more, without FIN or RST.
 * - `gone-at-connect` RST, and the next watch is answered with 410.
 * - `gone-frame` an ERROR frame of code 410, then the end.
 * - `throttled` RST, and the next two watches are answered with 429 and `Retry-After: 1`.
 * - `relist-fails` as `gone-frame`, and the next two lists are answered with 500.
 * - `deleted-before-watch` as `gone-frame`, and `between` is called after the next list and before the watch behind it.
 * - `duplicate-frame` the newest frame arrives a second time.
 * - `version-back` an old frame arrives again.
 * - `half-line` half of the next frame arrives, then FIN.
 * - `huge-object` the next object carries 2 MB more than it has.
 */
export const cutModes = [
  'reset',
  'close',
  'black-hole',
  'gone-at-connect',
  'gone-frame',
  'throttled',
  'relist-fails',
  'deleted-before-watch',
  'duplicate-frame',
  'version-back',
  'half-line',
  'huge-object',
] as const;

export type CutMode = (typeof cutModes)[number];
