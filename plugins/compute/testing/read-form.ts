import { type ContainerForm, pullPolicies } from '../services/form/containers.ts';
import { isJson, type Json, listAt } from '../services/form/draft.ts';
import { podUpdatePolicies } from '../services/form/in-place.ts';
import { type CronJobForm, concurrencyPolicies, type JobForm } from '../services/form/jobs.ts';
import { formKinds, type KindField, type KindForm } from '../services/form/kinds.ts';
import { logCollectionAnnotation, readLogCollection } from '../services/form/log-collection.ts';
import { monitoringDirectoryOf } from '../services/form/monitoring.ts';
import { type PodTemplateForm, restartPolicies } from '../services/form/pod-template.ts';
import {
  operators,
  type PodAffinityForm,
  type SchedulingForm,
  tolerationEffects,
} from '../services/form/scheduling.ts';
import { accessModes, podManagementPolicies } from '../services/form/stateful-set.ts';
import { podReplacements, strategyAnnotation } from '../services/form/strategies.ts';
import { directoryVolumePrefixes } from '../services/rules/check-volumes.ts';
import { valueAt } from '../services/rules/seen-workload.ts';

/** What a form would have said to make this manifest: the way back of `writeForm`, for tests. */
export function readForm(
  manifest: Json,
  field: KindField,
): { readonly kind: KindForm; readonly template: PodTemplateForm } {
  const template = valueAt(manifest, formKinds[field].template);
  const spec = isJson(manifest.spec) ? manifest.spec : {};
  return { kind: { [field]: readKind(manifest, spec, field) }, template: readTemplate(template) };
}

/** A value without what says nothing. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function wordOf<Word extends string>(table: Readonly<Record<Word, string>>, raw: unknown): Word | undefined {
  return (Object.keys(table) as Word[]).find((word) => table[word] === raw);
}

function readKind(manifest: Json, spec: Json, field: KindField): object {
  const { replicas, minReadySeconds, revisionHistoryLimit, progressDeadlineSeconds, activeDeadlineSeconds } = spec;
  const common = { minReadySeconds, revisionHistoryLimit };
  switch (field) {
    case 'deployment': {
      const word = valueAt(manifest, ['metadata', 'annotations', strategyAnnotation]);
      const rolling = valueAt(spec, ['strategy', 'rollingUpdate']);
      const [surge, unavailable] = [valueAt(rolling, ['maxSurge']), valueAt(rolling, ['maxUnavailable'])];
      const isBatch = word === 'START_THEN_STOP' || word === 'STOP_THEN_START';
      const numbers = isBatch
        ? { batchSize: word === 'START_THEN_STOP' ? surge : unavailable, intervalSeconds: minReadySeconds ?? 0 }
        : { maxSurge: surge, maxUnavailable: unavailable };
      const strategy = word === undefined ? {} : { strategy: { type: word, ...numbers } };
      const own = isBatch ? { revisionHistoryLimit } : common;
      return { replicas, progressDeadlineSeconds, ...own, ...strategy };
    }
    case 'statefulSet': {
      return { replicas, ...readPodOrder(spec), ...common, ...readReplacement(spec), ...readClaims(spec) };
    }
    case 'advancedStatefulSet': {
      const { type, rollingUpdate } = (spec.updateStrategy ?? {}) as Json;
      const { maxUnavailable, partition, minReadySeconds: seconds } = (rollingUpdate ?? {}) as Json;
      const strategy = {
        type: wordOf(podReplacements, type),
        ...{ maxUnavailable, partition, minReadySeconds: seconds },
        ...readInPlace(rollingUpdate, 'podUpdatePolicy'),
      };
      const said = spec.updateStrategy ? { strategy } : {};
      return { replicas, ...readPodOrder(spec), revisionHistoryLimit, ...said, ...readClaims(spec) };
    }
    case 'cloneSet': {
      const { maxUnavailable, maxSurge, partition } = (spec.updateStrategy ?? {}) as Json;
      const strategy = { maxUnavailable, maxSurge, partition, ...readInPlace(spec.updateStrategy, 'type') };
      const said = spec.updateStrategy ? { strategy } : {};
      return { replicas, progressDeadlineSeconds, ...common, ...said, ...readClaims(spec) };
    }
    case 'daemonSet':
      return { ...common, ...readReplacement(spec) };
    case 'job':
      return readJob(spec);
    case 'cronJob': {
      const { concurrencyPolicy, suspend, schedule, timeZone, startingDeadlineSeconds } = spec;
      const job = readJob((valueAt(spec, ['jobTemplate', 'spec']) ?? {}) as Json);
      return {
        schedule,
        timeZone,
        concurrencyPolicy: wordOf(concurrencyPolicies, concurrencyPolicy),
        startingDeadlineSeconds,
        isSuspended: suspend,
        successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit,
        failedJobsHistoryLimit: spec.failedJobsHistoryLimit,
        job,
      } as CronJobForm;
    }
    case 'pod':
      return { activeDeadlineSeconds };
  }
}

function readPodOrder({ serviceName, podManagementPolicy }: Json): object {
  return { serviceName, podManagementPolicy: wordOf(podManagementPolicies, podManagementPolicy) };
}

function readClaims(spec: Json): object {
  const claims = listAt(spec, 'volumeClaimTemplates').map((claim) => ({
    name: valueAt(claim, ['metadata', 'name']),
    storageClass: valueAt(claim, ['spec', 'storageClassName']),
    accessModes: (valueAt(claim, ['spec', 'accessModes']) as string[]).map((mode) => wordOf(accessModes, mode)),
    size: valueAt(claim, ['spec', 'resources', 'requests', 'storage']),
  }));
  return some('volumeClaimTemplates', claims);
}

function readInPlace(strategy: unknown, policy: string): object {
  return {
    podUpdatePolicy: wordOf(podUpdatePolicies, valueAt(strategy, [policy])),
    gracePeriodSeconds: valueAt(strategy, ['inPlaceUpdateStrategy', 'gracePeriodSeconds']),
  };
}

function readJob({ suspend, ...spec }: Json): JobForm {
  const { completions, parallelism, backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished } = spec;
  const numbers = { completions, parallelism, backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished };
  return { ...numbers, isSuspended: suspend } as JobForm;
}

function readReplacement(spec: Json): object {
  const type = valueAt(spec, ['updateStrategy', 'type']);
  if (type === undefined) return {};
  const rolling = (valueAt(spec, ['updateStrategy', 'rollingUpdate']) ?? {}) as Json;
  return { strategy: { type: type === 'OnDelete' ? 'ON_DELETE' : 'ROLLING', ...rolling } };
}

function readTemplate(template: unknown): PodTemplateForm {
  const spec = (valueAt(template, ['spec']) ?? {}) as Json;
  const collected = readLogCollection(valueAt(template, ['metadata', 'annotations', logCollectionAnnotation]));
  const containers = (key: string) =>
    listAt(spec, key).map((container) => readContainer(container, collected[String(container.name)]));
  const volumes = listAt(spec, 'volumes').filter(({ name }) => !isDirectory(name));
  return plain({
    ...some('containers', containers('containers')),
    ...some('initContainers', containers('initContainers')),
    ...some('volumes', volumes.map(readVolume)),
    restartPolicy: wordOf(restartPolicies, spec.restartPolicy),
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds,
    scheduling: readScheduling(spec),
    hostNetwork: spec.hostNetwork,
    hostAliases: spec.hostAliases,
    imagePullSecrets: spec.imagePullSecrets && listAt(spec, 'imagePullSecrets').map(({ name }) => name),
    serviceAccountName: spec.serviceAccountName,
    priorityClassName: spec.priorityClassName,
  }) as PodTemplateForm;
}

const isDirectory = (name: unknown): boolean =>
  Object.values(directoryVolumePrefixes).some((prefix) => String(name).startsWith(prefix));

function readContainer(container: Json, logCollection: unknown): ContainerForm {
  const { name, image, command, args, workingDir, stdin, tty, ports } = container;
  const mounts = listAt(container, 'volumeMounts');
  const directories = (prefix: string) =>
    mounts.filter((mount) => String(mount.name).startsWith(prefix)).map(({ mountPath }) => mountPath);
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((key) => [key, readProbe(container[key])]);
  const handlers = ['postStart', 'preStop'].map((key) => [key, readHandler(valueAt(container, ['lifecycle', key]))]);
  return plain({
    ...{ name, image, command, args, workingDir, stdin, tty, ports },
    imagePullPolicy: wordOf(pullPolicies, container.imagePullPolicy),
    requests: readAmounts(valueAt(container, ['resources', 'requests'])),
    limits: readAmounts(valueAt(container, ['resources', 'limits'])),
    ...some('env', listAt(container, 'env').map(readVariable)),
    ...some('envFrom', listAt(container, 'envFrom').map(readBulkSource)),
    ...Object.fromEntries([...probes, ...handlers]),
    ...some(
      'volumeMounts',
      mounts
        .filter((mount) => !isDirectory(mount.name))
        .map(({ name, mountPath, subPath, readOnly }) => ({ name, mountPath, subPath, isReadOnly: readOnly })),
    ),
    ...some('logDirectories', directories(directoryVolumePrefixes.LOG_DIRECTORY)),
    ...some('dataDirectories', directories(directoryVolumePrefixes.DATA_DIRECTORY)),
    securityContext: readSecurity(container.securityContext),
    monitoringDirectory: monitoringDirectoryOf(container as never),
    logCollection,
  }) as ContainerForm;
}

function readAmounts(list: unknown): object | undefined {
  if (!isJson(list)) return undefined;
  const { cpu, memory, 'ephemeral-storage': ephemeralStorage, ...others } = list;
  const rest = Object.entries(others).map(([name, quantity]) => ({ name, quantity }));
  return { cpu, memory, ephemeralStorage, ...some('others', rest) };
}

function readVariable({ name, value, valueFrom }: Json): object {
  if (valueFrom === undefined) return { name, value };
  const key = (source: unknown) => {
    const { name: from, key: which, optional } = source as Json;
    return { name: from, key: which, isOptional: optional };
  };
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom as Json;
  if (configMapKeyRef) return { name, valueFrom: { configMapKey: key(configMapKeyRef) } };
  if (secretKeyRef) return { name, valueFrom: { secretKey: key(secretKeyRef) } };
  if (fieldRef) return { name, valueFrom: { fieldPath: (fieldRef as Json).fieldPath } };
  const { containerName, resource, divisor } = resourceFieldRef as Json;
  return { name, valueFrom: { resource: { container: containerName, resource, divisor } } };
}

function readBulkSource({ prefix, configMapRef, secretRef }: Json): object {
  const { name, optional } = (configMapRef ?? secretRef) as Json;
  return { prefix, [configMapRef ? 'configMap' : 'secret']: name, isOptional: optional };
}

function readHttp({ path, port, host, httpHeaders }: Json): object {
  return { path, port, host, headers: httpHeaders };
}

function readProbe(probe: unknown): object | undefined {
  if (!isJson(probe)) return undefined;
  const { exec, tcpSocket, httpGet, ...numbers } = probe;
  const isHttps = valueAt(httpGet, ['scheme']) === 'HTTPS';
  const action = httpGet ? { [isHttps ? 'httpsGet' : 'httpGet']: readHttp(httpGet as Json) } : { exec, tcpSocket };
  return { action, ...numbers };
}

function readHandler(handler: unknown): object | undefined {
  if (!isJson(handler)) return undefined;
  return handler.httpGet ? { httpGet: readHttp(handler.httpGet as Json) } : { exec: handler.exec };
}

function readSecurity(context: unknown): object | undefined {
  if (!isJson(context)) return undefined;
  const { capabilities, ...rest } = context;
  return {
    ...rest,
    addCapabilities: valueAt(capabilities, ['add']),
    dropCapabilities: valueAt(capabilities, ['drop']),
  };
}

function readVolume({ name, emptyDir, configMap, secret, hostPath, persistentVolumeClaim }: Json): object {
  const files = (source: unknown, field: string) => {
    const { items, optional, [field]: from } = source as Json;
    return { name: from, items, isOptional: optional };
  };
  if (configMap) return { name, source: { configMap: files(configMap, 'name') } };
  if (secret) return { name, source: { secret: files(secret, 'secretName') } };
  if (hostPath) return { name, source: { hostPath } };
  if (persistentVolumeClaim) {
    const { claimName, readOnly } = persistentVolumeClaim as Json;
    return { name, source: { persistentVolumeClaim: { claimName, isReadOnly: readOnly } } };
  }
  const { medium, sizeLimit } = emptyDir as Json;
  return { name, source: { emptyDir: { medium: medium === 'Memory' ? 'MEMORY' : undefined, sizeLimit } } };
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function readScheduling(spec: Json): SchedulingForm | undefined {
  const affinity = valueAt(spec, ['affinity']);
  const term = valueAt(affinity, ['nodeAffinity', required, 'nodeSelectorTerms', 0]);
  const node = valueAt(term, ['matchFields', 0, 'values', 0]);
  const nodeAffinity = {
    ...some('required', listAt(term, 'matchExpressions').map(readRule)),
    ...some(
      'preferred',
      listAt(valueAt(affinity, ['nodeAffinity']), preferred).map(({ weight, preference }) => ({
        weight,
        ...readRule(listAt(preference, 'matchExpressions')[0] ?? {}),
      })),
    ),
  };
  const tolerations = listAt(spec, 'tolerations').map(({ operator, effect, ...rest }) => ({
    ...rest,
    operator: operator && (operator === 'Exists' ? 'EXISTS' : 'EQUAL'),
    effect: wordOf(tolerationEffects, effect),
  }));
  const labels = Object.entries(isJson(spec.nodeSelector) ? spec.nodeSelector : {});
  const read = {
    node,
    ...some(
      'nodeLabels',
      labels.map(([key, value]) => ({ key, value })),
    ),
    ...(Object.keys(nodeAffinity).length > 0 ? { nodeAffinity } : {}),
    podAffinity: readPodAffinity(valueAt(affinity, ['podAffinity'])),
    podAntiAffinity: readPodAffinity(valueAt(affinity, ['podAntiAffinity'])),
    ...some('tolerations', tolerations),
  };
  const said = plain(read);
  return Object.keys(said).length > 0 ? (said as SchedulingForm) : undefined;
}

function readPodAffinity(affinity: unknown): PodAffinityForm | undefined {
  if (!isJson(affinity)) return undefined;
  const term = (one: unknown) => ({
    ...readRule(listAt(valueAt(one, ['labelSelector']), 'matchExpressions')[0] ?? {}),
    topologyKey: valueAt(one, ['topologyKey']),
  });
  return {
    ...some('required', listAt(affinity, required).map(term)),
    ...some(
      'preferred',
      listAt(affinity, preferred).map(({ weight, podAffinityTerm }) => ({ weight, ...term(podAffinityTerm) })),
    ),
  } as PodAffinityForm;
}

function readRule({ key, operator, values }: Json): object {
  return { key, operator: wordOf(operators, operator), values };
}

function some(field: string, list: readonly unknown[]): object {
  return list.length > 0 ? { [field]: list } : {};
}
