import { type DirectoriesForm, dropDirectories, writeDirectories } from './directories.ts';
import type { Draft, Json } from './draft.ts';
import { type EnvironmentForm, writeEnvironment } from './environment.ts';
import { type LifecycleForm, writeLifecycle } from './lifecycle.ts';
import type { LogCollectionForm } from './log-collection.ts';
import type { Maybe, Removable } from './maybe.ts';
import { type ProbesForm, writeProbes } from './probes.ts';
import { type ResourcesForm, writeResources } from './resources.ts';
import { type SecurityForm, writeSecurity } from './security.ts';
import { type MountForm, writeMounts } from './volumes.ts';

export interface PortForm extends Removable {
  readonly containerPort: number;
  readonly protocol?: Maybe<'TCP' | 'UDP' | 'SCTP'>;
  readonly name?: Maybe<string>;
  readonly hostPort?: Maybe<number>;
}

/** A container of the form (CMP-46). */
export interface ContainerForm
  extends Removable,
    EnvironmentForm,
    LifecycleForm,
    ProbesForm,
    ResourcesForm,
    DirectoriesForm {
  readonly name: string;
  readonly newName?: Maybe<string>;
  readonly image?: Maybe<string>;
  readonly imagePullPolicy?: Maybe<'ALWAYS' | 'IF_NOT_PRESENT' | 'NEVER'>;
  readonly command?: Maybe<readonly string[]>;
  readonly args?: Maybe<readonly string[]>;
  readonly workingDir?: Maybe<string>;
  readonly stdin?: Maybe<boolean>;
  readonly tty?: Maybe<boolean>;
  readonly ports?: Maybe<readonly PortForm[]>;
  readonly volumeMounts?: Maybe<readonly MountForm[]>;
  readonly securityContext?: Maybe<SecurityForm>;
  readonly logCollection?: Maybe<LogCollectionForm>;
  readonly monitoringDirectory?: Maybe<string>;
}

export const pullPolicies = { ALWAYS: 'Always', IF_NOT_PRESENT: 'IfNotPresent', NEVER: 'Never' } as const;

const nameOf = ({ name }: Json): string => String(name);
const portOf = ({ containerPort, protocol }: Json): string => `${containerPort}/${protocol ?? 'TCP'}`;

/** Business containers, or init containers, which run one after the other before them. */
export function writeContainers(
  spec: Draft,
  key: 'containers' | 'initContainers',
  containers: Maybe<readonly ContainerForm[]>,
): void {
  spec.merge(key, containers, nameOf, (container, form, isNew) => {
    writeContainer(container, form, isNew);
    writeDirectories(spec, container, form.newName ?? form.name, form);
  });
  if (containers?.some(({ remove }) => remove)) dropDirectories(spec);
}

function writeContainer(container: Draft, form: ContainerForm, isNew: boolean): void {
  container.set('name', form.newName ?? form.name, [form.newName ? 'newName' : 'name']);
  if (isNew && form.newName) {
    container.refuse(['newName'], 'not_found', `There is no container '${form.name}' that could be renamed`);
  }
  if (!form.image && (isNew || form.image === null)) {
    container.refuse(['image'], 'required', `image must name the image of the container '${form.name}'`);
  }
  container.take(form, 'image', 'command', 'args', 'workingDir', 'stdin', 'tty');
  container.choose('imagePullPolicy', form.imagePullPolicy, pullPolicies);
  container.merge('ports', form.ports, portOf, (port, given) => {
    port.take(given, 'containerPort', 'protocol', 'name', 'hostPort');
  });
  writeResources(container, form);
  writeEnvironment(container, form);
  writeProbes(container, form);
  writeLifecycle(container, form);
  writeMounts(container, form.volumeMounts);
  writeSecurity(container, form.securityContext);
}
