import { logsRetentionDays, logstoreRetentionDaysMax } from '../../profile-keys/retention.ts';
import { type Draft, isJson, type Json, listAt } from './draft.ts';
import type { Maybe } from './maybe.ts';

/** What is collected of a container's logs (CMP-63). */
export interface LogCollectionForm {
  readonly standardOutput?: Maybe<boolean>;
  readonly files?: Maybe<readonly { readonly directory: string; readonly pattern: string }[]>;
  readonly logStore?: Maybe<string>;
  readonly retentionDays?: Maybe<number>;
}

/**
 * Annotation of a pod template that says what is collected, as JSON by container:
 * `{"web":{"standardOutput":true,"files":[{"directory":"/home/admin","pattern":"*.log"}],"logStore":"app","retentionDays":14}}`.
 * Collectors on the nodes read it from the pods.
 */
export const logCollectionAnnotation = 'longshore.dev/log-collection';

interface Collected {
  readonly name: string;
  /** Where the container stands in the input. */
  readonly from: readonly (string | number)[];
  readonly form: Maybe<LogCollectionForm>;
}

/** Writes what is collected of these containers; of the others it stays, as long as they are there. */
export function writeLogCollection(template: Draft, containers: readonly Collected[]): void {
  const spec = isJson(template.object.spec) ? template.object.spec : {};
  const there = new Set([...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')].map(({ name }) => name));
  template.inside('metadata', [], (metadata) => {
    metadata.inside('annotations', [], (annotations) => {
      const before = readLogCollection(annotations.object[logCollectionAnnotation]);
      const given = containers.filter(({ form }) => form !== undefined);
      if (given.length === 0 && Object.keys(before).every((name) => there.has(name))) return;
      const after = Object.fromEntries(Object.entries(before).filter(([name]) => there.has(name)));
      for (const { name, from, form } of given) {
        if (form) after[name] = collect(annotations, from, form);
        else delete after[name];
      }
      annotations.set(logCollectionAnnotation, Object.keys(after).length > 0 ? JSON.stringify(after) : null, []);
    });
  });
}

/** By container, what the annotation says; nothing where it cannot be read. */
export function readLogCollection(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : {};
  } catch {
    return {};
  }
}

function collect(draft: Draft, from: Collected['from'], form: LogCollectionForm): Json {
  const { profile } = draft.sheet;
  const max = profile.get(logstoreRetentionDaysMax);
  const days = form.retentionDays ?? profile.get(logsRetentionDays);
  if (days !== null && (days < 1 || (max !== null && days > max))) {
    const most = max === null ? 'from 1' : `1 to ${max}`;
    const message = `retentionDays must be ${most} by the profile '${profile.name}', got ${days}`;
    draft.refuse([...from, 'retentionDays'], 'out_of_range', message);
  }
  for (const [index, { directory }] of (form.files ?? []).entries()) {
    if (directory.startsWith('/')) continue;
    const message = `directory must be an absolute path in the container, got '${directory}'`;
    draft.refuse([...from, 'files', index, 'directory'], 'invalid_path', message);
  }
  return {
    standardOutput: form.standardOutput ?? true,
    ...(form.files?.length ? { files: form.files.map(({ directory, pattern }) => ({ directory, pattern })) } : {}),
    ...(form.logStore ? { logStore: form.logStore } : {}),
    ...(days === null ? {} : { retentionDays: days }),
  };
}
