import type { ManifestMisfit, Profile } from 'longshore/sdk';
import {
  type ClassForm,
  type ClassParameter,
  storageClassForms,
  storageClassFormsOnly,
} from '../../profile-keys/classes.ts';
import { formOf } from './class-form.ts';
import { bindingModes } from './storage-words.ts';

/** What a class says, whatever a text says. */
export interface ToldClass {
  readonly provisioner?: unknown;
  readonly parameters?: unknown;
  readonly reclaimPolicy?: unknown;
  readonly volumeBindingMode?: unknown;
}

/** Places of the nodes of its cluster, by their labels; empty where none says where it is. */
export interface NodePlaces {
  readonly REGION: ReadonlySet<string>;
  readonly ZONE: ReadonlySet<string>;
}

/** What is wrong with a new class by the profile's contract for its parameters (STO-02). Pure; paths point into the class. */
export function judgeClass(told: ToldClass, profile: Profile, places: NodePlaces): readonly ManifestMisfit[] {
  const parameters = textsOf(told.parameters);
  const provisioner = typeof told.provisioner === 'string' ? told.provisioner : undefined;
  const form = formOf({ provisioner, parameters }, profile);
  if (!form) return profile.get(storageClassFormsOnly) ? noForm(provisioner, parameters, profile) : [];
  const mode = typeof told.volumeBindingMode === 'string' ? told.volumeBindingMode : 'Immediate';
  return [
    ...form.mustSay.flatMap((part) => checkSaid(part, told, profile)),
    ...form.parameters.flatMap((parameter) => checkParameter(parameter, parameters, mode, form, profile, places)),
    ...Object.keys(parameters)
      .filter((name) => !form.parameters.some((known) => known.name === name))
      .map((name) =>
        misfit(
          ['parameters', name],
          'unknown_parameter',
          `A class of ${form.title} has no parameter '${name}' by the profile '${profile.name}'`,
        ),
      ),
  ];
}

/** Parameters that mean nothing with the class's binding mode (STO-02). */
export function ignoredParameters(told: ToldClass, profile: Profile): readonly string[] {
  const parameters = textsOf(told.parameters);
  const form = formOf({ provisioner: String(told.provisioner), parameters }, profile);
  const mode = String(told.volumeBindingMode ?? 'Immediate');
  return (form?.parameters ?? [])
    .filter(({ name, ignoredWith }) => ignoredWith && isMode(mode, ignoredWith) && Object.hasOwn(parameters, name))
    .map(({ name }) => `The parameter '${name}' means nothing with ${mode}: the zone of the first pod counts`);
}

const misfit = (path: readonly string[], code: string, message: string): ManifestMisfit => ({ path, code, message });

function noForm(
  provisioner: string | undefined,
  parameters: Readonly<Record<string, string>>,
  profile: Profile,
): ManifestMisfit[] {
  const forms = profile.get(storageClassForms);
  const by = `by the profile '${profile.name}'`;
  const provisioners = [...new Set(forms.map((form) => form.provisioner))];
  if (provisioner === undefined || !provisioners.includes(provisioner)) {
    return [
      misfit(
        ['provisioner'],
        'not_offered',
        `provisioner must be ${provisioners.join(' or ')} ${by}, got ${provisioner ?? 'nothing'}`,
      ),
    ];
  }
  const tellers = [
    ...new Set(forms.filter((form) => form.provisioner === provisioner).flatMap(({ toldBy }) => Object.keys(toldBy))),
  ];
  return tellers.map((name) => {
    const values = forms.flatMap(({ toldBy }) => toldBy[name] ?? []);
    const got = parameters[name];
    return misfit(
      ['parameters', name],
      got === undefined ? 'required' : 'not_offered',
      `The parameter '${name}' must be ${values.join(' or ')} ${by}, got ${got ?? 'nothing'}`,
    );
  });
}

function checkSaid(part: ClassForm['mustSay'][number], told: ToldClass, profile: Profile): ManifestMisfit[] {
  const field = part === 'RECLAIM_POLICY' ? 'reclaimPolicy' : 'volumeBindingMode';
  if (told[field] !== undefined && told[field] !== null) return [];
  return [misfit([field], 'required', `${field} must be given by the profile '${profile.name}'`)];
}

function checkParameter(
  { name, isRequired, requiredWith, ignoredWith, values, place }: ClassParameter,
  parameters: Readonly<Record<string, string>>,
  mode: string,
  form: ClassForm,
  profile: Profile,
  places: NodePlaces,
): ManifestMisfit[] {
  const path = ['parameters', name];
  const value = parameters[name];
  if (value === undefined) {
    const isNeeded = isRequired || (requiredWith !== undefined && isMode(mode, requiredWith));
    const when = isRequired ? '' : ` with ${mode}`;
    return isNeeded
      ? [
          misfit(
            path,
            'required',
            `The parameter '${name}' must be given for ${form.title}${when} by the profile '${profile.name}'`,
          ),
        ]
      : [];
  }
  if (values && !values.includes(value)) {
    const message = `The parameter '${name}' must be ${values.join(' or ')} for ${form.title} by the profile '${profile.name}', got ${value}`;
    return [misfit(path, values.length === 1 ? 'fixed_value' : 'not_offered', message)];
  }
  if (!place || (ignoredWith && isMode(mode, ignoredWith))) return [];
  const known = places[place];
  if (known.size === 0 || known.has(value)) return [];
  const where = [...known].sort().join(', ');
  return [
    misfit(path, 'no_nodes', `The parameter '${name}' must be where the cluster has nodes (${where}), got ${value}`),
  ];
}

const isMode = (raw: string, mode: string): boolean => bindingModes[raw as keyof typeof bindingModes] === mode;

function textsOf(parameters: unknown): Readonly<Record<string, string>> {
  if (typeof parameters !== 'object' || parameters === null) return {};
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
