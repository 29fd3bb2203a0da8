import { ValidationError, type ValidationIssue } from 'longshore/sdk';

/** One service of an order that is to be made. */
export interface PlannedRelease {
  readonly serviceId: string;
  /** Names for messages. */
  readonly name: string;
  /** Ids of services of the same order that come first. */
  readonly dependsOn: readonly string[];
}

/**
 * What stands against the services of an order by itself (REL-20): one that is there twice, a dependency on one that is not in it or on
 * itself, and a cycle, with its names. Linear in services and dependencies. Pure.
 */
export function checkDependencies(services: readonly PlannedRelease[]): readonly ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const seen = new Map<string, number>();
  services.forEach(({ serviceId, name }, index) => {
    if (seen.has(serviceId)) {
      issues.push({ path: ['services', index], code: 'twice', message: `'${name}' is in the order twice` });
    } else seen.set(serviceId, index);
  });
  services.forEach(({ dependsOn, name }, index) => {
    dependsOn.forEach((id, place) => {
      const path = ['services', index, 'dependsOn', place];
      if (!seen.has(id))
        issues.push({ path, code: 'unknown', message: `What '${name}' depends on is not in the order` });
      else if (services[index]?.serviceId === id)
        issues.push({ path, code: 'itself', message: `'${name}' depends on itself` });
    });
  });
  if (issues.length > 0) return issues;
  const cycle = findCycle(services);
  if (!cycle) return [];
  const names = cycle.map((id) => services[seen.get(id) ?? 0]?.name ?? id);
  const first = seen.get(cycle[0] ?? '') ?? 0;
  const message = `These depend on each other in a circle: ${names.join(' → ')}`;
  return [{ path: ['services', first, 'dependsOn'], code: 'cycle', message }];
}

/** The ids of a cycle, its first again at its end; undefined where there is none. Without recursion: depth is the caller's input. */
function findCycle(services: readonly PlannedRelease[]): readonly string[] | undefined {
  const edges = new Map(services.map(({ serviceId, dependsOn }) => [serviceId, dependsOn]));
  const done = new Set<string>();
  for (const { serviceId } of services) {
    const path: { readonly id: string; next: number }[] = [{ id: serviceId, next: 0 }];
    const onPath = new Set([serviceId]);
    while (path.length > 0) {
      const top = path[path.length - 1];
      if (!top) break;
      const to = done.has(top.id) ? undefined : edges.get(top.id)?.[top.next];
      top.next += 1;
      if (to === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
      } else if (onPath.has(to)) {
        const ids = path.map(({ id }) => id);
        return [...ids.slice(ids.indexOf(to)), to];
      } else {
        path.push({ id: to, next: 0 });
        onPath.add(to);
      }
    }
  }
  return undefined;
}

/** Throws `ValidationError` with what `checkDependencies` finds. */
export function requireDependencies(services: readonly PlannedRelease[]): void {
  const issues = checkDependencies(services);
  if (issues.length > 0) throw new ValidationError(issues);
}
