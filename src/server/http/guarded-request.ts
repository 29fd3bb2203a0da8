import type { IncomingMessage } from 'node:http';
import type { GuardedRequest } from '../../access/create-origin-guard.ts';

/**
 * What the guard judges, of requests and upgrades alike. A header that came twice is its values in one line: no rule
 * here may depend on which of them somebody between reads (Node itself keeps the first Host and drops the others).
 */
export function guardedRequest(request: IncomingMessage): GuardedRequest {
  const whole = (name: string): string | undefined => request.headersDistinct[name]?.join(', ');
  const path = request.url ?? '/';
  return {
    host: whole('host'),
    origin: whole('origin'),
    secFetchSite: whole('sec-fetch-site'),
    method: request.method ?? 'GET',
    path: path.split('?', 1)[0] ?? '/',
  };
}
