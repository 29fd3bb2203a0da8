import type { V1IngressBackend } from '@kubernetes/client-node';
import type { IngressObject } from '../api.ts';

/** Requests that lead to one backend. */
export interface IngressPath {
  readonly host: string | null;
  readonly path: string | null;
  readonly pathType: string | null;
  readonly serviceName: string | null;
  readonly servicePort: number | string | null;
}

export function pathsOf({ spec }: IngressObject): IngressPath[] {
  const rules = (spec?.rules ?? []).flatMap(({ host, http }) =>
    (http?.paths ?? []).map(({ path, pathType, backend }) => toPath(backend, host, path, pathType)),
  );
  return spec?.defaultBackend ? [...rules, toPath(spec.defaultBackend)] : rules;
}

export function hostsOf({ spec }: IngressObject): string[] {
  return [...new Set((spec?.rules ?? []).flatMap(({ host }) => host ?? []))];
}

function toPath(backend: V1IngressBackend, host?: string, path?: string, pathType?: string): IngressPath {
  const { service } = backend;
  return {
    host: host ?? null,
    path: path ?? null,
    pathType: pathType ?? null,
    serviceName: service?.name ?? null,
    servicePort: service?.port?.number ?? service?.port?.name ?? null,
  };
}
