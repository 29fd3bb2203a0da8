import { expect } from 'vitest';
import { conformanceArea } from './support/conformance-area.ts';

const { conformanceCase } = conformanceArea('version');

conformanceCase(
  {
    title: 'says its version, in parts and as a whole',
    source: 'reference/using-api/server version: GET /version',
  },
  async ({ api }) => {
    const { status, body } = await api.get('/version');
    expect(status).toBe(200);
    expect(body.gitVersion).toMatch(/^v1\.\d+\.\d+/);
    expect(`v${body.major}.${body.minor.replace('+', '')}`).toBe(/^v\d+\.\d+/.exec(body.gitVersion)?.[0]);
  },
);

conformanceCase(
  {
    title: 'makes a default ServiceAccount in each new namespace',
    source: 'tasks/configure-pod-container/configure-service-account: the default service account',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    expect((await api.get(`/api/v1/namespaces/${ns}/serviceaccounts/default`)).body.kind).toBe('ServiceAccount');
  },
);
