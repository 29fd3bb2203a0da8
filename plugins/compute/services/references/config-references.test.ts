import { describe, expect, it } from 'vitest';
import { type ConfigReference, configReferencesOf, type PodSpec } from './config-references.ts';

const nothing = { key: undefined, container: undefined, variable: undefined, path: undefined, isOptional: false };
const web = (more: object): PodSpec => ({ containers: [{ name: 'web', ...more }] });
const mounted = (volume: object, mount: object = {}): PodSpec => ({
  ...web({ volumeMounts: [{ name: 'v', mountPath: '/etc/app', ...mount }] }),
  volumes: [{ name: 'v', ...volume }],
});

type Case = readonly [string, PodSpec, readonly Partial<ConfigReference>[]];
const cases: readonly Case[] = [
  [
    'a variable from a key',
    web({ env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'app', key: 'mode', optional: true } } }] }),
    [
      {
        kind: 'ConfigMap',
        name: 'app',
        way: 'ENVIRONMENT_VARIABLE',
        key: 'mode',
        variable: 'MODE',
        container: 'web',
        isOptional: true,
      },
    ],
  ],
  [
    'a variable from a Secret, beside others that use nothing',
    web({
      env: [
        { name: 'A', value: 'b' },
        { name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      ],
    }),
    [{ kind: 'Secret', name: 'db', way: 'ENVIRONMENT_VARIABLE', key: 'password', variable: 'P', container: 'web' }],
  ],
  [
    'all keys as variables',
    web({ envFrom: [{ prefix: 'APP_', configMapRef: { name: 'app' } }, { secretRef: { name: 'db' } }] }),
    [
      { kind: 'ConfigMap', name: 'app', way: 'ENVIRONMENT', variable: 'APP_', container: 'web' },
      { kind: 'Secret', name: 'db', way: 'ENVIRONMENT', container: 'web' },
    ],
  ],
  [
    'all keys as files',
    mounted({ configMap: { name: 'app' } }),
    [{ kind: 'ConfigMap', name: 'app', way: 'VOLUME', path: '/etc/app', container: 'web' }],
  ],
  [
    'chosen keys as files',
    mounted(
      { secret: { secretName: 'tls', items: [{ key: 'tls.crt', path: 'certs/web.pem' }] } },
      { mountPath: '/etc/app/' },
    ),
    [{ kind: 'Secret', name: 'tls', way: 'VOLUME', key: 'tls.crt', path: '/etc/app/certs/web.pem', container: 'web' }],
  ],
  [
    'one file in place of another',
    mounted({ configMap: { name: 'app' } }, { subPath: 'my.cnf', mountPath: '/etc/my.cnf' }),
    [{ kind: 'ConfigMap', name: 'app', way: 'VOLUME', key: 'my.cnf', path: '/etc/my.cnf', container: 'web' }],
  ],
  [
    'one chosen file under another name',
    mounted({ configMap: { name: 'app', items: [{ key: 'a', path: 'x/b' }] } }, { subPath: 'x/b', mountPath: '/b' }),
    [{ kind: 'ConfigMap', name: 'app', way: 'VOLUME', key: 'a', path: '/b', container: 'web' }],
  ],
  [
    'a projected volume',
    mounted({
      projected: {
        sources: [{ configMap: { name: 'app' } }, { secret: { name: 'db', optional: true } }, { downwardAPI: {} }],
      },
    }),
    [
      { kind: 'ConfigMap', name: 'app', way: 'VOLUME', path: '/etc/app', container: 'web' },
      { kind: 'Secret', name: 'db', way: 'VOLUME', path: '/etc/app', container: 'web', isOptional: true },
    ],
  ],
  [
    'a volume that no container mounts',
    { ...web({}), volumes: [{ name: 'v', configMap: { name: 'app' } }] },
    [{ kind: 'ConfigMap', name: 'app', way: 'VOLUME' }],
  ],
  [
    'a secret of a volume driver, and of a registry',
    {
      ...web({}),
      volumes: [{ name: 'v', csi: { driver: 'd', nodePublishSecretRef: { name: 'nfs' } } }],
      imagePullSecrets: [{ name: 'hub' }, {}],
    } as PodSpec,
    [
      { kind: 'Secret', name: 'nfs', way: 'VOLUME_DRIVER' },
      { kind: 'Secret', name: 'hub', way: 'IMAGE_PULL_SECRET' },
    ],
  ],
  [
    'an init container',
    { initContainers: [{ name: 'init', envFrom: [{ configMapRef: { name: 'app' } }] }], containers: [{ name: 'web' }] },
    [{ kind: 'ConfigMap', name: 'app', way: 'ENVIRONMENT', container: 'init' }],
  ],
  [
    'a container that was added for debugging',
    { ...web({}), ephemeralContainers: [{ name: 'debug', envFrom: [{ secretRef: { name: 'db' } }] }] },
    [{ kind: 'Secret', name: 'db', way: 'ENVIRONMENT', container: 'debug' }],
  ],
  ...(['cephfs', 'cinder', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'] as const).map(
    (driver): Case => [
      `a volume of the driver ${driver}`,
      mounted({ [driver]: { secretRef: { name: 'disk' } } }),
      [{ kind: 'Secret', name: 'disk', way: 'VOLUME_DRIVER' }],
    ],
  ),
  [
    'a volume of the driver azureFile',
    mounted({ azureFile: { secretName: 'disk' } }),
    [{ kind: 'Secret', name: 'disk', way: 'VOLUME_DRIVER' }],
  ],
  ['other volumes', mounted({ emptyDir: {} }), []],
];

describe('what a pod template uses (CMP-93, CMP-94, CMP-100)', () => {
  it.each(cases)('is known of %s', (_name, spec, expected) => {
    expect(configReferencesOf(spec)).toEqual(expected.map((reference) => ({ ...nothing, ...reference })));
  });

  it.each<[string, PodSpec]>([
    ['a volume that nothing mounts and that names nothing', { ...web({}), volumes: [{ name: 'v', configMap: {} }] }],
    ['a variable from nowhere', web({ env: [{ name: 'A', valueFrom: {} }], envFrom: [{}] })],
    ['a mount of no volume', web({ volumeMounts: [{ name: 'gone', mountPath: '/etc/app' }] })],
  ])('is nothing by %s (CMP-93, CMP-94, bad input)', (_what, spec) => {
    expect(configReferencesOf(spec)).toEqual([]);
  });
});
