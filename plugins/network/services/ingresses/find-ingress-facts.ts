import { type IngressObject, ingressKind, type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { secretKind } from 'longshore/plugins/core';
import { type CertificateFacts, type ClusterReader, certificateOfSecret, type ManifestMisfit } from 'longshore/sdk';
import { type IngressBackend, ingressBackends, type SeenIngress } from './ingress-backends.ts';

/** What its author should know of an Ingress. */
export interface IngressWarning {
  readonly code: 'INGRESS_CONFLICT' | 'TLS_EXPIRED' | 'TLS_NAMES';
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What was found of what an Ingress names; paths point into its manifest. */
export interface IngressFacts {
  /** Services, ports and Secrets that are not there. */
  readonly missing: readonly ManifestMisfit[];
  readonly warnings: readonly IngressWarning[];
}

/** Looks for the Services and certificates that an Ingress names, and for others that claim its hosts and paths (NET-10). */
export async function findIngressFacts(
  reader: ClusterReader,
  namespace: string,
  name: string,
  ingress: SeenIngress,
  now: number,
): Promise<IngressFacts> {
  const backends = ingressBackends(ingress);
  const tls = ingress.spec?.tls ?? [];
  const [services, secrets, { items }] = await Promise.all([
    Promise.all(backends.map(({ service }) => reader.get(serviceKind, namespace, service))),
    Promise.all(tls.map(({ secretName }) => (secretName ? reader.get(secretKind, namespace, secretName) : undefined))),
    reader.list(ingressKind),
  ]);
  const ofTls = tls.map((_entry, index) => checkTls(ingress, index, secrets[index], namespace, now));
  const others = (items as readonly IngressObject[]).filter(
    ({ metadata }) => metadata.name !== name || metadata.namespace !== namespace,
  );
  return {
    missing: [
      ...backends.flatMap((backend, index) => checkBackend(backend, services[index], namespace)),
      ...ofTls.flatMap(({ missing }) => missing),
    ],
    warnings: [...ofTls.flatMap(({ warnings }) => warnings), ...conflictsWith(ingress, others)],
  };
}

function checkBackend(
  { service, port, place }: IngressBackend,
  found: ServiceObject | undefined,
  namespace: string,
): readonly ManifestMisfit[] {
  if (!found) {
    const message = `There is no Service '${service}' in the namespace '${namespace}'`;
    return [{ path: [...place, 'service', 'name'], code: 'not_found', message }];
  }
  const ports = found.spec?.ports ?? [];
  if (port === undefined || ports.some((one) => one.port === port || one.name === port)) return [];
  const there = ports.map((one) => (one.name ? `${one.port} (${one.name})` : one.port)).join(', ') || 'none';
  const message = `Service '${service}' has no port ${port}; there are ${there}`;
  return [{ path: [...place, 'service', 'port'], code: 'no_such_port', message }];
}

type SecretFacts = {
  readonly type?: string | undefined;
  readonly [certificateOfSecret]?: CertificateFacts | undefined;
};

function checkTls(
  { spec }: SeenIngress,
  index: number,
  secret: SecretFacts | undefined,
  namespace: string,
  now: number,
): IngressFacts {
  const { secretName, hosts = [] } = spec?.tls?.[index] ?? {};
  const path = ['spec', 'tls', index, 'secretName'];
  if (!secretName) return { missing: [], warnings: [] };
  if (!secret) {
    const message = `There is no Secret '${secretName}' in the namespace '${namespace}'`;
    return { missing: [{ path, code: 'not_found', message }], warnings: [] };
  }
  if (secret.type !== 'kubernetes.io/tls') {
    const message = `Secret '${secretName}' is of type ${secret.type ?? 'Opaque'}, not of type kubernetes.io/tls`;
    return { missing: [{ path, code: 'not_tls', message }], warnings: [] };
  }
  const facts = secret[certificateOfSecret];
  if (!facts) return { missing: [], warnings: [] };
  const served = hosts.length > 0 ? hosts : (spec?.rules ?? []).flatMap(({ host }) => host ?? []);
  const bare = served.filter((host) => !facts.names.some((name) => covers(name, host)));
  return {
    missing: [],
    warnings: [
      ...(facts.notAfter < now
        ? [
            {
              code: 'TLS_EXPIRED' as const,
              path,
              message: `The certificate in Secret '${secretName}' ended on ${new Date(facts.notAfter).toISOString()}`,
            },
          ]
        : []),
      ...(bare.length > 0
        ? [
            {
              code: 'TLS_NAMES' as const,
              path,
              message: `The certificate in Secret '${secretName}' is for ${facts.names.slice(0, 5).join(', ') || 'no host'}, not for ${bare.slice(0, 5).join(', ')}`,
            },
          ]
        : []),
    ],
  };
}

/** RFC 6125: a wildcard stands for one label, the first. */
export function covers(name: string, host: string): boolean {
  const [own, other] = [name.toLowerCase(), host.toLowerCase()];
  return own === other || (own.startsWith('*.') && !other.startsWith('*.') && other.replace(/^[^.]+/, '*') === own);
}

interface Claim {
  readonly key: string;
  readonly place: readonly (string | number)[];
}

function claimsOf({ spec }: SeenIngress): readonly Claim[] {
  return (spec?.rules ?? []).flatMap(({ host, http }, rule) =>
    (http?.paths ?? []).map(({ path, pathType }, at) => ({
      key: JSON.stringify([spec?.ingressClassName ?? '', host ?? '', pathType ?? '', path ?? '/']),
      place: ['spec', 'rules', rule, 'http', 'paths', at],
    })),
  );
}

/** Two that claim the same host and path of one controller: which of them is served nobody knows. */
function conflictsWith(ingress: SeenIngress, others: readonly IngressObject[]): readonly IngressWarning[] {
  const taken = new Map(
    others.flatMap((other) =>
      claimsOf(other as unknown as SeenIngress).map(({ key }) => [key, other.metadata] as const),
    ),
  );
  return claimsOf(ingress).flatMap(({ key, place }) => {
    const by = taken.get(key);
    const [, host, , path] = JSON.parse(key) as readonly string[];
    const what = `${host || 'any host'}${path}`;
    return by
      ? [
          {
            code: 'INGRESS_CONFLICT' as const,
            path: place,
            message: `Ingress '${by.name}' of the namespace '${by.namespace}' leads ${what} elsewhere already`,
          },
        ]
      : [];
  });
}
