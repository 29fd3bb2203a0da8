import { ingressKind, serviceKind } from 'longshore/plugins/compute';
import { secretKind } from 'longshore/plugins/core';
import { certificateOfSecret, type KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { createIndexedReader } from '../../testing/indexed-reader.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { covers } from './find-ingress-facts.ts';
import type { IngressForm } from './ingress-form.ts';
import { planIngress } from './plan-ingress.ts';

const metadata = (name: string, namespace = 'shop') => ({ name, namespace });
const now = Date.parse('2026-01-01T00:00:00Z');
const service = makeObject(serviceKind, { metadata: metadata('web'), spec: { ports: [{ name: 'http', port: 80 }] } });

function certificate(name: string, names: readonly string[], notAfter = now + 1, type = 'kubernetes.io/tls') {
  const secret = makeObject(secretKind, { metadata: metadata(name), type, data: {} });
  Object.defineProperty(secret, certificateOfSecret, { value: { names, notAfter }, enumerable: false });
  return secret;
}

const others = makeObject(ingressKind, {
  metadata: metadata('other', 'elsewhere'),
  spec: { rules: [{ host: 'taken.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: {} }] } }] },
});
const objects = [
  service,
  others,
  certificate('good', ['*.shop.example']),
  certificate('ended', ['a.shop.example'], now - 1),
  certificate('opaque', [], now, 'Opaque'),
] as unknown as KubeObject[];
const plan = (form: IngressForm, existing?: object) =>
  planIngress(
    { namespace: 'shop', name: 'front', form, profile: profileNamed('default'), existing: existing as never },
    createIndexedReader('c1', objects),
    now,
  );
const web = { serviceName: 'web', servicePort: 80 };
const rules = [{ host: 'a.shop.example', paths: [{ ...web, path: '/cart', pathType: 'EXACT' }, web] }];

describe('the form for Ingresses', () => {
  it('NET-10: makes rules by host and path, a default backend and TLS of it', async () => {
    const form = {
      className: 'edge',
      rules,
      defaultBackend: { serviceName: 'web', servicePort: 'http' },
      tls: [{ secretName: 'good' }],
      description: 'Front',
    };
    const { manifest, issues, warnings } = await plan(form);
    expect({ issues, warnings }).toEqual({ issues: [], warnings: [] });
    const backend = { service: { name: 'web', port: { number: 80 } } };
    expect(manifest).toMatchObject({
      metadata: { annotations: { 'longshore.dev/description': 'Front' } },
      spec: {
        ingressClassName: 'edge',
        defaultBackend: { service: { name: 'web', port: { name: 'http' } } },
        rules: [
          {
            host: 'a.shop.example',
            http: {
              paths: [
                { path: '/cart', pathType: 'Exact', backend },
                { path: '/', pathType: 'Prefix', backend },
              ],
            },
          },
        ],
        tls: [{ secretName: 'good' }],
      },
    });
  });

  it.each<{ name: string; form: IngressForm; issues: string[] }>([
    { name: 'leads nowhere', form: {}, issues: ['rules required'] },
    { name: 'has no path', form: { rules: [{ paths: [] }] }, issues: ['rules.0.paths required'] },
    {
      name: 'leads to a Service that is not there',
      form: { rules: [{ paths: [{ serviceName: 'none', servicePort: 80 }] }] },
      issues: ['rules.0.paths.0.serviceName not_found'],
    },
    {
      name: 'leads to a port that is not there',
      form: { defaultBackend: { serviceName: 'web', servicePort: 'none' } },
      issues: ['defaultBackend.servicePort no_such_port'],
    },
    {
      name: 'has one path twice',
      form: { rules: [{ host: 'a.shop.example', paths: [web, web] }] },
      issues: ['rules.0.paths.1 duplicate'],
    },
    {
      name: 'has a certificate that is not there',
      form: { rules, tls: [{ secretName: 'none' }] },
      issues: ['tls.0.secretName not_found'],
    },
    {
      name: 'has a Secret of another type',
      form: { rules, tls: [{ secretName: 'opaque' }] },
      issues: ['tls.0.secretName not_tls'],
    },
  ])('NET-10: is refused where it $name (bad input)', async ({ form, issues }) => {
    expect((await plan(form)).issues.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual(issues);
  });

  it.each<{ name: string; form: IngressForm; warnings: string[] }>([
    {
      name: 'a certificate that has ended',
      form: { rules, tls: [{ secretName: 'ended' }] },
      warnings: ['tls.0.secretName TLS_EXPIRED'],
    },
    {
      name: 'a certificate for other hosts',
      form: { rules, tls: [{ hosts: ['b.example'], secretName: 'good' }] },
      warnings: ['tls.0.secretName TLS_NAMES'],
    },
    {
      name: 'a host and path that another Ingress has',
      form: { rules: [{ host: 'taken.example', paths: [web] }] },
      warnings: ['rules.0.paths.0 INGRESS_CONFLICT'],
    },
  ])('NET-10: warns of $name', async ({ form, warnings }) => {
    const planned = await plan(form);
    expect(planned.issues).toEqual([]);
    expect(planned.warnings.map(({ path, code }) => `${(path ?? []).join('.')} ${code}`)).toEqual(warnings);
  });

  it('NET-10: keeps what the form does not mention, and does not ask again for what was led to before', async () => {
    const backend = { service: { name: 'gone', port: { number: 80 } } };
    const existing = {
      metadata: metadata('front'),
      spec: { rules: [{ host: 'old.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
    };
    const { manifest, issues } = await plan({ className: 'edge' }, existing);
    expect(issues).toEqual([]);
    expect(manifest.spec).toEqual({ ...existing.spec, ingressClassName: 'edge' });
  });
});

describe('covers', () => {
  it.each([
    ['a.example', 'A.example', true],
    ['*.example', 'a.example', true],
    ['*.example', 'a.b.example', false],
    ['*.example', 'example', false],
    ['*.example', '*.example', true],
    ['a.example', '*.example', false],
  ])('NET-10: says of a certificate for %s and the host %s: %s', (name, host, expected) => {
    expect(covers(name, host)).toBe(expected);
  });
});
