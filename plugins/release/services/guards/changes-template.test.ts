import fc from 'fast-check';
import { type KubeObject, origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { changesTemplate } from './changes-template.ts';

const template = {
  metadata: { labels: { app: 'web' }, annotations: { team: 'shop' } },
  spec: {
    containers: [
      { name: 'web', image: 'acme/web:1', env: [{ name: 'MODE', value: 'fast' }], args: ['--verbose'] },
      { name: 'proxy', image: 'acme/proxy:1' },
    ],
    terminationGracePeriodSeconds: 30,
  },
};
const object = {
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', resourceVersion: '1' },
  spec: { replicas: 2, template },
  [origin]: { cluster: 'main', group: 'apps', version: 'v1', kind: 'Deployment' },
} as unknown as KubeObject;

const container = (more: object) => ({ spec: { containers: [{ name: 'web', ...more }] } });

describe('whether a part makes other pods (REL-17)', () => {
  it.each([
    ['nothing of the template', { spec: { replicas: 5 } }, false],
    ['an image as it is', { spec: { template: container({ image: 'acme/web:1' }) } }, false],
    ['another image', { spec: { template: container({ image: 'acme/web:2' }) } }, true],
    ['another container', { spec: { template: { spec: { containers: [{ name: 'new', image: 'a' }] } } } }, true],
    ['a variable as it is', { spec: { template: container({ env: [{ name: 'MODE', value: 'fast' }] }) } }, false],
    ['another variable', { spec: { template: container({ env: [{ name: 'MODE', value: 'slow' }] }) } }, true],
    ['a list without names', { spec: { template: container({ args: ['--quiet'] }) } }, true],
    ['when it was restarted', { spec: { template: restarted('2026-01-01T00:00:00Z') } }, false],
    ['rubbish', { spec: { template: 'none' } }, true],
    ['no spec', {}, false],
  ])('%s', (_what, next, expected) => {
    expect(changesTemplate({ object, next, isPart: true })).toBe(expected);
  });
});

describe('whether a whole object makes other pods (REL-17)', () => {
  it.each([
    ['the same', object, false],
    ['another number of pods', { ...object, spec: { replicas: 9, template } }, false],
    [
      'a restart',
      { ...object, spec: { template: { ...template, ...restarted('2026-01-01T00:00:00Z', 'shop') } } },
      false,
    ],
    [
      'an annotation less',
      { ...object, spec: { template: { ...template, metadata: { labels: { app: 'web' } } } } },
      true,
    ],
    ['no template at all', { ...object, spec: {} }, true],
    ['what nobody knows yet', undefined, true],
  ])('%s', (_what, next, expected) => {
    expect(changesTemplate({ object, next, isPart: false })).toBe(expected);
  });

  it('never fails, whatever the text says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (spec, isPart) => {
        expect(typeof changesTemplate({ object, next: { spec }, isPart })).toBe('boolean');
      }),
    );
  });
});

function restarted(at: string, team?: string) {
  const annotations = { ...(team ? { team } : {}), 'kubectl.kubernetes.io/restartedAt': at };
  return { metadata: { ...(team ? { labels: { app: 'web' } } : {}), annotations } };
}
