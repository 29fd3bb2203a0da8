import { asList, asObject, asObjectList, ensureObject, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defaultByLimitRanges } from '../admission/admit-limit-range.ts';
import { defineResource } from '../define-resource.ts';
import { admitPriority } from '../pod-spec/admit-priority.ts';
import { admitRuntimeClass } from '../pod-spec/admit-runtime-class.ts';
import { admitServiceAccount } from '../pod-spec/admit-service-account.ts';
import { adoptAppArmorAnnotations, warnOfAppArmorAnnotations } from '../pod-spec/adopt-app-armor-annotations.ts';
import { defaultPodResources } from '../pod-spec/default-pod-resources.ts';
import { defaultPodSpec } from '../pod-spec/default-pod-spec.ts';
import { keepEphemeralContainers, validateAddedEphemeralContainers } from '../pod-spec/ephemeral-containers.ts';
import { admitResize, keepResources, validateResize } from '../pod-spec/pod-resize.ts';
import { qualityOfService } from '../pod-spec/quality-of-service.ts';
import { validatePodAnnotations } from '../pod-spec/validate-pod-annotations.ts';
import { validatePodSpec } from '../pod-spec/validate-pod-spec.ts';
import { validatePodUpdate } from '../pod-spec/validate-pod-update.ts';
import type { Draft, StrategyEnvironment } from '../resource-strategy.ts';
import { podTable } from '../tables/pod-table.ts';
import type { FieldErrors } from '../validation/field-errors.ts';

export const pods = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    categories: ['all'],
    subresources: [
      'status',
      'log',
      'exec',
      'attach',
      'portforward',
      'proxy',
      'eviction',
      'binding',
      'ephemeralcontainers',
      'resize',
    ],
  },
  {
    returnsDeleted: true,
    generation: 'spec',
    trustsControllers: true,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      defaultPodSpec(spec);
      defaultPodResources(spec);
      if (spec.enableServiceLinks === undefined) spec.enableServiceLinks = true;
    },
    prepareForCreate(draft, environment) {
      const spec = ensureObject(draft, 'spec');
      adoptAppArmorAnnotations(draft);
      const isGated = asList(spec.schedulingGates).length > 0;
      draft.status = {
        phase: 'Pending',
        ...(isGated ? { conditions: [gatedCondition(environment.now())] } : {}),
        qosClass: qualityOfService(spec),
      };
    },
    admitCreate: admitPod,
    prepareForUpdate: (draft) => addDefaultTolerations(ensureObject(draft, 'spec')),
    warningsOf: (draft, current) => (current === undefined ? warnOfAppArmorAnnotations(draft) : []),
    validate: validatePod,
    validateCreate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      if (asList(spec.ephemeralContainers).length > 0) {
        errors.forbidden('spec.ephemeralContainers', 'cannot be set on create');
      }
      if ((spec.nodeName ?? '') !== '' && asList(spec.schedulingGates).length > 0) {
        errors.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
      }
    },
    validateUpdate: (draft, current, errors) =>
      validatePodUpdate(asObject(draft.spec) ?? {}, asObject(current.spec) ?? {}, errors),
    parts: {
      ephemeralcontainers: { prepare: keepEphemeralContainers, validate: validateAddedEphemeralContainers },
      resize: { prepare: keepResources, validate: validateResize, admit: admitResize },
    },
    gracePeriodSeconds(pod, environment) {
      const spec = asObject(pod.spec) ?? {};
      const phase = asObject(pod.status)?.phase;
      const isScheduled = typeof spec.nodeName === 'string' && spec.nodeName !== '';
      if (!environment.hasControllers || !isScheduled || phase === 'Succeeded' || phase === 'Failed') return 0;
      return typeof spec.terminationGracePeriodSeconds === 'number' ? spec.terminationGracePeriodSeconds : 30;
    },
    selectableFields: {
      'spec.nodeName': (pod) => text(pod.spec, 'nodeName'),
      'spec.restartPolicy': (pod) => text(pod.spec, 'restartPolicy'),
      'spec.schedulerName': (pod) => text(pod.spec, 'schedulerName'),
      'spec.serviceAccountName': (pod) => text(pod.spec, 'serviceAccountName'),
      'spec.hostNetwork': (pod) => String(asObject(pod.spec)?.hostNetwork === true),
      'status.phase': (pod) => text(pod.status, 'phase'),
      'status.podIP': (pod) => text(pod.status, 'podIP'),
      'status.podIPs': (pod) => text(asObjectList(asObject(pod.status)?.podIPs)[0], 'ip'),
      'status.nominatedNodeName': (pod) => text(pod.status, 'nominatedNodeName'),
    },
    table: podTable,
  },
);

/** A pod with scheduling gates says so from its first moment. */
function gatedCondition(now: string): object {
  return {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: now,
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  };
}

/** The admission plugins every cluster runs that add to a pod, in their order. */
function admitPod(draft: Draft, environment: StrategyEnvironment): void {
  const spec = ensureObject(draft, 'spec');
  const { name, namespace } = draft.metadata;
  defaultByLimitRanges(draft, environment.list('', 'limitranges', String(namespace ?? '')));
  admitServiceAccount(draft, environment);
  admitPriority(spec, String(name ?? ''), environment);
  addDefaultTolerations(spec);
  admitRuntimeClass(spec, String(name ?? ''), environment);
}

/** Pods stay five minutes on a node that is lost, unless they say otherwise (DefaultTolerationSeconds). */
function addDefaultTolerations(spec: JsonObject): void {
  const tolerations = asList(spec.tolerations);
  const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((key) => !asObjectList(tolerations).some((each) => tolerates(each, key)))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  if (added.length > 0) spec.tolerations = [...tolerations, ...added];
}

function tolerates(toleration: JsonObject, key: string): boolean {
  const isAnyKey = (toleration.key ?? '') === '' && toleration.operator === 'Exists';
  const effect = toleration.effect ?? '';
  return (toleration.key === key || isAnyKey) && (effect === '' || effect === 'NoExecute');
}

function validatePod(draft: Draft, errors: FieldErrors, current?: ClusterObject): void {
  const spec = asObject(draft.spec) ?? {};
  const before = current === undefined ? undefined : (current.metadata.annotations ?? {});
  validatePodAnnotations(draft.metadata, spec, before, errors);
  validatePodSpec(spec, 'spec', errors, true);
  for (const list of ['containers', 'initContainers']) {
    asObjectList(spec[list]).forEach(({ image }, at) => {
      if (typeof image === 'string' && image !== image.trim()) {
        errors.invalid(`spec.${list}[${at}].image`, image, 'must not have leading or trailing whitespace');
      }
    });
  }
}

function text(parent: unknown, key: string): string {
  const value = asObject(parent)?.[key];
  return typeof value === 'string' ? value : '';
}
