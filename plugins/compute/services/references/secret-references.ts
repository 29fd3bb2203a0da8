import type { IngressObject, ServiceAccountObject } from '../../api.ts';
import { type ConfigReference, wholeSecret } from './config-references.ts';

/** Secrets that the pods of a service account get (core/v1 ServiceAccount). */
export function secretsOfServiceAccount({
  imagePullSecrets = [],
  secrets = [],
}: Pick<ServiceAccountObject, 'imagePullSecrets' | 'secrets'>): readonly ConfigReference[] {
  return [
    ...imagePullSecrets.flatMap(({ name }) => (name ? [wholeSecret('IMAGE_PULL_SECRET', name)] : [])),
    ...secrets.flatMap(({ name }) => (name ? [wholeSecret('SERVICE_ACCOUNT', name)] : [])),
  ];
}

/** Certificates that an Ingress serves its hosts with (networking.k8s.io/v1 IngressTLS). */
export function secretsOfIngress({ spec }: Pick<IngressObject, 'spec'>): readonly ConfigReference[] {
  const names = (spec?.tls ?? []).flatMap(({ secretName }) => secretName || []);
  return [...new Set(names)].map((name) => wholeSecret('INGRESS_TLS', name));
}
