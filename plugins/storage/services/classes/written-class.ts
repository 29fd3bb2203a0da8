import type { ClassForm } from '../../profile-keys/classes.ts';
import { accessModesAnnotation, minimumSizeAnnotation } from './class-capabilities.ts';
import { defaultClassAnnotation } from './class-facts.ts';
import { type MetadataForm, metadataOf } from './new-metadata.ts';
import {
  type AccessMode,
  accessModes,
  type BindingMode,
  bindingModes,
  type ReclaimPolicy,
  rawWord,
  reclaimPolicies,
} from './storage-words.ts';

type Maybe<T> = T | null | undefined;

export interface StorageClassForm extends MetadataForm {
  readonly cluster: string;
  readonly form?: Maybe<string>;
  readonly provisioner?: Maybe<string>;
  readonly parameters?: Maybe<readonly { readonly name: string; readonly value: string }[]>;
  readonly reclaimPolicy?: Maybe<ReclaimPolicy>;
  readonly volumeBindingMode?: Maybe<BindingMode>;
  readonly allowsExpansion: boolean;
  readonly mountOptions?: Maybe<readonly string[]>;
  readonly zones?: Maybe<readonly string[]>;
  readonly isDefault: boolean;
  readonly accessModes?: Maybe<readonly AccessMode[]>;
  readonly minimumSize?: Maybe<string>;
}

export const zoneLabel = 'topology.kubernetes.io/zone';

/** The manifest of a class as its form says it; what a sort of storage fixes is filled in (STO-01, STO-02). Pure. */
export function writeClass(input: StorageClassForm, form: ClassForm | undefined): Readonly<Record<string, unknown>> {
  const given = Object.fromEntries((input.parameters ?? []).map(({ name, value }) => [name, value]));
  const parameters = { ...fixedBy(form), ...given };
  const { mountOptions, zones } = input;
  return {
    metadata: metadataOf(input, undefined, { annotations: annotationsOf(input) }),
    provisioner: input.provisioner ?? form?.provisioner,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...choice('reclaimPolicy', reclaimPolicies, input.reclaimPolicy),
    ...choice('volumeBindingMode', bindingModes, input.volumeBindingMode),
    allowVolumeExpansion: input.allowsExpansion,
    ...(mountOptions?.length ? { mountOptions } : {}),
    ...(zones?.length ? { allowedTopologies: [{ matchLabelExpressions: [{ key: zoneLabel, values: zones }] }] } : {}),
  };
}

/** What a class keeps of what its claims may ask for. */
export function capabilityAnnotations(
  modes: Maybe<readonly AccessMode[]>,
  minimumSize: Maybe<string>,
): Readonly<Record<string, string>> {
  return {
    ...(modes?.length
      ? { [accessModesAnnotation]: modes.flatMap((mode) => rawWord(accessModes, mode) ?? []).join(',') }
      : {}),
    ...(minimumSize ? { [minimumSizeAnnotation]: minimumSize } : {}),
  };
}

function annotationsOf(input: StorageClassForm): Readonly<Record<string, string>> {
  return {
    ...(input.isDefault ? { [defaultClassAnnotation]: 'true' } : {}),
    ...capabilityAnnotations(input.accessModes, input.minimumSize),
  };
}

/** Parameters that can have one value alone and must be there. */
function fixedBy(form: ClassForm | undefined): Readonly<Record<string, string>> {
  const fixed = (form?.parameters ?? []).flatMap(({ name, isRequired, values }) => {
    const [only, ...others] = values ?? [];
    return isRequired && only !== undefined && others.length === 0 ? [[name, only]] : [];
  });
  return { ...Object.fromEntries(fixed), ...form?.toldBy };
}

function choice(field: string, table: Readonly<Record<string, string>>, member: Maybe<string>): object {
  const raw = member ? rawWord(table, member) : undefined;
  return raw ? { [field]: raw } : {};
}
