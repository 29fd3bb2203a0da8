import { existsSync } from 'node:fs';

/**
 * Whether a test that needs something of this machine has to be skipped; says why on standard error. `npm run test:all`
 * does not skip: there a missing thing is a failure.
 */
export function mustSkip(what: string, isThere: boolean): boolean {
  if (isThere) return false;
  if (process.env.LONGSHORE_TEST_ALL === '1') throw new Error(`test:all needs ${what}, which is not on this machine`);
  process.stderr.write(`skipped: this machine has no ${what}\n`);
  return true;
}

/** A Chromium that is installed here, or undefined. */
export function findChromium(): string | undefined {
  const places = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return places.find((place): place is string => place !== undefined && existsSync(place));
}

/** A Prometheus that is installed here (Debian's package `prometheus`), or the one that `PROMETHEUS` names; or undefined. */
export function findPrometheus(): string | undefined {
  const places = [process.env.PROMETHEUS, '/usr/bin/prometheus', '/usr/local/bin/prometheus', '/bin/prometheus'];
  return places.find((place): place is string => place !== undefined && existsSync(place));
}
