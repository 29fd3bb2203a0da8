import type { ManifestCheck, RequestContext, WrittenObject } from 'longshore/sdk';
import { findIngressFacts } from './find-ingress-facts.ts';
import type { SeenIngress } from './ingress-backends.ts';

/** What forms for Ingresses refuse or warn of is told of YAML, whose other documents may still bring what is missing (NET-10). */
export const ingressManifestCheck: ManifestCheck = {
  subjects: ['networking.k8s.io/Ingress'],
  check: () => [],
  tell: async ({ cluster, namespace = '', name, object }: WrittenObject, context: RequestContext) => {
    const ingress = readIngress(object);
    const facts = await findIngressFacts(context.kube(cluster), namespace, name, ingress, context.clock.now());
    return [...facts.missing, ...facts.warnings].map(({ message }) => message);
  },
};

type Json = Readonly<Record<string, unknown>>;

/** Text may have any shape that the cluster's schema lets through; lists that are none are none. */
function readIngress({ spec }: Json): SeenIngress {
  if (!isJson(spec)) return {};
  const rules = list(spec.rules).map(({ host, http }) => ({
    host,
    http: { paths: list(isJson(http) ? http.paths : undefined) },
  }));
  const tls = list(spec.tls).map(({ secretName, hosts }) => ({ secretName, hosts: Array.isArray(hosts) ? hosts : [] }));
  return { spec: { ...spec, rules, tls } } as unknown as SeenIngress;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
