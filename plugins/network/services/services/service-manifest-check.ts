import type { ManifestCheck, WrittenObject } from 'longshore/sdk';
import { type AnnotatedService, linkedBalancer, losesBalancer, toldOfLostBalancer } from '../access/linked-balancer.ts';
import { checkService } from './check-service.ts';
import type { SeenService } from './seen-service.ts';

/** What the forms for Services refuse, YAML does not bring in either (NET-03). */
export const serviceManifestCheck: ManifestCheck = {
  subjects: ['core/Service'],
  check: ({ object, existing, road, name, profile }: WrittenObject) => {
    const before = existing as unknown as SeenService | undefined;
    const text = readService(object);
    // Applied text may say a part of it: the type stays then what it is.
    const spec = road === 'APPLY' && before ? { ...before.spec, ...text.spec } : text.spec;
    return checkService({ service: { ...text, ...(spec ? { spec } : {}) }, existing: before, name, profile });
  },
  // NET-08
  tell: ({ object, existing, road, name, profile }: WrittenObject) => {
    const before = existing as AnnotatedService | undefined;
    if (!before) return [];
    const isPart = road === 'APPLY';
    const spec = { ...(isPart ? before.spec : {}), ...readService(object).spec };
    const annotations = { ...(isPart ? before.metadata?.annotations : {}), ...readAnnotations(object) };
    const after = linkedBalancer({ spec, metadata: { annotations } }, profile);
    return losesBalancer(linkedBalancer(before, profile), after) ? [toldOfLostBalancer(name)] : [];
  },
};

function readAnnotations({ metadata }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const { annotations } = (metadata ?? {}) as { readonly annotations?: unknown };
  if (typeof annotations !== 'object' || annotations === null) return {};
  return Object.fromEntries(Object.entries(annotations).filter(([, value]) => typeof value === 'string'));
}

/** Of text, what has another shape than the cluster's is left to the cluster to refuse. */
function readService(object: Readonly<Record<string, unknown>>): SeenService {
  const { spec } = object;
  if (typeof spec !== 'object' || spec === null) return {};
  const { ports } = spec as { readonly ports?: unknown };
  const list = Array.isArray(ports) ? ports.map((port) => (typeof port === 'object' && port !== null ? port : {})) : [];
  return { spec: { ...spec, ports: list } } as SeenService;
}
