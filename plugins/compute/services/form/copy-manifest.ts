import type { KubeObject } from 'longshore/sdk';
import type { PodAddressing } from '../../api.ts';
import { valueAt } from '../rules/seen-workload.ts';
import { isJson, type Json } from './draft.ts';
import { formKinds, type KindField } from './kinds.ts';

/** What the cluster and its controllers write for themselves; in a copy it would be a lie. */
const ownAnnotations = new Set([
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'kubectl.kubernetes.io/last-applied-configuration',
  'batch.kubernetes.io/job-tracking',
  'batch.kubernetes.io/cronjob-scheduled-timestamp',
]);
const ownLabels = /^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/;

/**
 * What a copy of a workload begins with: its spec, labels and annotations, without what belongs to the original alone (CMP-73).
 * Beside the original the labels that its selector goes by are given up, so that nothing takes the copy's pods for its. What other
 * plugins mark as theirs (`labelsOfPlugins`) the copy is not.
 */
export function copyManifest(
  source: KubeObject,
  field: KindField,
  isBeside: boolean,
  addressing?: Pick<PodAddressing, 'withoutGiven'>,
  labelsOfPlugins: ReadonlySet<string> = new Set(),
): Json {
  const { apiVersion, kind, metadata, spec } = JSON.parse(JSON.stringify(source)) as Json & { metadata: Json };
  // A pod carries the address that its network gave it.
  const isGiven = field === 'pod' && addressing !== undefined && isJson(metadata.annotations);
  const annotations = isGiven ? addressing.withoutGiven(metadata.annotations as Json) : metadata.annotations;
  const copy: Json = {
    apiVersion,
    kind,
    metadata: {
      ...someOf('labels', metadata.labels, (key) => !ownLabels.test(key) && !labelsOfPlugins.has(key)),
      ...someOf('annotations', annotations, (key) => !ownAnnotations.has(key)),
    },
    spec,
  };
  const selected = valueAt(spec, ['selector', 'matchLabels']);
  if (isJson(spec)) delete spec.selector;
  if (field === 'job' && isJson(spec)) delete spec.manualSelector;
  // A rollout that is held is the original's; held from the start, a Deployment never makes a pod.
  if (field === 'deployment' && isJson(spec)) delete spec.paused;
  if (field === 'pod' && isJson(spec)) delete spec.nodeName;
  if (isJson(spec)) forgetInstances(spec, field);
  const template = valueAt(copy, formKinds[field].template);
  if (!isJson(template) || field === 'pod') return copy;
  const inner = isJson(template.metadata) ? template.metadata : {};
  const isKept = (key: string): boolean =>
    !ownLabels.test(key) &&
    !labelsOfPlugins.has(key) &&
    !(isBeside && isJson(selected) && Object.hasOwn(selected, key));
  const { labels: _labels, ...rest } = inner;
  template.metadata = { ...rest, ...someOf('labels', inner.labels, isKept) };
  return copy;
}

/** Which instances the original lost, holds back or is about to lose says nothing of the copy's. */
function forgetInstances(spec: Json, field: KindField): void {
  if (field !== 'advancedStatefulSet' && field !== 'cloneSet') return;
  delete spec.reserveOrdinals;
  if (isJson(spec.scaleStrategy)) delete spec.scaleStrategy.podsToDelete;
  const { updateStrategy } = spec;
  const rolling = field === 'cloneSet' ? updateStrategy : valueAt(updateStrategy, ['rollingUpdate']);
  if (!isJson(rolling)) return;
  delete rolling.partition;
  delete rolling.paused;
}

/** A map with some of its keys; nothing where none are left. */
function someOf(field: string, map: unknown, isKept: (key: string) => boolean): Json {
  const kept = Object.entries(isJson(map) ? map : {}).filter(([key]) => isKept(key));
  return kept.length > 0 ? { [field]: Object.fromEntries(kept) } : {};
}
