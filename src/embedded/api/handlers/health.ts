import type { Answer, ApiRequest } from '../api-context.ts';

const hooks = ['poststarthook/start-apiextensions-controllers', 'poststarthook/crd-informer-synced'];
const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', ...hooks],
  livez: ['ping', 'log', 'etcd', ...hooks],
  readyz: ['ping', 'log', 'informer-sync', ...hooks, 'shutdown'],
};
export const healthRoots: readonly string[] = Object.keys(checks).map((endpoint) => `/${endpoint}`);
const pattern = /^\/(livez|readyz|healthz)(?:\/(.*))?$/;

/**
 * `/livez`, `/readyz`, `/healthz` and each single check below them; `verbose` lists the checks, `exclude` leaves some out.
 * Whoever answers at all is well: everything is one process. Undefined where the path is none of these.
 */
export function answerHealth(request: ApiRequest): Answer | undefined {
  const [, endpoint = '', single = ''] = pattern.exec(request.info.path) ?? [];
  const names = checks[endpoint];
  if (names === undefined || (single !== '' && !names.includes(single))) return undefined;
  const excluded = new Set(request.query.getAll('exclude'));
  const lines = names.map((name) => (excluded.has(name) ? `[+]${name} excluded: ok\n` : `[+]${name} ok\n`));
  const isListed = single === '' && request.query.has('verbose');
  const text = isListed ? `${lines.join('')}${endpoint} check passed\n` : 'ok';
  return {
    code: 200,
    text,
    contentType: 'text/plain; charset=utf-8',
    headers: { 'x-content-type-options': 'nosniff' },
  };
}
