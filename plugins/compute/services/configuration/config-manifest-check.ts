import {
  checkText,
  type ManifestCheck,
  type ManifestMisfit,
  type RequestContext,
  type TextRule,
  type WrittenObject,
} from 'longshore/sdk';
import { secretTypes, secretValues } from '../../profile-keys/configuration.ts';
import { configKeyName, configName, secretName } from '../../profile-keys/names.ts';
import { configKeysOf } from './config-keys.ts';
import { isSecretEditable, whyNotEditable } from './require-editable.ts';
import { tellUsers } from './tell-users.ts';

/** What these rules say is true in every cluster. */
type Written = Omit<WrittenObject, 'cluster'>;

/** What the forms for ConfigMaps and Secrets refuse, YAML does not bring in either. */
export const configManifestCheck = {
  subjects: ['core/ConfigMap', 'core/Secret'],
  check(written: Written): readonly ManifestMisfit[] {
    const isSecret = written.kind.kind === 'Secret';
    return [
      ...checkName(written, written.profile.get(isSecret ? secretName : configName)),
      ...checkKeys(written),
      ...(isSecret ? [...checkType(written), ...checkEditable(written), ...checkEncoded(written)] : []),
    ];
  },
  tell: (written: Written, context: RequestContext) => {
    const { existing } = written;
    const changed = existing ? changedKeys(written, existing) : [];
    return existing && changed.length > 0 ? tellUsers(existing, changed, context) : [];
  },
} satisfies ManifestCheck;

const fields = ['data', 'binaryData', 'stringData'] as const;

/** Keys that get another value, or with `EDIT` none at all; of a Secret, whose values nobody knows here, each that gets one. */
function changedKeys({ object, kind, road }: Written, existing: object): readonly string[] {
  const valueIn = (of: object, key: string) => fields.map((field) => valuesOf(of, field)[key]);
  const isSame = (key: string) =>
    kind.kind !== 'Secret' && valueIn(object, key).every((value, at) => value === valueIn(existing, key)[at]);
  const set = configKeysOf(object).filter((key) => !isSame(key));
  if (road !== 'EDIT') return set;
  const kept = new Set(configKeysOf(object));
  return [...set, ...configKeysOf(existing).filter((key) => !kept.has(key))];
}

function valuesOf(object: object, field: (typeof fields)[number]): Readonly<Record<string, unknown>> {
  const values = (object as Readonly<Record<string, unknown>>)[field];
  return typeof values === 'object' && values !== null ? (values as Readonly<Record<string, unknown>>) : {};
}

/** CMP-89, CMP-96: what is there already keeps its name. */
function checkName({ existing, name }: Written, rule: TextRule): ManifestMisfit[] {
  if (existing) return [];
  return checkText(rule, ['metadata', 'name'], name).map(toMisfit);
}

/** CMP-89: names of keys that are new. */
function checkKeys({ object, existing, profile }: Written): ManifestMisfit[] {
  const rule = profile.get(configKeyName);
  const known = new Set(existing ? configKeysOf(existing) : []);
  return fields.flatMap((field) =>
    configKeysOf({ data: object[field] })
      .filter((key) => !known.has(key))
      .flatMap((key) => checkText(rule, [field, key], key).map(toMisfit)),
  );
}

/** CMP-97, CON-04: types that the profile does not offer. Those that no form knows are none of its business. */
function checkType({ object, existing, profile }: Written): ManifestMisfit[] {
  if (existing) return [];
  const type = object.type ?? 'Opaque';
  const words = typeof type === 'string' ? wordsOf[type] : undefined;
  const offered = profile.get(secretTypes);
  if (!words || words.some((word) => offered.includes(word))) return [];
  const message = `By the profile '${profile.name}' no Secret of type ${String(type)} can be made; offered are ${offered.join(', ')}`;
  return [{ path: ['type'], code: 'type_not_offered', message }];
}

const wordsOf: Readonly<Record<string, readonly ('OPAQUE' | 'REGISTRY_CREDENTIALS' | 'DOCKER_CONFIG_JSON' | 'TLS')[]>> =
  {
    Opaque: ['OPAQUE'],
    'kubernetes.io/dockerconfigjson': ['REGISTRY_CREDENTIALS', 'DOCKER_CONFIG_JSON'],
    'kubernetes.io/tls': ['TLS'],
  };

/** CMP-97: values that the profile wants as base64 stand under `data`. */
function checkEncoded({ object, profile }: Written): ManifestMisfit[] {
  if (profile.get(secretValues) === 'ANY') return [];
  return configKeysOf({ stringData: object.stringData }).map((key) => ({
    path: ['stringData', key],
    code: 'base64_required',
    message: `By the profile '${profile.name}' values of Secrets are given as base64, under data`,
  }));
}

/** CMP-98: labels and annotations too, since nothing of it is edited there. */
function checkEditable({ existing, profile }: Written): ManifestMisfit[] {
  if (!existing || isSecretEditable((existing as { readonly type?: string }).type, profile)) return [];
  const why = whyNotEditable(profile);
  return [{ path: ['kind'], code: 'not_editable', message: `${why.charAt(0).toUpperCase()}${why.slice(1)}` }];
}

const toMisfit = ({ path, code, message }: ManifestMisfit): ManifestMisfit => ({ path, code, message });
