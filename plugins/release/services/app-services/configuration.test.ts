import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationOf, snapshotNameOf, withoutSnapshots, withSnapshots } from './configuration.ts';

const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    initContainers: [{ name: 'init', envFrom: [{ configMapRef: { name: 'all' } }, { secretRef: { name: 'keys' } }] }],
    containers: [
      {
        name: 'web',
        env: [
          { name: 'A', value: 'keys' },
          { name: 'B', valueFrom: { configMapKeyRef: { name: 'one', key: 'b', optional: true } } },
          { name: 'C', valueFrom: { secretKeyRef: { name: 'keys', key: 'c' } } },
          { name: 'D', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
      },
    ],
    volumes: [
      { name: 'v', configMap: { name: 'all', items: [{ key: 'a', path: 'a' }] } },
      { name: 'w', secret: { secretName: 'tls' } },
      {
        name: 'p',
        projected: { sources: [{ configMap: { name: 'one' } }, { secret: { name: 'tls' } }, { downwardAPI: {} }] },
      },
      { name: 'e', emptyDir: {} },
    ],
    imagePullSecrets: [{ name: 'hub' }],
  },
};

describe('the configuration of a pod template (REL-10)', () => {
  it('is what variables and volumes name, each once, and optional only where all of them say so', () => {
    expect(configurationOf(template)).toEqual([
      { kind: 'ConfigMap', name: 'all', isOptional: false },
      { kind: 'Secret', name: 'keys', isOptional: false },
      { kind: 'ConfigMap', name: 'one', isOptional: false },
      { kind: 'Secret', name: 'tls', isOptional: false },
    ]);
  });

  it('is named by its copies everywhere, and pull secrets stay', () => {
    const renamed = withSnapshots(template, [
      { kind: 'ConfigMap', name: 'all', snapshot: 'all-1' },
      { kind: 'Secret', name: 'keys', snapshot: 'keys-1' },
      { kind: 'ConfigMap', name: 'one', snapshot: 'one-1' },
      { kind: 'Secret', name: 'tls', snapshot: 'tls-1' },
    ]);
    expect(renamed).toMatchObject({
      spec: {
        initContainers: [{ envFrom: [{ configMapRef: { name: 'all-1' } }, { secretRef: { name: 'keys-1' } }] }],
        containers: [
          {
            env: [
              { value: 'keys' },
              { valueFrom: { configMapKeyRef: { name: 'one-1', key: 'b', optional: true } } },
              { valueFrom: { secretKeyRef: { name: 'keys-1' } } },
              { valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            ],
          },
        ],
        volumes: [
          { configMap: { name: 'all-1', items: [{ key: 'a', path: 'a' }] } },
          { secret: { secretName: 'tls-1' } },
          { projected: { sources: [{ configMap: { name: 'one-1' } }, { secret: { name: 'tls-1' } }, {}] } },
          { emptyDir: {} },
        ],
        imagePullSecrets: [{ name: 'hub' }],
      },
    });
  });

  it('comes back to its own names', () => {
    const snapshots = configurationOf(template).map(({ kind, name }) => ({ kind, name, snapshot: `${name}-copy` }));
    expect(withoutSnapshots(withSnapshots(template, snapshots), snapshots)).toEqual(template);
  });
});

describe('the name of a copy', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,40}([-.][a-z0-9]{1,40}){0,5}$/).filter((text) => text.length <= 253);

  it('is a name of Kubernetes, and another one for another name or version', () => {
    fc.assert(
      fc.property(name, name, fc.uuid(), fc.uuid(), (one, other, version, otherVersion) => {
        const made = snapshotNameOf(one, version);
        expect(made).toMatch(/^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
        if (one !== other) expect(snapshotNameOf(other, version)).not.toBe(made);
        fc.pre(version.replaceAll('-', '').slice(0, 10) !== otherVersion.replaceAll('-', '').slice(0, 10));
        expect(snapshotNameOf(one, otherVersion)).not.toBe(made);
      }),
    );
  });

  it('keeps names apart that are alike as far as there is room for them', () => {
    const long = 'a'.repeat(252);
    const version = '01234567-89ab-4def-8123-456789abcdef';
    expect(snapshotNameOf(`${long}b`, version)).not.toBe(snapshotNameOf(`${long}c`, version));
    expect(snapshotNameOf('web', version)).toBe('web-0123456789');
  });
});
