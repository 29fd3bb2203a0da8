import type { PodAddressing } from '../../api.ts';
import { podRuntimes, podSandboxRuntimeClass } from '../../profile-keys/pods.ts';
import type { MonitoringSettings } from '../../settings.ts';
import { type ContainerForm, writeContainers } from './containers.ts';
import { traceDirectories } from './directories.ts';
import type { Draft } from './draft.ts';
import { type LabelsForm, writeLabels } from './labels.ts';
import { writeLogCollection } from './log-collection.ts';
import { type Maybe, mapped } from './maybe.ts';
import { writeMonitoring } from './monitoring.ts';
import { type NetworkForm, writeNetwork } from './network.ts';
import { type SchedulingForm, writeScheduling } from './scheduling.ts';
import { type VolumeForm, writeVolumes } from './volumes.ts';

export type Runtime = 'RUNC' | 'KATA' | 'SECURE_SANDBOX';
export type RestartPolicy = 'ALWAYS' | 'ON_FAILURE' | 'NEVER';

/** What pods are made of, whichever kind of workload makes them. */
export interface PodTemplateForm extends LabelsForm {
  readonly containers?: Maybe<readonly ContainerForm[]>;
  readonly initContainers?: Maybe<readonly ContainerForm[]>;
  readonly volumes?: Maybe<readonly VolumeForm[]>;
  readonly restartPolicy?: Maybe<RestartPolicy>;
  readonly terminationGracePeriodSeconds?: Maybe<number>;
  readonly scheduling?: Maybe<SchedulingForm>;
  readonly hostNetwork?: Maybe<boolean>;
  readonly network?: Maybe<NetworkForm>;
  readonly hostAliases?: Maybe<readonly { readonly ip: string; readonly hostnames: readonly string[] }[]>;
  readonly imagePullSecrets?: Maybe<readonly string[]>;
  readonly runtime?: Maybe<Runtime>;
  readonly serviceAccountName?: Maybe<string>;
  readonly priorityClassName?: Maybe<string>;
}

export const restartPolicies = { ALWAYS: 'Always', ON_FAILURE: 'OnFailure', NEVER: 'Never' } as const;

/** Writes the template of pods; `draft` is the object that has `metadata` and `spec` of it. */
export function writePodTemplate(
  draft: Draft,
  form: PodTemplateForm,
  { addressing, monitoring }: { readonly addressing?: PodAddressing; readonly monitoring?: MonitoringSettings },
): void {
  writeLabels(draft, form);
  draft.inside('spec', [], (spec) => {
    writeContainers(spec, 'initContainers', form.initContainers);
    writeContainers(spec, 'containers', form.containers);
    writeVolumes(spec, form.volumes);
    writeMonitoring(spec, form.containers, monitoring);
    for (const list of ['initContainers', 'containers'] as const) traceDirectories(spec, list, form[list]);
    spec.choose('restartPolicy', form.restartPolicy, restartPolicies);
    spec.take(form, 'terminationGracePeriodSeconds', 'serviceAccountName', 'priorityClassName');
    writeScheduling(spec, form.scheduling);
    // Kubernetes leaves out what is false.
    spec.set('hostNetwork', form.hostNetwork === false ? null : form.hostNetwork);
    spec.set(
      'hostAliases',
      mapped(form.hostAliases, ({ ip, hostnames }) => ({ ip, hostnames })),
    );
    spec.set(
      'imagePullSecrets',
      mapped(form.imagePullSecrets, (name) => ({ name })),
    );
    for (const index of (form.imagePullSecrets ?? []).keys()) {
      spec.trace(['imagePullSecrets', index], ['imagePullSecrets', index]);
    }
    for (const index of (form.hostAliases ?? []).keys()) spec.trace(['hostAliases', index], ['hostAliases', index]);
    writeRuntime(spec, form.runtime);
  });
  writeNetwork(draft, form, addressing);
  const collected = (['initContainers', 'containers'] as const).flatMap((list) =>
    (form[list] ?? []).map(({ name, newName, logCollection }, index) => ({
      name: newName ?? name,
      from: [list, index, 'logCollection'],
      form: logCollection,
    })),
  );
  writeLogCollection(draft, collected);
}

/** Where the profile runs containers in one way only, a new workload need not say it (CMP-46). */
function writeRuntime(spec: Draft, given: Maybe<Runtime>): void {
  const { profile, isNew } = spec.sheet;
  const offered = profile.get(podRuntimes);
  const [only] = offered.length === 1 ? offered : [];
  const runtime = given ?? (isNew || given === null ? only : undefined);
  if (given && !offered.includes(given)) {
    const message = `runtime must be one of ${offered.join(', ')} by the profile '${profile.name}', got ${given}`;
    spec.refuse(['runtime'], 'not_offered', message);
    return;
  }
  if (runtime === undefined) {
    spec.set('runtimeClassName', given === null ? null : undefined, ['runtime']);
    return;
  }
  const isSandbox = runtime !== 'RUNC';
  spec.set('runtimeClassName', isSandbox ? profile.get(podSandboxRuntimeClass) : null, ['runtime']);
}
