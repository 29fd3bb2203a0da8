import { explainIssues } from '../../config/explain-issues.ts';
import { didYouMean } from '../../config/nearest-word.ts';
import type { ProfileKey } from './profile-key.ts';
import type { Profile, ProfileLimit } from './profiles.ts';
import type { ProfileEntry, ProfileFile } from './read-profile-file.ts';

/** A key with the plugin that declares it. */
export interface DeclaredKey {
  readonly plugin: string;
  readonly key: ProfileKey;
}

export interface OwnedProfileFile {
  readonly file: ProfileFile;
  /** The plugin that ships the file; undefined for one that the settings name. */
  readonly plugin: string | undefined;
}

export interface ProfileParts {
  readonly keys: ReadonlyMap<string, DeclaredKey>;
  /** Names of the loaded plugins. Values of any other plugin wait until it is there. */
  readonly plugins: readonly string[];
  readonly files: readonly OwnedProfileFile[];
}

/** The profile of which every other is made, whether a file defines it or not: the defaults of all keys. */
export const defaultProfile = 'default';

interface Draft {
  readonly title: string;
  readonly description: string | undefined;
  readonly extends: string | undefined;
  readonly definedIn: ProfileFile | undefined;
  readonly values: Map<string, { readonly value: unknown; readonly at: string }>;
}

/** Makes profiles of files. What is wrong is told all at once, one line each; what is wrong is left out of the profiles. */
export function mergeProfiles(parts: ProfileParts): {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const drafts = draftProfiles(parts.files, problems);
  for (const { file, plugin } of parts.files) {
    const draft = drafts.get(file.name);
    if (!draft) continue;
    for (const entry of file.entries) {
      if (plugin !== undefined && file.title === undefined && entry.plugin !== plugin) {
        problems.push(
          `${entry.placeOf()}: plugin '${plugin}' may not add values of plugin '${entry.plugin}' to a profile that it does not define`,
        );
        continue;
      }
      const problem = placeEntry(entry, draft, parts);
      problems.push(...problem);
    }
  }
  checkParents(drafts, problems);
  return { profiles: resolveAll(drafts, parts.keys), problems };
}

function draftProfiles(files: readonly OwnedProfileFile[], problems: string[]): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const { file } of files) {
    const { name, title, description } = file;
    if (title === undefined) continue;
    const other = drafts.get(name)?.definedIn;
    if (other) {
      problems.push(
        `${file.placeOf('name')}: profile '${name}' is defined already, in ${other.path}; choose another name`,
      );
      continue;
    }
    if (name === defaultProfile && file.extends !== undefined)
      problems.push(
        `${file.placeOf('extends')}: profile '${defaultProfile}' is what all others extend, and extends none`,
      );
    const parent = name === defaultProfile ? undefined : (file.extends ?? defaultProfile);
    drafts.set(name, { title, description, extends: parent, definedIn: file, values: new Map() });
  }
  if (!drafts.has(defaultProfile)) {
    drafts.set(defaultProfile, {
      title: 'Default',
      description: undefined,
      extends: undefined,
      definedIn: undefined,
      values: new Map(),
    });
  }
  for (const { file, plugin } of files) {
    if (file.title !== undefined) continue;
    if (plugin === undefined)
      problems.push(`${file.placeOf('name')}: title is missing: it must be a text of 1 to 200 characters`);
    else if (!drafts.has(file.name))
      problems.push(
        `${file.placeOf('name')}: no file defines the profile '${file.name}'${didYouMean(file.name, drafts.keys())}; give it a title to define it here`,
      );
    else if (file.extends !== undefined || file.description !== undefined)
      problems.push(
        `${file.path}: extends and description belong to the file that defines the profile, with its title`,
      );
  }
  return drafts;
}

function placeEntry(entry: ProfileEntry, draft: Draft, { keys, plugins }: ProfileParts): string[] {
  const { plugin, key } = entry;
  if (!plugins.includes(plugin)) {
    // What is nearly the name of a loaded plugin was meant to be it; anything else is there for when its plugin is.
    const hint = didYouMean(plugin, plugins);
    return hint ? [`${entry.placeOf()}: no plugin '${plugin}' is loaded${hint}`] : [];
  }
  const declared = keys.get(key);
  if (!declared || declared.plugin !== plugin) {
    const own = [...keys.values()].filter((each) => each.plugin === plugin).map((each) => each.key.name);
    const hint = declared ? `; it is one of plugin '${declared.plugin}'` : didYouMean(key, own);
    return [`${entry.placeOf()}: '${key}' is no profile key of plugin '${plugin}'${hint}`];
  }
  const parsed = declared.key.schema.safeParse(entry.value, { reportInput: false });
  if (!parsed.success) {
    return parsed.error.issues.flatMap((issue) =>
      explainIssues(declared.key.schema, [issue], { input: entry.value, prefix: key }).map(
        (problem) => `${entry.placeOf(issue.path)}: ${problem}`,
      ),
    );
  }
  const other = draft.values.get(key);
  if (other) return [`${entry.placeOf()}: '${key}' is set already, at ${other.at}`];
  draft.values.set(key, { value: parsed.data, at: entry.placeOf() });
  return [];
}

function checkParents(drafts: Map<string, Draft>, problems: string[]): void {
  const inCircle = new Set<string>();
  for (const [name, draft] of drafts) {
    const { extends: parent, definedIn } = draft;
    if (parent !== undefined && !drafts.has(parent)) {
      const place = definedIn?.placeOf('extends') ?? name;
      problems.push(
        `${place}: profile '${name}' extends '${parent}', which is no profile${didYouMean(parent, drafts.keys())}`,
      );
      continue;
    }
    const chain = chainOf(name, drafts);
    const last = chain.at(-1) ?? name;
    if (chain.indexOf(last) === chain.length - 1 || inCircle.has(last)) continue;
    const circle = chain.slice(chain.indexOf(last));
    for (const member of circle) inCircle.add(member);
    problems.push(
      `${drafts.get(last)?.definedIn?.placeOf('extends') ?? last}: profiles extend each other in a circle: ${circle.join(' → ')}`,
    );
  }
}

/** The profile, what it extends, and so on; where that is a circle it ends with the first name that stands there already. */
function chainOf(name: string, drafts: ReadonlyMap<string, Draft>): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = name; at !== undefined; at = drafts.get(at)?.extends) {
    const isKnown = chain.includes(at);
    chain.push(at);
    if (isKnown) break;
  }
  return chain;
}

function resolveAll(
  drafts: ReadonlyMap<string, Draft>,
  keys: ReadonlyMap<string, DeclaredKey>,
): ReadonlyMap<string, Profile> {
  const sorted = [...keys.values()].sort((a, b) => compareText(a.key.name, b.key.name));
  const names = [...drafts.keys()].sort(compareText);
  return new Map(names.map((name) => [name, resolveOne(name, drafts, sorted)]));
}

function resolveOne(name: string, drafts: ReadonlyMap<string, Draft>, keys: readonly DeclaredKey[]): Profile {
  const { title = name, description, extends: parent } = drafts.get(name) ?? {};
  const chain = [...new Set(chainOf(name, drafts))];
  const limits = keys.map(({ key, plugin }): ProfileLimit => {
    const setBy = chain.find((each) => drafts.get(each)?.values.has(key.name));
    const set = setBy === undefined ? undefined : drafts.get(setBy)?.values.get(key.name);
    return { key, plugin, value: set ? set.value : key.default, setBy };
  });
  const values = new Map(limits.map((limit) => [limit.key.name, limit.value]));
  return {
    name,
    title,
    description,
    extends: parent,
    limits,
    get<T>(key: ProfileKey<T>): T {
      if (!values.has(key.name)) {
        throw new Error(`No loaded plugin declares the profile key '${key.name}'. Add it to its profileKeys.`);
      }
      // The key's own schema has checked the value.
      return values.get(key.name) as T;
    },
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
