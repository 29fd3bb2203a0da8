import { forbidden } from '../../api/status-error.ts';
import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities, nanosOf } from '../../machinery/quantity.ts';
import { sumQuantities } from '../../machinery/sum-quantities.ts';
import type { ClusterObject, ResourceDefinition } from '../../store/types.ts';
import { matchesQuotaScopes } from '../quota/matches-quota-scopes.ts';
import { measureUsage, resourceOfQuotaName, type Usage } from '../quota/measure-usage.ts';
import type { StrategyEnvironment } from '../resource-strategy.ts';

/** Kinds whose changes may use more than before; all others are counted at creation only. */
const measuredOnUpdate = new Set(['services', 'persistentvolumeclaims']);
/** A quota of these makes every container say what it wants. */
const mustSpecify = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory'];

/** A quota that a write charges, with what it will have been used afterwards. */
export interface Charge {
  readonly quota: ClusterObject;
  readonly used: JsonObject;
}

/**
 * Refuses what no ResourceQuota of the namespace has room for, else says what to write into their status, in the same
 * turn (admission plugin ResourceQuota). Throws `StatusError` 403.
 */
export function admitByQuotas(
  definition: ResourceDefinition,
  next: ClusterObject,
  current: ClusterObject | undefined,
  quotas: readonly ClusterObject[],
  environment: StrategyEnvironment,
): readonly Charge[] {
  if (quotas.length === 0 || (current !== undefined && !measuredOnUpdate.has(definition.plural))) return [];
  const nowMs = Date.parse(environment.now());
  const measure = (object: ClusterObject): Usage => measureUsage(definition.group, definition.plural, object, nowMs);
  const usage = measure(next);
  const before = current === undefined ? {} : measure(current);
  const refuse = (why: string): Error => forbidden(definition, next.metadata.name, why);
  const charges: Charge[] = [];
  for (const quota of quotas) {
    const hard = asObject(asObject(quota.spec)?.hard) ?? {};
    const isPod = definition.group === '' && definition.plural === 'pods';
    const isInScope = matchesQuotaScopes(quota, next);
    const names = Object.keys(hard).filter((name) => usage[name] !== undefined || (isPod && isOfPods(name)));
    if (!isInScope || names.length === 0) continue;
    if (isPod) {
      const missing = unspecified(next, names);
      if (missing !== '') throw refuse(`failed quota: ${quota.metadata.name}: must specify ${missing}`);
    }
    const wanted = Object.fromEntries(
      names.map((name) => [name, sumQuantities([usage[name] ?? '0', `-${before[name] ?? '0'}`])]),
    );
    const asked = Object.keys(wanted).filter((name) => nanosOf(wanted[name]) > 0n);
    if (asked.length === 0) continue;
    const used = usedOf(quota, environment, nowMs);
    const after: JsonObject = { ...used };
    for (const name of asked) after[name] = sumQuantities([used[name] ?? '0', wanted[name]]);
    const exceeded = asked.filter((name) => compareQuantities(after[name], hard[name]) > 0).sort();
    if (exceeded.length > 0) {
      const print = (from: JsonObject): string =>
        exceeded.map((name) => `${name}=${String(from[name] ?? '0')}`).join(',');
      throw refuse(
        `exceeded quota: ${quota.metadata.name}, requested: ${print(wanted)}, used: ${print(used)}, limited: ${print(hard)}`,
      );
    }
    charges.push({ quota, used: after });
  }
  return charges;
}

/** What the status says is used; what it does not say yet is counted. */
function usedOf(quota: ClusterObject, environment: StrategyEnvironment, nowMs: number): JsonObject {
  const known = asObject(asObject(quota.status)?.used) ?? {};
  const used: JsonObject = { ...known };
  for (const name of Object.keys(asObject(asObject(quota.spec)?.hard) ?? {})) {
    if (used[name] !== undefined) continue;
    const [plural = '', ...group] = resourceOfQuotaName(name).split('.');
    const objects = environment.list(group.join('.'), plural, quota.metadata.namespace);
    const counted = objects
      .filter((object) => matchesQuotaScopes(quota, object))
      .map((object) => measureUsage(group.join('.'), plural, object, nowMs)[name]);
    used[name] = sumQuantities(counted.filter((quantity) => quantity !== undefined));
  }
  return used;
}

function isOfPods(name: string): boolean {
  return resourceOfQuotaName(name) === 'pods';
}

/** `limits.cpu for: a,b; requests.cpu for: a`: what containers leave open that the quota counts. */
function unspecified(pod: ClusterObject, names: readonly string[]): string {
  const spec = asObject(pod.spec) ?? {};
  if (spec.resources !== undefined) return '';
  const containers = [...asObjectList(spec.containers), ...asObjectList(spec.initContainers)];
  return mustSpecify
    .filter((name) => names.includes(name))
    .map((name) => {
      const isLimit = name.startsWith('limits.');
      const key = name.replace(/^(limits|requests)\./, '');
      const open = containers
        .filter(({ resources }) => {
          const part = asObject(asObject(resources)?.[isLimit ? 'limits' : 'requests']);
          return part?.[key] === undefined;
        })
        .map((container) => asString(container.name) ?? '');
      return open.length === 0 ? '' : `${name} for: ${[...new Set(open)].sort().join(',')}`;
    })
    .filter((part) => part !== '')
    .join('; ');
}
