import { checkManifest } from './check-manifest.ts';
import { findCircle } from './find-circle.ts';
import type { PluginManifest } from './manifest.ts';
import { PluginError } from './plugin-error.ts';
import { linksOf, sortByLinks } from './plugin-links.ts';
import { satisfiesRange } from './semver-range.ts';
import { isOptionalRef } from './service-ref.ts';

/** A plugin that was found, before anything of it has run. */
export interface PluginCandidate {
  readonly manifest: PluginManifest;
  /** Configured `optional: true`: the gateway may start without it. */
  readonly isOptional: boolean;
  /** How the configuration names it: a built-in name, a package or a path. */
  readonly from: string;
}

/** A plugin that stays out: FAILED by its own fault, DISABLED because something it needs is out. */
export interface PluginOut<Candidate> {
  readonly candidate: Candidate;
  readonly state: 'FAILED' | 'DISABLED';
  readonly reason: string;
}

export interface PluginPlan<Candidate> {
  /** What a plugin needs comes before it; among equals the names decide. */
  readonly order: readonly Candidate[];
  readonly out: readonly PluginOut<Candidate>[];
}

/**
 * Decides which plugins start and in which order, from their manifests alone. Plugins that fail and are optional stay
 * out with everything that needs them; any other failure throws `PluginError` with one sentence for each.
 * `missing`: names of optional plugins that could not even be loaded, with the reason.
 */
export function planPlugins<Candidate extends PluginCandidate>(
  candidates: readonly Candidate[],
  missing: ReadonlyMap<string, string> = new Map(),
): PluginPlan<Candidate> {
  const out: PluginOut<Candidate>[] = [];
  const fatal: string[] = [];
  let alive = [...candidates].sort((a, b) => compareText(a.manifest.name, b.manifest.name));

  function remove(faults: readonly Fault<Candidate>[]): void {
    for (const { candidate, state, reason } of faults) {
      if (state === 'FAILED' && !candidate.isOptional) fatal.push(reason);
      out.push({ candidate, state, reason });
    }
    const gone = new Set(faults.map(({ candidate }) => candidate));
    alive = alive.filter((candidate) => !gone.has(candidate));
  }

  remove(
    alive.flatMap((candidate) =>
      checkManifest(candidate.manifest)
        .slice(0, 1)
        .map((reason) => failed(candidate, reason)),
    ),
  );
  remove(duplicateNames(alive));
  remove(duplicateProviders(alive));
  for (let faults = unmetNeeds(alive, out, missing); faults.length > 0; faults = unmetNeeds(alive, out, missing))
    remove(faults);
  for (let circle = findCircle(alive, linksOf(alive)); circle; circle = findCircle(alive, linksOf(alive))) {
    const reason = `Plugins need each other in a circle: ${circle.map(({ text }) => text).join(', ')}. Remove one of these links.`;
    const members = circle.map(({ from }) => from);
    // One sentence is enough for one circle.
    const accused = members.find(({ isOptional }) => !isOptional);
    if (accused) fatal.push(reason);
    remove(members.map((candidate) => ({ candidate, state: 'DISABLED' as const, reason })));
    for (let faults = unmetNeeds(alive, out, missing); faults.length > 0; faults = unmetNeeds(alive, out, missing))
      remove(faults);
  }
  if (fatal.length > 0) throw new PluginError(fatal);
  return { order: sortByLinks(alive), out };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

type Fault<Candidate> = PluginOut<Candidate>;

function failed<Candidate>(candidate: Candidate, reason: string): Fault<Candidate> {
  return { candidate, state: 'FAILED', reason };
}

function duplicateNames<Candidate extends PluginCandidate>(alive: readonly Candidate[]): Fault<Candidate>[] {
  return alive.flatMap((candidate) => {
    const { name } = candidate.manifest;
    const first = alive.find(({ manifest }) => manifest.name === name);
    if (first === candidate || !first) return [];
    return [
      failed(
        candidate,
        `Two plugins are called '${name}': '${first.from}' and '${candidate.from}'. Remove one of them from plugins.`,
      ),
    ];
  });
}

function duplicateProviders<Candidate extends PluginCandidate>(alive: readonly Candidate[]): Fault<Candidate>[] {
  const providers = new Map<string, string>();
  return alive.flatMap((candidate) => {
    const { name, services = [] } = candidate.manifest;
    for (const { id } of services) {
      const first = providers.get(id);
      if (first !== undefined) {
        return [
          failed(
            candidate,
            `Plugins '${first}' and '${name}' both provide service '${id}'. Remove one of them from plugins.`,
          ),
        ];
      }
      providers.set(id, name);
    }
    return [];
  });
}

/** The plugins that need what is not there. A need for something that is out disables; any other is a failure. */
function unmetNeeds<Candidate extends PluginCandidate>(
  alive: readonly Candidate[],
  out: readonly PluginOut<Candidate>[],
  missing: ReadonlyMap<string, string>,
): Fault<Candidate>[] {
  const byName = new Map(alive.map((candidate) => [candidate.manifest.name, candidate.manifest]));
  const provided = new Set(alive.flatMap(({ manifest }) => (manifest.services ?? []).map(({ id }) => id)));
  const outByName = new Map(out.map(({ candidate }) => [candidate.manifest.name, candidate.manifest]));

  function faultOf(candidate: Candidate): Fault<Candidate> | undefined {
    const { name, requires = {}, optional = {}, uses = {} } = candidate.manifest;
    for (const [needed, range] of Object.entries(requires)) {
      const found = byName.get(needed);
      if (found) {
        const clash = versionClash(candidate.manifest, 'requires', found, range);
        if (clash) return failed(candidate, clash);
      } else if (outByName.has(needed) || missing.has(needed)) {
        return {
          candidate,
          state: 'DISABLED',
          reason: `Plugin '${name}' requires plugin '${needed}', which is not running.`,
        };
      } else {
        return failed(
          candidate,
          `Plugin '${name}' requires plugin '${needed}' (${range}), which is not installed. Add '${needed}' to plugins.`,
        );
      }
    }
    for (const [wanted, range] of Object.entries(optional)) {
      const found = byName.get(wanted);
      const clash = found && versionClash(candidate.manifest, 'can work with', found, range);
      if (clash) return failed(candidate, clash);
    }
    for (const ref of Object.values(uses)) {
      if (isOptionalRef(ref) || provided.has(ref.id)) continue;
      const owner = ref.id.split('.')[0] ?? ref.id;
      const lost = [...outByName.values()].find(({ services = [] }) => services.some(({ id }) => id === ref.id));
      if (lost || missing.has(owner)) {
        const reason = `Plugin '${name}' uses service '${ref.id}' of plugin '${lost?.name ?? owner}', which is not running.`;
        return { candidate, state: 'DISABLED', reason };
      }
      const present = byName.get(owner);
      const cure = present
        ? `Plugin '${owner}' ${present.version} is installed but lists no such service: check which version '${name}' was made for.`
        : `Add '${owner}' to plugins.`;
      return failed(
        candidate,
        `Plugin '${name}' uses service '${ref.id}', which no installed plugin provides. ${cure}`,
      );
    }
    return undefined;
  }

  return alive.flatMap((candidate) => faultOf(candidate) ?? []);
}

function versionClash(
  manifest: PluginManifest,
  verb: string,
  found: PluginManifest,
  range: string,
): string | undefined {
  if (satisfiesRange(found.version, range) !== false) return undefined;
  return (
    `Plugin '${manifest.name}' ${verb} plugin '${found.name}' ${range}, but ${found.version} is installed. ` +
    `Install a '${found.name}' in that range, or a '${manifest.name}' made for ${found.version}.`
  );
}
