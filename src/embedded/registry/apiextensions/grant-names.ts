import { asList, asObject, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { DefinitionCondition } from './definition-conditions.ts';

export interface GrantedNames {
  readonly acceptedNames: JsonObject;
  readonly condition: DefinitionCondition;
}

/**
 * Which of the names it wants a definition gets (`status.acceptedNames`): what another definition of the group holds
 * stays with that one. `others` are the accepted names of the rest of the group.
 */
export function grantNames(wanted: JsonObject, held: JsonObject, others: readonly JsonObject[]): GrantedNames {
  const resources = new Set<unknown>(
    others.flatMap((names) => [names.plural, names.singular, ...asList(names.shortNames)]),
  );
  const kinds = new Set<unknown>(others.flatMap((names) => [names.kind, names.listKind]));
  const granted: JsonObject = { ...held };
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const isFree = (name: unknown, own: unknown, taken: ReadonlySet<unknown>): boolean =>
    name === own || !taken.has(name);
  const grant = (field: string, reason: string, taken: ReadonlySet<unknown>): void => {
    if (isFree(wanted[field], held[field], taken)) granted[field] = wanted[field];
    else conflict = { reason, message: `${JSON.stringify(asString(wanted[field]))} is already in use` };
  };
  grant('plural', 'PluralConflict', resources);
  grant('singular', 'SingularConflict', resources);
  if (!isEqualJson(wanted.shortNames ?? [], held.shortNames ?? [])) {
    const own = asList(held.shortNames);
    const taken = asList(wanted.shortNames).filter((name) => !own.includes(name) && resources.has(name));
    if (taken.length === 0) granted.shortNames = wanted.shortNames;
    else {
      const sentences = taken.map((name) => `${JSON.stringify(name)} is already in use`);
      const message = sentences.length === 1 ? (sentences[0] ?? '') : `[${sentences.join(', ')}]`;
      conflict = { reason: 'ShortNamesConflict', message };
    }
  }
  grant('kind', 'KindConflict', kinds);
  grant('listKind', 'ListKindConflict', kinds);
  granted.categories = wanted.categories;
  return {
    acceptedNames: inOrder(granted),
    condition: {
      type: 'NamesAccepted',
      status: conflict === undefined ? 'True' : 'False',
      ...(conflict ?? { reason: 'NoConflicts', message: 'no conflicts found' }),
    },
  };
}

/** Whether the names say the same, whatever the order of their fields. */
export function areSameNames(left: JsonObject | undefined, right: JsonObject | undefined): boolean {
  return isEqualJson(inOrder(left ?? {}), inOrder(right ?? {}));
}

function inOrder(names: JsonObject): JsonObject {
  const { plural = '', singular, shortNames, kind = '', listKind, categories } = names;
  return {
    plural,
    ...(singular === undefined ? {} : { singular }),
    ...(asList(shortNames).length === 0 ? {} : { shortNames }),
    kind,
    ...(listKind === undefined ? {} : { listKind }),
    ...(asList(categories).length === 0 ? {} : { categories }),
  };
}

export function acceptedNamesOf(definition: Readonly<Record<string, unknown>>): JsonObject {
  return asObject(asObject(definition.status)?.acceptedNames) ?? {};
}
