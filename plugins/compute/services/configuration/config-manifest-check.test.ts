import { secretKind } from 'longshore/plugins/core';
import { type KubeObject, type RequestContext, UpstreamError, type WrittenObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { configMapKind } from '../../api.ts';
import { createFakeReader } from '../../testing/fake-reader.ts';
import { makeConfigMap, makeObject, makePod } from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { configManifestCheck } from './config-manifest-check.ts';

interface Case {
  readonly kind?: 'ConfigMap' | 'Secret';
  readonly profile?: string;
  readonly name?: string;
  readonly object?: object;
  readonly existing?: object;
}

function misfitsOf({ kind = 'ConfigMap', profile = 'default', name = 'web', object = {}, existing }: Case): string[] {
  const written = {
    kind: kind === 'Secret' ? secretKind : configMapKind,
    namespace: 'shop',
    name,
    object,
    existing: existing as KubeObject | undefined,
    road: 'APPLY',
    profile: profileNamed(profile),
  } as unknown as WrittenObject;
  return configManifestCheck.check(written).map(({ path, code }) => `${path.join('.')} ${code}`);
}

const secret = (type: string) => makeObject(secretKind, { metadata: { name: 'web' }, type });
const long = 'a'.repeat(33);

describe('YAML of ConfigMaps and Secrets', () => {
  it.each<[string, Case]>([
    ['a plain ConfigMap', { object: { data: { 'a.conf': '1' }, binaryData: { b: '/w==' } } }],
    ['a name that is there already', { profile: 'aks-public', name: long, existing: makeConfigMap({}) }],
    [
      'a key that is there already',
      { object: { data: { 'a b': '1' } }, existing: makeConfigMap({ data: { 'a b': '0' } }) },
    ],
    [
      'a type that is offered in one of two ways',
      { kind: 'Secret', profile: 'aks-public', object: { type: 'kubernetes.io/dockerconfigjson' } },
    ],
    [
      'a type that no form knows',
      { kind: 'Secret', profile: 'aks-public', object: { type: 'kubernetes.io/ssh-auth' } },
    ],
    ['a change of an Opaque Secret', { kind: 'Secret', profile: 'aks-public', existing: secret('Opaque') }],
    ['what has no fields of a map', { object: { data: 'nonsense', binaryData: null, stringData: [1] } }],
  ])('may bring %s (CMP-89, CMP-97)', (_name, given) => {
    expect(misfitsOf(given)).toEqual([]);
  });

  it.each<[string, Case, string]>([
    ['a longer name than the form takes', { profile: 'aks-public', name: long }, 'metadata.name too_long'],
    ['a bad key', { object: { data: { 'a/b': '1' } } }, 'data.a/b invalid_text'],
    ['a bad key of a Secret', { kind: 'Secret', object: { stringData: { '..': 'x' } } }, 'stringData... invalid_text'],
    [
      'a type that is not offered',
      { kind: 'Secret', profile: 'aks-public', object: { type: 'kubernetes.io/tls' } },
      'type type_not_offered',
    ],
    [
      'a change where only Opaque ones are changed',
      { kind: 'Secret', profile: 'aks-private', existing: secret('kubernetes.io/tls') },
      'kind not_editable',
    ],
    [
      'text where values are base64',
      { kind: 'Secret', profile: 'aks-public', object: { stringData: { a: 'b' }, data: { c: 'ZA==' } } },
      'stringData.a base64_required',
    ],
    [
      'a change where none is changed',
      { kind: 'Secret', profile: 'csk', existing: secret('Opaque') },
      'kind not_editable',
    ],
  ])('does not bring %s (CMP-89, CMP-97, CMP-98, refused)', (_name, given, misfit) => {
    expect(misfitsOf(given)).toEqual([misfit]);
  });
});

describe('YAML of ConfigMaps and Secrets that are in use (CMP-91)', () => {
  const values = { configMapKeyRef: { name: 'web', key: 'mode' } };
  const env = [
    { name: 'MODE', valueFrom: values },
    { name: 'P', valueFrom: { secretKeyRef: values.configMapKeyRef } },
  ];
  const pod = makePod({ spec: { containers: [{ name: 'web', env }] } });
  const reader = createFakeReader('c1', [pod]);
  const existing = makeConfigMap({ metadata: { name: 'web' }, data: { mode: 'fast', idle: '1' } });
  const sealed = makeObject(secretKind, { metadata: { name: 'web' }, data: { mode: { bytes: 4 } } });
  const tell = (written: object, kube: () => unknown = () => reader) =>
    configManifestCheck.tell?.(
      { kind: configMapKind, existing, road: 'EDIT', ...written } as unknown as WrittenObject,
      { kube } as unknown as RequestContext,
    );
  const told = [expect.stringMatching(/^In use by Pod 'thing': mounted files follow/)];

  it.each([
    ['a value', { object: { data: { mode: 'slow', idle: '1' } } }],
    ['text to bytes', { object: { binaryData: { mode: 'ZmFzdA==' }, data: { idle: '1' } } }],
    ['a key away', { object: { data: { idle: '1' } } }],
    ['a part of it', { road: 'APPLY', object: { data: { mode: 'slow' } } }],
    [
      'a value of a Secret',
      { kind: secretKind, existing: sealed, road: 'APPLY', object: { stringData: { mode: 'x' } } },
    ],
  ])('tell whom it concerns when they change %s', async (_what, written) => {
    expect(await tell(written)).toEqual(told);
  });

  it.each([
    ['nothing', { object: { data: { mode: 'fast', idle: '1' } } }],
    ['what nobody uses', { object: { data: { mode: 'fast', idle: '2' } } }],
    ['a part without the key', { road: 'APPLY', object: { data: { idle: '2' } } }],
    ['what is not there yet', { existing: undefined, object: { data: { mode: 'slow' } } }],
    ['labels of a Secret', { kind: secretKind, existing: sealed, road: 'APPLY', object: {} }],
    ['odd data', { road: 'APPLY', object: { data: 7, binaryData: null } }],
  ])('tell nobody when they change %s', async (_what, written) => {
    expect(await tell(written)).toEqual([]);
  });

  it('are written where nobody can say who uses them', async () => {
    const unknown = () => {
      throw new UpstreamError("cluster 'c1'", 'It does not answer');
    };
    expect(await tell({ object: { data: {} } }, unknown)).toEqual(['What uses it is not known: It does not answer']);
  });
});
