import { controllerOf, controllerReference } from '../../controllers/owner-reference.ts';
import { randomSuffix } from '../../controllers/random-suffix.ts';
import { templateHash } from '../../controllers/template-hash.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import { bootstrapGroup, coreGroup, infrastructureGroup, version } from './groups.ts';
import type {
  CapiKinds,
  ContractRef,
  ControlPlane,
  Machine,
  MachineDeployment,
  MachineSpec,
  Template,
  TemplateMetadata,
} from './kinds.ts';
import { annotations, labels } from './metadata.ts';

/** What a machine must have in common with its template; all else is changed in place, or not at all. */
export function rolloutHash({ version: kubernetes, bootstrap, infrastructureRef, failureDomain }: MachineSpec): string {
  return templateHash({ kubernetes, bootstrap, infrastructureRef, failureDomain });
}

/** Whether a machine is what its owner would make today. */
export function isMachineUpToDate(kinds: CapiKinds, machine: Machine): boolean {
  const { namespace, labels: own = {} } = machine.metadata;
  const owner = controllerOf(machine);
  if (owner?.kind === 'KubeadmControlPlane') {
    const plane = kinds.controlPlanes.get(namespace, owner.name);
    return plane === undefined || isControlPlaneMachineUpToDate(kinds, plane, machine);
  }
  const deployment = kinds.deployments.get(namespace, own[labels.deployment] ?? '');
  return deployment === undefined || own[labels.templateHash] === deploymentHash(deployment);
}

export function deploymentHash({ spec }: MachineDeployment): string {
  return rolloutHash(spec.template.spec);
}

export function isControlPlaneMachineUpToDate(kinds: CapiKinds, { spec }: ControlPlane, machine: Machine): boolean {
  const { namespace, name } = machine.metadata;
  const host = kinds.devMachines.get(namespace, name);
  const from = host?.metadata.annotations?.[annotations.clonedFromName];
  return (
    machine.spec.version === spec.version &&
    (host === undefined || from === spec.machineTemplate.spec.infrastructureRef.name)
  );
}

export interface NewMachine {
  readonly owner: ClusterObject;
  readonly namePrefix: string;
  readonly metadata: TemplateMetadata;
  readonly spec: Omit<MachineSpec, 'bootstrap' | 'infrastructureRef'>;
  /** The template of its host. */
  readonly infrastructureRef: ContractRef;
  /** The template of its bootstrap data, or what stands there. */
  readonly bootstrap:
    | { readonly templateRef: ContractRef }
    | { readonly spec: object }
    | { readonly dataSecretName: string };
}

/**
 * Makes a machine with a host and a configuration of its own, all of one name. Throws where a template is not there, having
 * made nothing.
 */
export function createMachine(context: EngineContext, kinds: CapiKinds, wanted: NewMachine): Machine {
  const { store } = context;
  const { namespace } = wanted.owner.metadata;
  const name = `${wanted.namePrefix}-${randomSuffix(context.random)}`;
  const find = (ref: ContractRef): Template => {
    const resource = store.resourceOfKind(ref.apiGroup, ref.kind);
    const found = resource === undefined ? undefined : store.get(resource, namespace, ref.name);
    if (found === undefined) throw new Error(`${ref.kind} ${ref.name} is not there to make machines from`);
    return found as Template;
  };
  const { bootstrap } = wanted;
  const hostTemplate = find(wanted.infrastructureRef);
  const configTemplate = 'templateRef' in bootstrap ? find(bootstrap.templateRef) : undefined;
  const configSpec = 'spec' in bootstrap ? bootstrap.spec : configTemplate?.spec.template.spec;
  const kindOf = (ref: ContractRef): string => ref.kind.replace(/Template$/, '');
  const hostRef = { apiGroup: wanted.infrastructureRef.apiGroup, kind: kindOf(wanted.infrastructureRef), name };
  const machine = kinds.machines.create({
    apiVersion: `${coreGroup}/${version}`,
    kind: 'Machine',
    metadata: {
      name,
      namespace,
      labels: wanted.metadata.labels,
      annotations: wanted.metadata.annotations ?? {},
      ownerReferences: [controllerReference(wanted.owner)],
    },
    spec: {
      ...wanted.spec,
      bootstrap:
        'dataSecretName' in bootstrap
          ? { dataSecretName: bootstrap.dataSecretName }
          : { configRef: { apiGroup: bootstrapGroup, kind: 'KubeadmConfig', name } },
      infrastructureRef: hostRef,
    },
  });
  const part = (template: Template | undefined) => ({
    name,
    namespace,
    labels: { ...template?.spec.template.metadata?.labels, ...machine.metadata.labels },
    annotations: {
      ...template?.spec.template.metadata?.annotations,
      ...(template === undefined
        ? {}
        : {
            [annotations.clonedFromName]: template.metadata.name,
            [annotations.clonedFromKind]: `${template.kind}.${template.apiVersion.split('/')[0]}`,
          }),
    },
    ownerReferences: [controllerReference(machine)],
  });
  if (configSpec !== undefined) {
    kinds.configs.create({
      apiVersion: `${bootstrapGroup}/${version}`,
      kind: 'KubeadmConfig',
      metadata: part(configTemplate),
      spec: configSpec,
    });
  }
  kinds.devMachines.create({
    apiVersion: `${infrastructureGroup}/${version}`,
    kind: 'DevMachine',
    metadata: part(hostTemplate),
    spec: hostTemplate.spec.template.spec ?? {},
  });
  return machine;
}

/** Brings labels and annotations of machines to those of their template, in place; what others added stays. */
export function syncMetadata(kinds: CapiKinds, machine: Machine, metadata: TemplateMetadata): Machine {
  return kinds.machines.update({
    ...machine,
    metadata: {
      ...machine.metadata,
      labels: { ...machine.metadata.labels, ...metadata.labels },
      annotations: { ...machine.metadata.annotations, ...metadata.annotations },
    },
  });
}
