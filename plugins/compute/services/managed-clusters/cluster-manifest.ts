import type { ValidationIssue } from 'longshore/sdk';
import { mastersOf } from './check-cluster-form.ts';
import { type ClusterForm, settingFields, variableOf } from './cluster-form.ts';
import type { ClusterLimits } from './cluster-limits.ts';
import { issue } from './issues.ts';
import {
  type ClusterClassObject,
  managedClusterKind,
  profileAnnotation,
  type Topology,
  type TopologyGroup,
  workspaceAnnotation,
} from './kinds.ts';
import {
  costAnnotations,
  groupOf,
  type NamedVariable,
  nameGroups,
  shapeVariables,
  withoutOverwritten,
} from './plan-groups.ts';

/** A Cluster as it is written to the management cluster. */
export interface ClusterManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly clusterNetwork?: object; readonly topology: Topology };
}

export interface ManifestPlace {
  readonly namespace: string;
  readonly clusterClass: ClusterClassObject;
  readonly version: string;
  /** UUID of the workspace that it is of. */
  readonly workspace: string | undefined;
  readonly unitLabel: string;
  readonly description: string | undefined;
}

/**
 * Writes the form as a Cluster with a topology. What has no place in Kubernetes is a variable of the ClusterClass; what the class does not declare is refused at
 * its field, never dropped. Defaults of a profile are told to classes that declare them.
 */
export function clusterManifest(
  form: ClusterForm,
  limits: ClusterLimits,
  place: ManifestPlace,
): { readonly manifest: ClusterManifest; readonly issues: readonly ValidationIssue[] } {
  const declared = variablesOf(place.clusterClass);
  const withDefaults = <T extends object>(shape: T) => defaultsFor(shape, limits, declared);
  const masters = mastersOf(form, limits);
  const { count: _count, hasPublicIp, ...shape } = form.controlPlane ?? {};
  const controlShape = withDefaults(shape);
  const controlVariables: readonly NamedVariable[] = [
    ...shapeVariables(controlShape, ['controlPlane']),
    ...(hasPublicIp ? [{ name: 'masterPublicIp', value: true, path: ['controlPlane', 'hasPublicIp'] }] : []),
  ];
  const { groups, variables: groupVariables, issues } = planGroups(form, limits, place, withDefaults);
  const settings = settingVariables(form);
  const unknown = [...settings, ...controlVariables, ...groupVariables].filter(({ name }) => !declared.has(name));
  const annotations = costAnnotations(controlShape);
  const overrides = controlVariables.map(({ name, value }) => ({ name, value }));
  const { podCidr, serviceCidr } = form;
  return {
    issues: [...issues, ...unknown.map((each) => missingVariable(each, place.clusterClass.metadata.name))],
    manifest: {
      apiVersion: `${managedClusterKind.group}/${managedClusterKind.version}`,
      kind: managedClusterKind.kind,
      metadata: {
        name: form.name,
        namespace: place.namespace,
        annotations: {
          [profileAnnotation]: limits.profile,
          ...(place.workspace ? { [workspaceAnnotation]: place.workspace } : {}),
          ...(place.description ? { 'longshore.dev/description': place.description } : {}),
        },
      },
      spec: {
        ...(podCidr || serviceCidr
          ? {
              clusterNetwork: {
                ...(podCidr ? { pods: { cidrBlocks: [podCidr] } } : {}),
                ...(serviceCidr ? { services: { cidrBlocks: [serviceCidr] } } : {}),
              },
            }
          : {}),
        topology: {
          classRef: { name: place.clusterClass.metadata.name },
          version: place.version,
          controlPlane: {
            replicas: masters,
            ...(Object.keys(annotations).length > 0 ? { metadata: { annotations } } : {}),
            ...(overrides.length > 0 ? { variables: { overrides } } : {}),
          },
          ...(groups.length > 0 ? { workers: { machineDeployments: groups } } : {}),
          ...(settings.length > 0 ? { variables: settings.map(({ name, value }) => ({ name, value })) } : {}),
        },
      },
    },
  };
}

function planGroups(
  form: ClusterForm,
  limits: ClusterLimits,
  place: ManifestPlace,
  withDefaults: <T extends object>(shape: T) => T,
): { groups: readonly TopologyGroup[]; variables: readonly NamedVariable[]; issues: readonly ValidationIssue[] } {
  if (!limits.fields.includes('NODES')) return { groups: [], variables: [], issues: [] };
  const asked = form.nodes ?? [];
  const rows = asked.length > 0 ? withoutOverwritten(asked) : defaultRows(limits);
  const names = nameGroups(rows, []);
  const machineClass = workerClassOf(place.clusterClass);
  if (rows.length > 0 && machineClass === undefined) {
    const message = `ClusterClass '${place.clusterClass.metadata.name}' has no workers`;
    return { groups: [], variables: [], issues: [issue(['nodes'], 'capability_missing', message)] };
  }
  const made = rows.map((row, index) =>
    groupOf(withDefaults(row), {
      class: machineClass ?? '',
      name: names[index] as string,
      unitLabel: place.unitLabel,
      path: ['nodes', Math.max(0, asked.indexOf(row))],
    }),
  );
  return { groups: made.map(({ group }) => group), variables: made.flatMap(({ variables }) => variables), issues: [] };
}

const defaultRows = ({ workersDefault }: ClusterLimits) => (workersDefault > 0 ? [{ count: workersDefault }] : []);

/** The class of machines that new workers are of: the first. */
export const workerClassOf = ({ spec }: ClusterClassObject): string | undefined =>
  spec?.workers?.machineDeployments?.[0]?.class;

/** Names of the variables that a class lets a Cluster set, as it has reconciled them, else as they are written. */
export const variablesOf = ({ spec, status }: ClusterClassObject): ReadonlySet<string> =>
  new Set([...(status?.variables ?? []), ...(spec?.variables ?? [])].map(({ name }) => name));

export const missingVariable = ({ name, path }: NamedVariable, className: string): ValidationIssue =>
  issue(
    path,
    'capability_missing',
    `ClusterClass '${className}' has no variable '${name}', so that nothing would come of it`,
  );

/** A disk that nobody named is as large as the profile says, where the class can be told of it. */
export function defaultsFor<T extends object>(shape: T, limits: ClusterLimits, declared: ReadonlySet<string>): T {
  const disks = { systemDisk: limits.systemDiskDefault, dataDisk: limits.dataDiskDefault };
  const added = Object.entries(disks).flatMap(([name, sizeGiB]) =>
    sizeGiB !== null && declared.has(name) && !Reflect.get(shape, name) ? [[name, { sizeGiB }]] : [],
  );
  return { ...shape, ...Object.fromEntries(added) };
}

/** What is switched off, or left to the provider, needs nobody to be told. */
function settingVariables({ settings }: ClusterForm): readonly NamedVariable[] {
  return Object.keys(settingFields).flatMap((name): NamedVariable[] => {
    const value = settings[name];
    if (value === undefined || value === null || value === false) return [];
    const variable = { name: variableOf(name), path: [name] };
    if (Array.isArray(value)) return value.length > 0 ? [{ ...variable, value: value.map(plain) }] : [];
    if (typeof value !== 'object') return [{ ...variable, value }];
    const { mode, isEnabled, id, ...rest } = value as Readonly<Record<string, unknown>>;
    if (mode === 'SET_LATER' || mode === 'AUTO' || isEnabled === false) return [];
    if (name === 'eip') return [{ ...variable, value: id }];
    return [{ ...variable, value: plain(id === undefined ? rest : { ...rest, id }) }];
  });
}

/** Without what was not said. */
const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined))
    : value;
