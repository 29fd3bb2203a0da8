import { descriptionText } from 'longshore/plugins/core';
import { checkText, type ValidationIssue } from 'longshore/sdk';
import { workloadName } from '../../profile-keys/names.ts';
import { volumeYamlOnlyTypes } from '../../profile-keys/pods.ts';
import { resourcesRequired, upgradeContainerNameEditable, workloadCreate } from '../../profile-keys/workloads.ts';
import type { ContainerForm } from './containers.ts';
import type { FormSheet } from './draft.ts';
import { type KindField, kindFieldOf } from './kinds.ts';
import type { Path } from './places.ts';
import type { FormRequest, WorkloadForm } from './write-form.ts';

/** Rules of the form alone; those of the object hold for YAML too. Paths point into the input. */
export function checkForm({ field, name, form, base }: FormRequest, sheet: FormSheet): ValidationIssue[] {
  const { profile, isNew, issues } = sheet;
  const { description } = form;
  return [
    ...(isNew ? checkText(profile.get(workloadName), 'name', name) : []),
    ...(description ? checkText(profile.get(descriptionText), 'description', description) : []),
    ...checkRoad(field, sheet),
    ...issues,
    ...(isNew && !base && !form.template?.containers?.length
      ? [issue(['template', 'containers'], 'required', 'containers must have at least one container')]
      : []),
    ...checkKind(field, form),
    ...(field === 'pod' && !isNew && form.template?.network
      ? [issue(['template', 'network'], 'not_changeable', 'A pod keeps the network that it was made with')]
      : []),
    ...checkContainers(form, sheet),
    ...checkMonitoring(field, form),
    ...checkVolumes(form, sheet),
  ];
}

const issue = (path: Path, code: string, message: string): ValidationIssue => ({ path, code, message });

/** What is of one kind alone says nothing of another. */
function checkKind(field: KindField, { kind }: WorkloadForm): ValidationIssue[] {
  const given = kind ? kindFieldOf(kind) : field;
  if (given === field) return [];
  return [issue(['kind', given], 'other_kind', `The workload is a ${field}, not a ${given}`)];
}

/** CMP-44: native workloads that come as YAML only, and are changed so. */
function checkRoad(field: KindField, { profile, isNew }: FormSheet): ValidationIssue[] {
  if (profile.get(workloadCreate) !== 'YAML_ONLY') return [];
  const what = isNew ? 'made from YAML, not' : 'changed as YAML, not';
  const message = `By the profile '${profile.name}' workloads are ${what} by a form`;
  return [issue(isNew ? ['kind', field] : ['id'], 'yaml_only', message)];
}

/** CMP-113. A collector goes on for ever: what ends has none, since its pods would not. */
function checkMonitoring(field: KindField, { template }: WorkloadForm): ValidationIssue[] {
  const ends = field === 'job' || field === 'cronJob';
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (template?.[list] ?? []).flatMap(({ monitoringDirectory }, index) =>
      monitoringDirectory && (ends || list === 'initContainers')
        ? [
            issue(
              ['template', list, index, 'monitoringDirectory'],
              'not_offered',
              'Only a container that goes on has a monitoring directory',
            ),
          ]
        : [],
    ),
  );
}

function checkContainers({ template }: WorkloadForm, { profile, isNew }: FormSheet): ValidationIssue[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (template?.[list] ?? []).flatMap((container, index) => [
      ...(isNew && profile.get(resourcesRequired) ? checkResources(container, ['template', list, index]) : []),
      // CON-45
      ...(container.newName && !profile.get(upgradeContainerNameEditable)
        ? [
            issue(
              ['template', list, index, 'newName'],
              'not_changeable',
              `By the profile '${profile.name}' a container keeps its name`,
            ),
          ]
        : []),
    ]),
  );
}

/** CMP-46: what is guaranteed, and the most of it. */
function checkResources(container: ContainerForm, path: Path): ValidationIssue[] {
  return (['requests', 'limits'] as const).flatMap((side) =>
    (['cpu', 'memory'] as const).flatMap((amount) =>
      container[side]?.[amount]
        ? []
        : [issue([...path, side], 'required', `${side}.${amount} of the container '${container.name}' must be given`)],
    ),
  );
}

const yamlOnlyFields = {
  hostPath: 'HOST_PATH',
  persistentVolumeClaim: 'PERSISTENT_VOLUME_CLAIM',
} as const;

/** CON-12: volumes that a profile takes from YAML alone. */
function checkVolumes({ template, kind }: WorkloadForm, { profile }: FormSheet): ValidationIssue[] {
  const yamlOnly = profile.get(volumeYamlOnlyTypes);
  const message = (word: string) => `By the profile '${profile.name}' volumes of ${word} come from YAML only`;
  const volumes = (template?.volumes ?? []).flatMap(({ source }, index) =>
    (['hostPath', 'persistentVolumeClaim'] as const).flatMap((field) => {
      const word = yamlOnlyFields[field];
      if (!source?.[field] || !yamlOnly.includes(word)) return [];
      return [issue(['template', 'volumes', index, 'source', field], 'yaml_only', message(word))];
    }),
  );
  if (!yamlOnly.includes('CLASS_TEMPLATE')) return volumes;
  const templates = (['statefulSet', 'advancedStatefulSet', 'cloneSet'] as const).flatMap((field) =>
    kind?.[field]?.volumeClaimTemplates?.length
      ? [issue(['kind', field, 'volumeClaimTemplates'], 'yaml_only', message('CLASS_TEMPLATE'))]
      : [],
  );
  return [...volumes, ...templates];
}
