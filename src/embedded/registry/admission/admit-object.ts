import { asObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { admitPodSecurity, warnOfExistingPods } from '../pod-security/admit-pod-security.ts';
import type { Draft, RegisteredResource, StrategyEnvironment } from '../resource-strategy.ts';
import { admitClaimGrowth } from './admit-claim-growth.ts';
import { checkLimitRanges } from './admit-limit-range.ts';
import { admitByQuotas, type Charge } from './admit-quota.ts';

interface AdmittedWrite {
  readonly subresource?: string;
  readonly isInternal?: boolean;
  readonly warn?: (sentence: string) => void;
}

/**
 * The validating half of built-in admission, for an object that is valid in itself: LimitRanger, PodSecurity,
 * PersistentVolumeClaimResize and, last, ResourceQuota. Answers what to charge once the write is carried out. Throws `StatusError` 403.
 */
export function admitObject(
  { definition }: RegisteredResource,
  draft: Draft,
  current: ClusterObject | undefined,
  write: AdmittedWrite,
  environment: StrategyEnvironment,
): readonly Charge[] {
  if (write.subresource !== undefined) return [];
  const warn = write.warn ?? (() => undefined);
  const { namespace } = draft.metadata;
  if (definition.group === '' && definition.plural === 'namespaces' && current !== undefined) {
    const pods = (): readonly ClusterObject[] => environment.list('', 'pods', current.metadata.name);
    for (const sentence of warnOfExistingPods(draft, current, pods)) warn(sentence);
  }
  if (!definition.namespaced || typeof namespace !== 'string') return [];
  const isPod = definition.group === '' && definition.plural === 'pods';
  const isClaim = definition.group === '' && definition.plural === 'persistentvolumeclaims';
  if ((isPod && current === undefined) || isClaim) {
    checkLimitRanges(definition, draft, environment.list('', 'limitranges', namespace));
  }
  if (isClaim && current !== undefined) admitClaimGrowth(definition, draft, current, environment);
  // What kubelets and schedulers write changes nothing about what a pod may do.
  if (current === undefined || write.isInternal !== true) {
    const found = environment.find('', 'namespaces', namespace);
    admitPodSecurity(definition, draft, current, found, warn);
  }
  const quotas = environment.list('', 'resourcequotas', namespace);
  return admitByQuotas(definition, draft as unknown as ClusterObject, current, quotas, environment);
}

/** The quota with what it has been used now. */
export function charged({ quota, used }: Charge): ClusterObject {
  const { hard, ...rest } = asObject(quota.status) ?? {};
  return { ...quota, status: { hard: hard ?? asObject(quota.spec)?.hard, ...rest, used } };
}
