/** What depends on what, by name. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/**
 * Applications in an order in which each comes behind all that it depends on; those that could begin at the same time stay as they were listed.
 * What is named and not there does not hold anything up. Where they form a cycle that is named, beginning and ending with the same.
 */
export function orderApps(
  apps: readonly Dependent[],
): { readonly order: readonly string[] } | { readonly cycle: readonly string[] } {
  const places = new Map(apps.map(({ name }, place) => [name, place]));
  const waitsFor = apps.map(({ dependsOn }) => new Set(dependsOn.flatMap((name) => places.get(name) ?? [])));
  const leadsTo: number[][] = apps.map(() => []);
  for (const [place, waits] of waitsFor.entries()) for (const other of waits) leadsTo[other]?.push(place);
  const open = waitsFor.map(({ size }) => size);
  let ready = open.flatMap((count, place) => (count === 0 ? [place] : []));
  const order: number[] = [];
  while (ready.length > 0) {
    order.push(...ready);
    const freed: number[] = [];
    for (const place of ready) {
      for (const next of leadsTo[place] ?? []) {
        open[next] = (open[next] ?? 0) - 1;
        if (open[next] === 0) freed.push(next);
      }
    }
    ready = freed.sort((a, b) => a - b);
  }
  const nameOf = (place: number): string => apps[place]?.name ?? '';
  if (order.length === apps.length) return { order: order.map(nameOf) };
  return { cycle: findCycle(waitsFor, open).map(nameOf) };
}

/** Each that is still held up waits for another such: who follows them comes round. */
function findCycle(waitsFor: readonly ReadonlySet<number>[], open: readonly number[]): readonly number[] {
  const trail: number[] = [];
  const seen = new Map<number, number>();
  let place = open.findIndex((count) => count > 0);
  while (!seen.has(place)) {
    seen.set(place, trail.length);
    trail.push(place);
    place = [...(waitsFor[place] ?? [])].find((other) => (open[other] ?? 0) > 0) ?? place;
  }
  return [...trail.slice(seen.get(place)), place];
}
