import { checkText, type ManifestCheck, type ManifestMisfit, type WrittenObject } from 'longshore/sdk';
import { lbCustomResource, lbResourceName } from '../../profile-keys/balancers.ts';

type Written = Omit<WrittenObject, 'cluster'>;

const words = {
  instanceStatus: ['ACTIVE'],
  addressType: ['INTRANET', 'INTERNET'],
  provider: ['ANTFIN'],
} as const;

/**
 * A load balancer as custom resource `cafe.sofastack.io/v1` (NET-21): what it needs is checked before the cluster is asked, since its
 * definition may say nothing. Only where the profile has such load balancers: the group is nobody's monopoly.
 */
export const customResourceCheck = {
  subjects: ['cafe.sofastack.io/LoadBalancer'],
  check({ object, existing, road, profile }: Written): readonly ManifestMisfit[] {
    if (!profile.get(lbCustomResource)) return [];
    const spec = isMap(object.spec) ? object.spec : {};
    const before = existing && road === 'APPLY' && isMap(existing.spec) ? existing.spec : {};
    const fieldOf = (field: string): unknown => spec[field] ?? before[field];
    return [
      ...Object.entries(words).flatMap(([field, allowed]): ManifestMisfit[] => {
        const value = fieldOf(field);
        if ((allowed as readonly unknown[]).includes(value)) return [];
        const came = typeof value === 'string' ? `, got '${value.slice(0, 80)}'` : '';
        const code = value === undefined ? 'required' : 'invalid';
        return [{ path: ['spec', field], code, message: `${field} must be ${allowed.join(' or ')}${came}` }];
      }),
      ...checkName(fieldOf('iaasName'), { profile }),
    ];
  },
} satisfies ManifestCheck;

function checkName(value: unknown, { profile }: Pick<Written, 'profile'>): readonly ManifestMisfit[] {
  const path = ['spec', 'iaasName'];
  if (typeof value === 'string') return checkText(profile.get(lbResourceName), path, value);
  return [{ path, code: 'required', message: 'iaasName must be a text' }];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** On a Service of type LoadBalancer: the identifier of a load balancer of the infrastructure that it takes over (NET-21). */
export const importAnnotation = 'service.beta.kubernetes.io/antcloud-loadbalancer-iaas-id';

/** A Service that takes over a load balancer says which, and is of the type that has one. */
export const importedBalancerCheck = {
  subjects: ['core/Service'],
  check({ object, existing, road }: Written): readonly ManifestMisfit[] {
    const annotations = isMap(object.metadata) && isMap(object.metadata.annotations) ? object.metadata.annotations : {};
    if (!Object.hasOwn(annotations, importAnnotation)) return [];
    const path = ['metadata', 'annotations', importAnnotation];
    const id = annotations[importAnnotation];
    const isNamed = typeof id === 'string' && /^[A-Za-z0-9][-_.A-Za-z0-9]{0,127}$/.test(id);
    const typeIn = (from: unknown): unknown => (isMap(from) && isMap(from.spec) ? from.spec.type : undefined);
    const type = typeIn(object) ?? (road === 'APPLY' ? typeIn(existing) : undefined);
    return [
      ...(isNamed ? [] : [{ path, code: 'invalid', message: 'The annotation must be the id of a load balancer' }]),
      ...(type === 'LoadBalancer'
        ? []
        : [{ path, code: 'not_for_type', message: 'Only a Service of type LoadBalancer takes over a load balancer' }]),
    ];
  },
} satisfies ManifestCheck;
