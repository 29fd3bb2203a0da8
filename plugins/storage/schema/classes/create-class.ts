import { descriptionText } from 'longshore/plugins/core';
import {
  checkText,
  isOfKind,
  type KindRef,
  type LongshoreBuilder,
  objectSuccess,
  type Profile,
  type RequestContext,
  registerMutation,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import { type StorageClassObject, storageClassKind, storageClassTypeRef } from '../../api.ts';
import { type ClassForm, storageClassForms, storageClassName } from '../../profile-keys/classes.ts';
import { bytesOf } from '../../services/classes/bytes-of.ts';
import { defaultClassOf } from '../../services/classes/class-facts.ts';
import { loadNodePlaces } from '../../services/classes/class-manifest-check.ts';
import { ignoredParameters, judgeClass } from '../../services/classes/judge-class.ts';
import { checkMetadata } from '../../services/classes/new-metadata.ts';
import { idOfNew, newTarget } from '../../services/classes/new-target.ts';
import { type StorageClassForm, writeClass } from '../../services/classes/written-class.ts';
import { newMetadataFields } from './metadata-fields.ts';
import { parameterInputRef } from './parameter-input.ts';
import { accessModeRef, bindingModeRef, reclaimPolicyRef } from './storage-enums.ts';

/** Making a class by form (STO-01), by the contract of the profile where it has one (STO-02). */
export function registerCreateClass(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createStorageClass',
    description:
      'Makes a StorageClass. Where the profile knows the sort of storage (`storageClassForms`) its contract is checked, and with `form` what it fixes is filled in; elsewhere parameters are free (STO-01, STO-02).',
    allow: { action: 'CREATE', subject: subjectOf(storageClassKind) },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name, by `storageClass.name` of the profile.' }),
      ...newMetadataFields(t),
      form: t.string({
        description: 'The sort of storage, one of `storageClassForms`: what it fixes need not be given.',
      }),
      provisioner: t.string({ description: 'Who makes its volumes: a driver, by its name. Needed without `form`.' }),
      parameters: t.field({ type: [parameterInputRef], description: 'What the provisioner is told.' }),
      reclaimPolicy: t.field({
        type: reclaimPolicyRef,
        description: 'DELETE or RETAIN; DELETE where it is not given, unless the profile wants it given.',
      }),
      volumeBindingMode: t.field({
        type: bindingModeRef,
        description: 'When volumes are made; IMMEDIATE where it is not given, unless the profile wants it given.',
      }),
      allowsExpansion: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether claims of it may grow.',
      }),
      mountOptions: t.stringList({ description: 'Options that its volumes are mounted with.' }),
      zones: t.stringList({
        description: 'Zones in which volumes are made (`topology.kubernetes.io/zone`); all where none is given.',
      }),
      isDefault: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether claims that name no class get it; of several marked classes the newest counts.',
      }),
      accessModes: t.field({
        type: [accessModeRef],
        description: 'Access modes that its claims may have, where the profile does not say: others are refused early.',
      }),
      minimumSize: t.field({ type: 'Quantity', description: 'The least that its claims may ask for.' }),
    }),
    success: objectSuccess('The class was made.', 'storageClass', storageClassTypeRef),
    validate: (input) => [...checkMetadata(input as never), ...checkInput(input as never)],
    load: (input, context) => newTarget(storageClassKind as KindRef, input, context),
    check: async (input, _cluster, context) => {
      const given = input as unknown as StorageClassForm;
      const profile = context.services.profiles.at({ cluster: given.cluster });
      const form = formNamed(given, profile);
      const problems = [
        ...checkText(profile.get(storageClassName), 'name', given.name),
        ...checkText(profile.get(descriptionText), 'description', given.description ?? ''),
      ];
      if (given.form && !form) {
        const known = profile.get(storageClassForms).map(({ name }) => name);
        const offered = known.length > 0 ? `one of ${known.join(', ')}` : 'left out: it has none';
        return [
          ...problems,
          { path: ['form'], code: 'unknown_form', message: `form must be ${offered} by the profile '${profile.name}'` },
        ];
      }
      const manifest = writeClass(given, form);
      if (!manifest.provisioner) {
        return [...problems, { path: ['provisioner'], code: 'required', message: 'provisioner must name a driver' }];
      }
      const misfits = judgeClass(manifest, profile, await loadNodePlaces(given.cluster, context));
      return [...problems, ...misfits.map((misfit) => ({ ...misfit, path: toInput(misfit.path, given) }))];
    },
    run: async (input, cluster, ticket, context) => {
      const given = input as unknown as StorageClassForm;
      const profile = context.services.profiles.at({ cluster: cluster.name });
      const manifest = writeClass(given, formNamed(given, profile));
      const { object, warnings } = await cluster.writer(context.principal).create(ticket, storageClassKind, manifest);
      const told = [...ignoredParameters(manifest, profile), ...(await tellOfDefault(given, context))];
      return {
        value: object as StorageClassObject,
        resultId: idOfNew(storageClassKind as KindRef, {
          cluster: cluster.name,
          namespace: undefined,
          name: given.name,
        }),
        before: undefined,
        after: object,
        warnings: [...told, ...warnings],
      };
    },
    replay: (node): StorageClassObject | null => (isOfKind(node, storageClassKind) ? node : null),
  });
}

const formNamed = ({ form }: StorageClassForm, profile: Profile): ClassForm | undefined =>
  form ? profile.get(storageClassForms).find(({ name }) => name === form) : undefined;

function checkInput({
  parameters,
  reclaimPolicy,
  volumeBindingMode,
  minimumSize,
}: StorageClassForm): ValidationIssue[] {
  const seen = new Set<string>();
  const twice = (parameters ?? []).flatMap(({ name }, index): ValidationIssue[] => {
    const isTwice = seen.has(name);
    seen.add(name);
    return isTwice
      ? [{ path: ['parameters', index, 'name'], code: 'duplicate', message: `The parameter '${name}' is given twice` }]
      : [];
  });
  const issue = (field: string, message: string): ValidationIssue => ({ path: [field], code: 'not_offered', message });
  return [
    ...twice,
    ...(reclaimPolicy === 'UNKNOWN' || reclaimPolicy === 'RECYCLE'
      ? [issue('reclaimPolicy', 'reclaimPolicy must be DELETE or RETAIN')]
      : []),
    ...(volumeBindingMode === 'UNKNOWN'
      ? [issue('volumeBindingMode', 'volumeBindingMode must be IMMEDIATE or WAIT_FOR_FIRST_CONSUMER')]
      : []),
    ...(minimumSize && (bytesOf(minimumSize) ?? 0) < 0
      ? [issue('minimumSize', 'minimumSize must not be below nothing')]
      : []),
  ];
}

/** Where the input has what stands at a place of the class. */
function toInput(path: readonly (string | number)[], { parameters }: StorageClassForm): readonly (string | number)[] {
  const [field, name] = path;
  if (field !== 'parameters' || name === undefined) return path;
  const index = (parameters ?? []).findIndex((parameter) => parameter.name === name);
  return index < 0 ? ['parameters'] : ['parameters', index, 'value'];
}

async function tellOfDefault(
  { cluster, name, isDefault }: StorageClassForm,
  context: RequestContext,
): Promise<string[]> {
  if (!isDefault) return [];
  const { items } = await context.kube(cluster).list(storageClassKind);
  const other = defaultClassOf(items.filter(({ metadata }) => metadata.name !== name));
  return other
    ? [`The class '${other.metadata.name}' is marked as the one of claims that name none, too: the newest counts.`]
    : [];
}
